import { codeFrom } from './harness.ts'

/** Penalties as a district authority reports them: the same row for the same number, and files of them. */
export const HEADINGS = [
  '行政相对人名称',
  '行政相对人类别',
  '统一社会信用代码',
  '法定代表人',
  '行政处罚决定书文号',
  '违法行为类型',
  '违法事实',
  '处罚依据',
  '处罚类别',
  '处罚内容',
  '罚款金额(万元)',
  '处罚决定日期',
  '处罚机关',
  '处罚机关统一社会信用代码',
] as const
export const DISTRICT = '广州市荔湾区城市管理和综合执法局'
export const DISTRICT_CODE = codeFrom('11440103MB2C00011')
/** With the check digit of the organisation code inside too, as real codes have. */
export const usccOf = (n: number): string => {
  const body = `MA5${String(n).padStart(5, '0')}`
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const value = (c: string) => (/\d/.test(c) ? Number(c) : c.charCodeAt(0) - 55)
  const d = (11 - (Array.from(body).reduce((sum, c, i) => sum + value(c) * (weights[i] as number), 0) % 11)) % 11
  return codeFrom(`91440103${body}${d === 10 ? 'X' : d}`)
}
export const nameOf = (n: number): string => `广州荔湾测试${n}有限公司`
export type PenaltyRow = Partial<Record<(typeof HEADINGS)[number], string>>
export const penalty = (n: number, change: PenaltyRow = {}): PenaltyRow => ({
  行政相对人名称: nameOf(n),
  行政相对人类别: '法人及非法人组织',
  统一社会信用代码: usccOf(n),
  法定代表人: '张三丰',
  行政处罚决定书文号: `穗荔综罚〔2026〕${n}号`,
  违法行为类型: '占道经营',
  违法事实: '占用城市道路经营。',
  处罚依据: '《广州市市容环境卫生管理规定》第二十条',
  处罚类别: '罚款',
  处罚内容: '罚款2000元',
  '罚款金额(万元)': '0.2',
  处罚决定日期: '2026-11-20',
  处罚机关: DISTRICT,
  处罚机关统一社会信用代码: DISTRICT_CODE,
  ...change,
})
export const cellsOf = (row: PenaltyRow): string[] => HEADINGS.map((h) => row[h] ?? '')
export const csvText = (rows: readonly (readonly string[])[], separator = ','): string =>
  rows.map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(separator)).join('\r\n')
export const csvOf = (rows: readonly PenaltyRow[]): Uint8Array =>
  new TextEncoder().encode(csvText([HEADINGS, ...rows.map(cellsOf)]))
