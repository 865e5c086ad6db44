/**
 * What is read most: a subject's records by its code, as JSON and as the public page, with a million records held. The bare
 * route answers the same row by its key with one prepared query.
 */
import { type Figure, shareOf, taken } from './figure.ts'
import { held } from './held.ts'
import { startBare, startLoad, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 7
const MS = 2_000
const CONNECTIONS = 10

export const subject = async (yard: Yard): Promise<Figure[]> => {
  const { env, url, sample } = await held(yard)
  const platform = await startPlatform(env)
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
  const rate = async (set: string, port: number) =>
    (await load.run({ set, port, connections: CONNECTIONS, ms: MS })).perSecond
  const against = async (set: string) => {
    await rate(set, platform.port)
    await rate('bare', bare.port)
    return taken(
      ROUNDS,
      () => rate(set, platform.port),
      () => rate('bare', bare.port),
    )
  }
  const json = await against('json')
  const page = await against('page')
  await Promise.all([platform.stop(), bare.stop(), load.stop()])
  return [
    shareOf('subject_json', 'requests/s', json, { goal: 0.8 }),
    shareOf('subject_page', 'requests/s', page, { goal: 0.5 }),
  ]
}
