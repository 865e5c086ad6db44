import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { act, drawUp, getProposal, runPreviews } from '../capabilities/catalog/index.ts'
import { importFile } from '../capabilities/collection/index.ts'
import { catalogItemOn } from '../capabilities/records/index.ts'
import { type LocalDate, addDays, addMonths } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { POLICY_ROOT } from '../platform/policy-files.ts'
import { type As, atHour } from './cases.ts'
import type { DemoSubject } from './world.ts'

type Place = { id: string; name: string; code: string; word: string }
type Scene = { runtime: Runtime; as: As; subjects: DemoSubject[]; places: Record<string, Place>; today: LocalDate }
type Made = { item: string; authority: string; count: number; row: (n: number) => Record<string, string> }

const csv = (rows: string[][]): string =>
  rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n')

/** A little of what else the catalog opens or keeps: beside licences and penalties a file is not empty. */
const made = (today: LocalDate, places: Record<string, Place>): Made[] => {
  const year = today.slice(0, 4)
  const last = String(Number(year) - 1)
  const day = (n: number) => addDays(today, -3 - (n % 20))
  const doc = (authority: string, word: string, n: number) => `${places[authority]!.word}${word}字〔${year}〕第${n}号`
  return [
    {
      item: 'tax_grade_a',
      authority: 'tax',
      count: 40,
      row: () => ({ period: `${last}年度`, decided_on: addDays(today, -25) }),
    },
    {
      item: 'registration',
      authority: 'market',
      count: 60,
      row: (n) => ({
        entity_type: '有限责任公司（自然人投资或控股）',
        status: '存续',
        registered_capital: String(100 + n * 10),
        established_on: addMonths(today, -40 - n),
        decided_on: day(n),
      }),
    },
    {
      item: 'commitment',
      authority: 'market',
      count: 30,
      row: (n) => ({
        document_name: '经营许可事项告知承诺',
        doc_no: doc('market', '承', n),
        commitment_kind: '审批替代型',
        content: '承诺所提交的材料真实、有效，符合许可条件，并接受监督。',
        decided_on: day(n),
      }),
    },
    {
      item: 'honour',
      authority: 'office',
      count: 12,
      row: (n) => ({
        document_name: '诚信经营示范单位',
        doc_no: doc('office', '荣', n),
        level: '县（区）级',
        decided_on: day(n),
      }),
    },
    {
      item: 'inspection',
      authority: 'safety',
      count: 20,
      row: (n) => ({
        document_name: `${year}年度安全生产双随机抽查`,
        doc_no: doc('safety', '检', n),
        inspection_kind: '双随机、一公开抽查',
        result: n % 5 ? '未发现问题' : '发现问题已责令改正',
        decided_on: day(n),
      }),
    },
  ]
}

const handIn = async ({ runtime, subjects, places, today }: Scene): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-demo-'))
  const ctx = systemCtx(atHour(runtime, addDays(today, -2), 10), 'demonstration')
  const companies = subjects.filter((s) => s.category !== '92')
  try {
    for (const { item, authority, count, row } of made(today, places)) {
      const place = places[authority]!
      const catalog = catalogItemOn(runtime.policy.catalog, item, today)!
      const rows = companies.slice(0, count).map(
        (s, n): Record<string, string> => ({
          subject_name: s.name,
          subject_category: '法人及非法人组织',
          uscc: s.code,
          authority_name: place.name,
          authority_code: place.code,
          ...row(n + 1),
        }),
      )
      const fields = catalog.fields.filter((f) => rows.some((r) => r[f.key]))
      const path = join(folder, `${place.word}-${catalog.name.zh}.csv`)
      writeFileSync(path, csv([fields.map((f) => f.label.zh), ...rows.map((r) => fields.map((f) => r[f.key] ?? ''))]))
      await importFile(ctx, { path, item, authority: place.code, wayIn: 'seed' })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The penalties as they would be with two more fields, and the tier of a fine asked for wherever there is a fine. */
const nextPenalty = (): string =>
  readFileSync(join(POLICY_ROOT, 'national/catalog/penalty.yaml'), 'utf8')
    .replace(
      /(key: fine_tier\n(?: {4}.*\n){4}) {4}required: never/,
      '$1    required: [{ field: penalty_kinds, is: [fine] }]',
    )
    .replace(
      '\nchecks:\n',
      `
  - { code: CF_BC_LXZT, key: performance, label: { zh: 处罚履行情况, en: Performance }, aliases: [履行情况], type: choice, max_length: 16, public: true, supplement: true, choices: [{ code: done, label: { zh: 已履行, en: Performed } }, { code: part, label: { zh: 部分履行, en: In part } }, { code: none, label: { zh: 未履行, en: Not performed } }] }
  - { code: CF_BC_CBJG, key: handled_by, label: { zh: 承办机构, en: Handled by }, aliases: [办案机构], type: text, max_length: 200, supplement: true }
checks:
`,
    )

/** A version of the catalog that has been previewed and proposed, and waits for the second person. */
export const playCatalog = async (scene: Scene): Promise<void> => {
  await handIn(scene)
  const { runtime, as, today } = scene
  const first = as('credit-office', addDays(today, -1), 15)
  const drawn = await drawUp(first, {
    text: nextPenalty(),
    effectiveFrom: addDays(today, 14),
    reason: '执法部门建议补充处罚履行情况，并统一报送罚款数额档次。',
  })
  await runPreviews(runtime)
  const { version } = await getProposal(first, { id: drawn.id })
  await act(first, { id: drawn.id, action: 'propose', seen: version, reason: '' })
}
