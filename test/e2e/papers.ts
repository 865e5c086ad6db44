/** The papers of the journeys: an authority's file and an applicant's proof. */
import { endpoints as publicity } from '../../src/capabilities/publicity/contract.ts'
import { endpoints as subjects } from '../../src/capabilities/subjects/contract.ts'
import type { DemoPlatform } from './demo.ts'

/** A one-page PDF, as a scanner would make it, only smaller. */
export const PROOF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`)

const AUTHORITY = '天河区应急管理局（演示）'
export type Row = Record<string, string>

/** Rows as the authority's own system would export them, under the catalog's Chinese headings. */
export const makeRows = async (
  demo: DemoPlatform,
  count: number,
  word: string,
): Promise<{ headings: string[]; rows: Row[] }> => {
  const anyone = demo.withKey('')
  const { rows: found } = await anyone.client(subjects).searchSubjects({ q: '食品有限公司', limit: 50 })
  const companies = found.filter((s) => s.code?.startsWith('91'))
  const shown = await anyone.client(publicity).listShownRecords({ column: 'penalties', limit: 100 })
  const own = shown.rows.find((r) => r.authorityName === AUTHORITY)!
  const code = String(own.fields.authority_code)
  const row = (n: number): Row => {
    const company = companies[n % companies.length]!
    return {
      行政相对人名称: company.name,
      行政相对人类别: '法人及非法人组织',
      统一社会信用代码: company.code!,
      法定代表人: '王虚构',
      行政处罚决定书文号: `穗天应急罚〔2026〕${word}${n}号`,
      违法行为类型: '违反安全生产管理规定',
      违法事实: '经查，当事人未按规定对从业人员进行安全生产教育和培训。',
      处罚依据: '依据相关法律法规关于“违反安全生产管理规定”的规定',
      处罚类别: '罚款',
      处罚内容: '罚款人民币60000元',
      '罚款金额（万元）': '6',
      处罚决定日期: '2026-11-18',
      处罚机关: AUTHORITY,
      处罚机关统一社会信用代码: code,
      数据来源单位: AUTHORITY,
      数据来源单位统一社会信用代码: code,
      适用程序: '普通程序',
      裁量阶次: '一般处罚',
      所属领域: '安全生产',
    }
  }
  const rows = Array.from({ length: count }, (_, n) => row(n))
  return { headings: Object.keys(rows[0]!), rows }
}

export const csv = (headings: string[], rows: Row[]): string =>
  `\uFEFF${[headings, ...rows.map((r) => headings.map((h) => r[h] ?? ''))].map((cells) => cells.map((c) => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',')).join('\r\n')}\r\n`
