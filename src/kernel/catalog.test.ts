import { describe, expect, it } from 'vitest'
import { loadPolicy } from '../platform/policy-files.ts'
import { differenceOf, fixedParts, itemOn, reportingWords, requiredWords, versionsOf, withVersions } from './catalog.ts'
import type { CatalogField, CatalogItem } from './policy.ts'
import { day } from './time.ts'

const policy = loadPolicy('440100')
const item = (code: string) => policy.catalog.find((c) => c.code === code) as CatalogItem
const honour = item('honour')
const field = (change: Partial<CatalogField>): CatalogField => ({ ...(honour.fields[0] as CatalogField), ...change })

describe('what two versions differ in', () => {
  it('is nothing for the same', () => expect(differenceOf(honour, honour)).toEqual({ head: [], fields: [] }))

  it('is told field by field, and of a change both sides', () => {
    const next: CatalogItem = {
      ...honour,
      sharing: 'conditional',
      fields: [
        ...honour.fields.slice(0, -1).map((f) => (f.key === 'level' ? { ...f, required: 'always' as const } : f)),
        field({ key: 'sponsor', code: 'RY_TJ', label: { zh: '推荐单位', en: 'Sponsor' } }),
      ],
    }
    const { head, fields } = differenceOf(honour, next)
    expect(head).toEqual([
      {
        what: { zh: '共享属性', en: 'Sharing' },
        before: { zh: '无条件共享', en: expect.any(String) },
        after: { zh: '有条件共享', en: expect.any(String) },
      },
    ])
    expect(fields.map((f) => [f.key, f.change])).toEqual([
      ['level', 'changed'],
      ['sponsor', 'added'],
      ['remarks', 'removed'],
    ])
    expect(fields[0]?.details).toMatchObject([{ before: { zh: '选填' }, after: { zh: '必填' } }])
  })
})

describe('what a version may not change', () => {
  it.each<[string, Partial<CatalogItem>, string]>([
    ['what identifies a record', { naturalKey: ['authority_code'] }, '记录的唯一标识'],
    ['whether it is adverse', { negative: true }, '是否属于失信信息'],
    ['its publicity', { publicity: 'none' }, '公开属性'],
    ['its class', { class: 'contract' }, '所属类别'],
  ])('%s', (_, change, part) => {
    expect(fixedParts(honour, { ...honour, ...change }).map((w) => w.zh)).toEqual([part])
  })

  it('a word that records are known by; another choice may be added', () => {
    const tax = item('tax_payment')
    const renamed = (zh: string, more: CatalogField['choices']) => ({
      ...tax,
      fields: tax.fields.map((f) =>
        f.key === 'tax_kind'
          ? {
              ...f,
              choices: [...f.choices.map((c) => (c.code === 'vat' ? { ...c, label: { ...c.label, zh } } : c)), ...more],
            }
          : f,
      ),
    })
    expect(fixedParts(tax, renamed('营业税', []))).toHaveLength(1)
    const more = [{ code: 'car', label: { zh: '车船税', en: 'Vehicle tax' }, aliases: [], means: null }]
    expect(fixedParts(tax, renamed('增值税', more))).toEqual([])
  })

  it('a secret becoming open', () => {
    const penalty = item('penalty')
    const open = {
      ...penalty,
      fields: penalty.fields.map((f) => (f.key === 'person_id' ? { ...f, secret: false } : f)),
    }
    expect(fixedParts(penalty, open)).toHaveLength(1)
  })
})

describe('a policy with further versions', () => {
  const next = (from: string): CatalogItem => ({ ...honour, validFrom: day(from), validTo: null })

  it('has each version from its first day, and the one before until the day before', () => {
    const { catalog, version } = withVersions(policy, [next('2027-03-01'), next('2027-01-01')], 'v')
    expect(version).toBe('v')
    expect(versionsOf(catalog, 'honour').map((c) => [c.validFrom, c.validTo])).toEqual([
      ['2024-02-18', '2026-12-31'],
      ['2027-01-01', '2027-02-28'],
      ['2027-03-01', null],
    ])
    expect(itemOn(catalog, 'honour', day('2026-12-31'))?.validFrom).toBe('2024-02-18')
    expect(itemOn(catalog, 'honour', day('2027-02-28'))?.validFrom).toBe('2027-01-01')
    expect(catalog.filter((c) => c.code !== 'honour')).toHaveLength(policy.catalog.length - 1)
  })

  it('is the same object when there is none, and leaves the pack as it was', () => {
    expect(withVersions(policy, [], 'v')).toBe(policy)
    expect(honour.validTo).toBeNull()
  })
})

describe('the catalog in words', () => {
  it('says from which day a term runs', () => {
    expect(reportingWords(item('penalty')).zh).toBe('自处罚决定日期起7个工作日内')
    expect(reportingWords(item('utilities'))).toEqual({
      zh: '自所属期止起1个月内',
      en: 'within 1 month of “End of the period”',
    })
  })
  it('says when a field is asked for', () => {
    const { fields } = item('enforcement')
    const conduct = fields.find((f) => f.key === 'dishonest_conduct') as CatalogField
    expect(requiredWords({ fields }, conduct)).toEqual({
      zh: '“被执行人类别”为失信被执行人时必填',
      en: 'Required when “Status of the debtor” is Dishonest judgment debtor',
    })
  })
})
