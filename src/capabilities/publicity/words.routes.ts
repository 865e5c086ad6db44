import type { Words } from '../../kernel/words.ts'

/** 办理分工: the words of the page on who receives and who decides. */
export const ROUTES = {
  title: { zh: '信用修复办理分工', en: 'Who handles repair' },
  lead: {
    zh: '下表列明各类失信信息的信用修复向谁申请、由谁办理、分几步、各步多长时限，由现行规则自动生成，注明依据和有效期。自上而下先符合者适用，{name}的规定在前，国家规定在后。',
    en: 'For each kind of record: where to apply, who decides, the steps and their limits, made from the rules in force with their basis and validity. The first row that fits applies; rows of {name} stand before the national ones.',
  },
  asOf: { zh: '所示为{day}有效的规则。', en: 'Rules in force on {day}.' },
  other: { zh: '查看其他日期', en: 'Another day' },
  day: { zh: '日期', en: 'Day' },
  show: { zh: '查看', en: 'Show' },
  badDay: { zh: '日期无效，所示为今天的规则。', en: 'That is not a day; today’s rules are shown.' },
  kind: { zh: '信息类别', en: 'Kind of record' },
  whom: { zh: '适用对象', en: 'For whom' },
  receiver: { zh: '申请渠道（首先接收）', en: 'Where to apply' },
  decider: { zh: '办理单位', en: 'Who decides' },
  steps: { zh: '步骤和时限', en: 'Steps and limits' },
  basis: { zh: '依据和有效期', en: 'Basis and validity' },
  allSubjects: { zh: '各类主体', en: 'All subjects' },
  allLevels: { zh: '各级单位', en: 'Authorities of every level' },
  atWindow: { zh: '综合窗口可以代收', en: 'The common window takes it in' },
  noSteps: { zh: '无需办理', en: 'nothing to decide' },
  noTerm: { zh: '未规定时限', en: 'no limit is set' },
  local: { zh: '本地规定', en: 'local' },
  unsure: { zh: '待确认', en: 'to be confirmed' },
  from: { zh: '自{from}起', en: 'from {from}' },
  fromTo: { zh: '{from}至{to}', en: '{from} to {to}' },
} satisfies Record<string, Words>

export const LEVEL_WORDS: Record<string, Words> = {
  province: { zh: '省级单位', en: 'Provincial authorities' },
  city: { zh: '市级单位', en: 'City authorities' },
  county: { zh: '县（区）级单位', en: 'County and district authorities' },
}
export const RECORD_SYSTEM_WORDS: Record<string, Words> = {
  market_supervision: { zh: '市场监督管理部门认定', en: 'determined by market supervision' },
  tax: { zh: '税务机关认定', en: 'determined by the tax authorities' },
  court: { zh: '人民法院认定', en: 'determined by a court' },
}
export const NOT_SYSTEM: Words = { zh: '不含{systems}的', en: 'not those {systems}' }
