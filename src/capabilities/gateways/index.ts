/**
 * Gateways 自动接入: the ways in that fetch for themselves, for authorities whose systems cannot call: watched folders and
 * exchange tables (前置库) in the authority's own PostgreSQL; and the formats in which one upload reaches every receiver
 * (一口入、多口出). It promises that what lies there is taken once however often it is looked at and whoever looks, that each
 * file and row is answered where it came from, and that one that cannot be read holds up no other. It never changes what
 * the authority wrote, and never tells a password.
 */
import type { Runtime } from '../../platform/context.ts'
import type { Gauge } from '../../platform/metrics.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'
import { countByHealth } from './store.ts'

export { tableScript } from './rules.ts'
export { runGateways } from './run.ts'
export { addFolder, addTable } from './service.ts'

const gauges = (runtime: Runtime): Gauge[] => [
  {
    name: 'xinheng_gateways',
    help: 'Watched folders and exchange tables by how they go.',
    read: async () =>
      (await countByHealth(runtime.db.kysely)).map(({ health, n }) => ({ labels: { health }, value: n })),
  },
]

export const api = { name: 'gateways', endpoints, refusals, handlers, jobs, gauges }
