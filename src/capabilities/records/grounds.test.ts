import { describe, expect, it } from 'vitest'
import type { Instant } from '../../kernel/time.ts'
import { day } from '../../kernel/time.ts'
import type { DispositionRow } from './contract.ts'
import { endingsOf } from './grounds.ts'

describe('what an ending says', () => {
  it('names the day in Shanghai on which it was recorded, also between midnight there and in Greenwich', () => {
    const row: Pick<DispositionRow, 'id' | 'kind' | 'channel' | 'effectiveFrom' | 'recordedAt' | 'basis'> = {
      id: 'a',
      kind: 'repaired',
      channel: null,
      effectiveFrom: day('2026-11-23'),
      recordedAt: '2026-11-22T18:30:00.000Z' as Instant,
      basis: {},
    }
    const [said] = endingsOf([row as DispositionRow])
    expect(said?.sentences[0]?.zh).toContain('2026年11月23日记录')
    expect(said?.sentences[0]?.en).toContain('recorded on 23 November 2026')
  })
})
