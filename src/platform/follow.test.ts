import { describe, expect, it } from 'vitest'
import type { Ctx } from './context.ts'
import { inTurn } from './follow.ts'

type Who = Parameters<typeof inTurn>[0]
const platform = (db: object): Who => ({ db, actor: { kind: 'system', name: 'test' } }) as unknown as Who
const person = (db: object): Who => ({ db, actor: { kind: 'person' } as Ctx['actor'] }) as unknown as Who
const SPIN_MS = 40
/** Works all the time, as a process does to which decisions come in. */
const spin = (): void => {
  for (const until = performance.now() + SPIN_MS; performance.now() < until; );
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('steps through the log', () => {
  it('take turns, whatever becomes of one, and a person goes at once', async () => {
    const db = {}
    const said: string[] = []
    const step = (name: string, fails = false) =>
      inTurn(platform(db), async () => {
        said.push(`${name} begins`)
        await wait(20)
        said.push(`${name} ends`)
        if (fails) throw new Error(name)
        return false
      })
    const all = Promise.allSettled([step('one', true), step('two'), step('three')])
    await wait(5)
    await inTurn(person(db), async () => void said.push('a person'))
    expect((await all).map((a) => a.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(said.filter((s) => s !== 'a person')).toEqual(
      ['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    )
    expect(said.indexOf('a person')).toBe(1)
  })

  it.each([
    ['rest twice as long as they worked while the process is busy and there is more', true, 2 * SPIN_MS, Infinity],
    ['do not rest where there is nothing more to do', false, 0, SPIN_MS],
  ])('%s', async (_, more, least, most) => {
    const db = {}
    let ended = 0
    const first = inTurn(platform(db), async () => {
      spin()
      ended = performance.now()
      return more
    })
    const began = await inTurn(platform(db), async () => performance.now())
    expect(await first).toBe(more)
    expect(began - ended).toBeGreaterThanOrEqual(least - 2)
    expect(began - ended).toBeLessThan(most)
  })

  it('do not rest while nobody else has anything to do', async () => {
    const db = {}
    await wait(5)
    const first = await inTurn(platform(db), async () => {
      await wait(60)
      return performance.now()
    })
    expect((await inTurn(platform(db), async () => performance.now())) - first).toBeLessThan(60)
  })
})
