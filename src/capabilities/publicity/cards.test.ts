import { describe, expect, it } from 'vitest'
import { day } from '../../kernel/time.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import type { PublicRow, ShownRow } from '../records/contract.ts'
import { licenceRow, listRow } from './cards.ts'
import type { Site } from './pages/layout.ts'

const site = { lang: 'zh', policy: loadPolicy('440100'), today: day('2026-11-23') } as Site
const row = {
  item: 'tax_grade_a',
  docNo: '2025',
  decidedOn: day('2026-04-20'),
  publishedOn: day('2026-04-20'),
  shownFrom: day('2026-04-20'),
  publicFields: { period: '2025' },
}

describe('rows of the public site', () => {
  it('name what has no name of its own by what it is: no cell is empty', () => {
    expect(licenceRow(row as unknown as PublicRow, site)).toMatchObject({ title: '纳税缴费信用A级纳税人' })
    expect(
      listRow({ ...row, subjectName: '甲', subjectKind: 'enterprise' } as unknown as ShownRow, site),
    ).toMatchObject({
      title: '纳税缴费信用A级纳税人',
    })
    const named = { ...row, item: 'honour', publicFields: { document_name: '诚信经营示范单位' } }
    expect(licenceRow(named as unknown as PublicRow, site).title).toBe('诚信经营示范单位')
  })
})
