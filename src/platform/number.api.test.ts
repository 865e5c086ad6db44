import { expect, it } from 'vitest'
import { describeEngines } from '../../test/harness.ts'
import { day } from '../kernel/time.ts'
import { inTx } from './db/index.ts'
import { nextNumber, numberOfDay } from './number.ts'

describeEngines('numbers', (p) => {
  const on = '2026-11-23'
  const next = (count?: number, series = 'A') =>
    inTx(p().runtime.db, (tx) => nextNumber(tx, 'repair.number', { jurisdiction: series, on_day: on }, count))

  it('go on by one, each series for itself; of several at once the first is told', async () => {
    expect(await next()).toBe(1)
    expect(await next(3)).toBe(2)
    expect(await next()).toBe(5)
    expect(await next(1, 'B')).toBe(1)
  })
  it('are given once to those who ask at the same time', async () => {
    const given = await Promise.all(Array.from({ length: 12 }, () => next(2, 'C')))
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => 2 * i + 1))
  })
  it('are not lost with what is not done after all', async () => {
    const broken = inTx(p().runtime.db, async (tx) => {
      await nextNumber(tx, 'repair.number', { jurisdiction: 'D', on_day: on })
      throw new Error('not after all')
    })
    await expect(broken).rejects.toThrow('not after all')
    expect(await next(1, 'D')).toBe(1)
  })
  it('are written with their day', () => {
    expect(numberOfDay('CC', day(on), 7)).toBe('CC20261123-0007')
    expect(numberOfDay('440100-XF-', day(on), 12_345)).toBe('440100-XF-20261123-12345')
  })
})
