import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as access from './capabilities/access/index.ts'
import * as catalog from './capabilities/catalog/index.ts'
import * as collection from './capabilities/collection/index.ts'
import * as objections from './capabilities/objections/index.ts'
import * as exchange from './capabilities/exchange/index.ts'
import * as results from './capabilities/results/index.ts'
import * as agreements from './capabilities/agreements/index.ts'
import * as certificates from './capabilities/certificates/index.ts'
import * as reconciliation from './capabilities/reconciliation/index.ts'
import * as inbound from './capabilities/inbound/index.ts'
import * as records from './capabilities/records/index.ts'
import * as repair from './capabilities/repair/index.ts'
import * as transfers from './capabilities/transfers/index.ts'
import * as territory from './capabilities/territory/index.ts'
import * as onboarding from './capabilities/onboarding/index.ts'
import * as quality from './capabilities/quality/index.ts'
import * as subjects from './capabilities/subjects/index.ts'
import * as corrections from './capabilities/corrections/index.ts'
import * as declarations from './capabilities/declarations/index.ts'
import * as policies from './capabilities/policies/index.ts'
import * as publicity from './capabilities/publicity/index.ts'
import * as gateways from './capabilities/gateways/index.ts'
import * as timeliness from './capabilities/timeliness/index.ts'
import * as balance from './capabilities/balance/index.ts'
import * as oversight from './capabilities/oversight/index.ts'
import * as reminders from './capabilities/reminders/index.ts'
import * as messages from './capabilities/messages/index.ts'
import type { Receiver } from './capabilities/exchange/contract.ts'
import type { SubjectFollower } from './capabilities/subjects/contract.ts'
import { sealAudit } from './platform/audit.ts'
import { clockOf, readConfig } from './platform/config.ts'
import type { Runtime } from './platform/context.ts'
import { loadSecrets } from './platform/crypto.ts'
import { openDatabase } from './platform/db/index.ts'
import { openFiles } from './platform/files.ts'
import { type Api, type ServerOptions, buildServer } from './platform/http.ts'
import { forgetOldKeys } from './platform/idempotency.ts'
import { type Job, type Jobs, startJobs } from './platform/jobs.ts'
import { openLog } from './platform/log.ts'
import { migrate } from './platform/migrate.ts'
import { jurisdictionCodes, loadPolicy } from './platform/policy-files.ts'

/** The composition root: the only file that knows every capability. A new one adds its import and its name in this list. */
type Capability = Api & { jobs?: readonly Job[]; follower?: SubjectFollower; receivers?: readonly Receiver[] }
export const capabilities: readonly Capability[] = [
  access.api,
  subjects.api,
  messages.api,
  records.api,
  collection.api,
  repair.api,
  corrections.api,
  declarations.api,
  objections.api,
  publicity.api,
  catalog.api,
  policies.api,
  gateways.api,
  balance.api,
  timeliness.api,
  territory.api,
  quality.api,
  reminders.api,
  oversight.api,
  exchange.api,
  onboarding.api,
  certificates.api,
  results.api,
  agreements.api,
  inbound.api,
  reconciliation.api,
  transfers.api,
]

/** Each says what it keeps on a subject's file; corrections brings files together without knowing who. */
subjects.setFollowers(capabilities.flatMap((c) => (c.follower ? [c.follower] : [])))
/** And which messages of peers it takes in. */
inbound.setReceivers(capabilities.flatMap((c) => c.receivers ?? []))
/** What comes by file or table is taken in as what is pushed to us. */
exchange.setTakeIn(inbound.takeIn)
/** What the daily exchange fetches from the publicity system goes the same way as what is pushed to the inbox. */
reconciliation.setIntake(async (ctx, { peerId, events }) => {
  const peer = await exchange.findPeer(ctx.db.kysely, peerId)
  return peer ? (await inbound.takeIn(ctx, peer, events)).acknowledgements : []
})

/** While a peer is being connected, the addresses of the feed lead to generated data. */
exchange.setSandbox(onboarding.sandbox)

const platformJobs: readonly Job[] = [
  { name: 'platform.seal_audit', every: 60_000, run: sealAudit },
  { name: 'platform.forget_old_keys', every: 3_600_000, run: forgetOldKeys },
]

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))
const WEB_DIST = fileURLToPath(new URL('../web/dist', import.meta.url))

/** Opens everything that lives as long as the process, in the order in which it fails most clearly. */
export const openRuntime = async (
  env: Record<string, string | undefined>,
  change: Partial<Pick<Runtime, 'clock' | 'log'>> = {},
): Promise<Runtime> => {
  const config = readConfig(env, jurisdictionCodes())
  const log = change.log ?? openLog(config)
  const policy = loadPolicy(config.jurisdiction)
  const db = await openDatabase({
    dataDir: config.dataDir,
    ...(config.databaseUrl ? { databaseUrl: config.databaseUrl } : {}),
    log: (message, fields) => log.info(fields, message),
  })
  try {
    await migrate(db, MIGRATIONS)
    const clock = change.clock ?? clockOf(config)
    const versions = await catalog.followVersions(db, policy)
    const rules = await policies.followRules(db, { pack: policy, base: versions, clock })
    return {
      db,
      config,
      log,
      // Asked anew by each request and job, which then keep the one they got.
      get policy() {
        return rules()
      },
      clock,
      secrets: loadSecrets(config.dataDir),
      files: openFiles(config.dataDir),
    }
  } catch (error) {
    await db.close()
    throw error
  }
}

export type App = {
  server: FastifyInstance
  jobs: Jobs
  /** Finishes what is under way: requests, then jobs. The runtime stays open. */
  close: () => Promise<void>
}
export type AppOptions = Pick<ServerOptions, 'checkReplies'> & {
  /** Serve the workbench under /app/. */
  web?: boolean
  /** Run the jobs on their timers; else only `jobs.drain()` runs them. */
  jobs?: boolean
}

export const createApp = async (runtime: Runtime, options: AppOptions = {}): Promise<App> => {
  const server = await buildServer(runtime, capabilities, {
    authenticate: access.authenticate,
    peers: { enter: exchange.enterAsPeer, left: onboarding.noteRequest },
    checkReplies: options.checkReplies ?? false,
    errorPage: publicity.errorPageOf(runtime),
    ...(options.web ? { webDist: WEB_DIST } : {}),
  })
  const jobs = openJobs(runtime, options.jobs ?? true)
  return {
    server,
    jobs,
    close: async () => {
      await server.close()
      await jobs.stop()
    },
  }
}

export const openJobs = (runtime: Runtime, timed = true): Jobs =>
  startJobs(runtime, [...platformJobs, ...capabilities.flatMap((c) => c.jobs ?? [])], timed)

/** The demonstration is loaded where nothing is, and never in production. */
export const seedIfEmpty = async (runtime: Runtime, say: (line: string) => void): Promise<void> => {
  if (runtime.config.production || (await access.listAuthorities(runtime.db.kysely)).length) return
  const demo = new URL('./demo/index.ts', import.meta.url)
  if (!existsSync(demo)) return
  const { seedDemonstration } = (await import(demo.href)) as {
    seedDemonstration: (runtime: Runtime, say: (line: string) => void) => Promise<void>
  }
  await seedDemonstration(runtime, say)
}
