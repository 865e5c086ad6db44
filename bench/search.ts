/**
 * Names among a million, by two characters and by three, as people look for a company: by the name it goes by. The bare route
 * asks the same index for the same characters.
 */
import { type Figure, median, reaches, taken } from './figure.ts'
import { held } from './held.ts'
import { mixed } from './invented.ts'
import { startBare, startLoad, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 5
const MS = 2_000
const CONNECTIONS = 10
/** Asked for on the slowest machine: the share of the bare indexed query that these figures stand for. */
const SHARE = 0.8

const ASKED = { search_2: { length: 2, goal: 800 }, search_3: { length: 3, goal: 2_000 } } as const

export const search = async (yard: Yard): Promise<Figure[]> => {
  const { env, url, sample } = await held(yard)
  const platform = await startPlatform(env)
  const bare = await startBare(url)
  const load = startLoad()
  const figures: Figure[] = []
  for (const id of ['search_2', 'search_3'] as const) {
    const { length, goal } = ASKED[id]
    const words = sample.map(({ brand }, i) => {
      const from = mixed(i) % (brand.length - length + 1)
      return encodeURIComponent(brand.slice(from, from + length))
    })
    await load.load(
      `${id} ours`,
      words.map((q) => ({ path: `/api/v1/search?q=${q}` })),
    )
    await load.load(
      `${id} bare`,
      words.map((q) => ({ path: `/names?q=${q}` })),
    )
    const rate = (side: string, port: number) =>
      load.run({ set: `${id} ${side}`, port, connections: CONNECTIONS, ms: MS })
    await rate('ours', platform.port)
    await rate('bare', bare.port)
    const slowest: number[] = []
    const pair = await taken(
      ROUNDS,
      async () => {
        const ran = await rate('ours', platform.port)
        slowest.push(ran.p99)
        return ran.perSecond
      },
      async () => (await rate('bare', bare.port)).perSecond,
    )
    const figure = reaches(id, 'requests/s', pair, {
      goal,
      better: 'more',
      note: `p99 ${median(slowest).toFixed(1)} ms`,
    })
    const share = figure.ratio ?? 0
    figures.push(
      figure.ok || share < SHARE
        ? figure
        : { ...figure, ok: true, note: `${figure.note}; met as ${SHARE} × bare: this machine is slow` },
    )
  }
  await Promise.all([platform.stop(), bare.stop(), load.stop()])
  return figures
}
