/**
 * What is read most: a subject's records by its code, as JSON and as the public page, with a million records held. The bare
 * route answers the same row by its key with one prepared query.
 */
import { costs, serverPid } from './cpu.ts'
import { type Figure, shareOf, taken } from './figure.ts'
import { held, lookedThrough } from './held.ts'
import { type Server, startBare, startLoad, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 7
const MS = 2_000
const CONNECTIONS = 10

export const subject = async (yard: Yard): Promise<Figure[]> => {
  const { env, url, sample } = await held(yard)
  const platform = await startPlatform(env)
  await lookedThrough(url)
  const bare = await startBare(url)
  const load = startLoad()
  await load.load(
    'json',
    sample.map((s) => ({ path: `/api/v1/subjects/${s.code}/records` })),
  )
  await load.load(
    'page',
    sample.map((s) => ({ path: `/s/${s.code}`, headers: { accept: 'text/html' } })),
  )
  await load.load(
    'bare',
    sample.map((s) => ({ path: `/records/${s.id}` })),
  )
  const database = { name: 'database', pid: await serverPid(url), withChildren: true }
  const rate = async (set: string, { port }: Server, cost?: ReturnType<typeof costs>) => {
    const run = () => load.run({ set, port, connections: CONNECTIONS, ms: MS })
    return (cost ? await cost.during(run, (r) => r.answers) : await run()).perSecond
  }
  const against = async (set: string) => {
    const mine = costs([{ name: 'platform', pid: platform.pid }, database])
    const floor = costs([{ name: 'route', pid: bare.pid }, database])
    await rate(set, platform)
    await rate('bare', bare)
    const pair = await taken(
      ROUNDS,
      () => rate(set, platform, mine),
      () => rate('bare', bare, floor),
    )
    return { pair, note: `processor ${mine.words()}, bare ${floor.words()}` }
  }
  const json = await against('json')
  const page = await against('page')
  await Promise.all([platform.stop(), bare.stop(), load.stop()])
  return [
    shareOf('subject_json', 'requests/s', json.pair, { goal: 0.8, note: json.note }),
    shareOf('subject_page', 'requests/s', page.pair, { goal: 0.5, note: page.note }),
  ]
}
