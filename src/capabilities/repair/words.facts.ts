import type { Words } from '../../kernel/words.ts'
import type { FactVia, SharedFact } from './contract.ts'

export const FACT_WORDS: Record<SharedFact, Words> = {
  dutiesPerformed: { zh: '已履行决定规定的义务（含缴纳罚款）', en: 'Duties performed (fines paid among them)' },
  corrected: { zh: '已纠正违法失信行为', en: 'Conduct corrected' },
  sameKindReoffended: { zh: '因同类违法再次受到处罚', en: 'Penalised again for the same kind of offence' },
  taxOffenceAgain: { zh: '公布期间又发生税收违法或者多次被公布', en: 'A new tax offence, or published more than once' },
  heavierPenaltyAgain: { zh: '再次受到较重行政处罚', en: 'A further heavy penalty was imposed' },
  annualReportFiled: { zh: '已补报年度报告', en: 'Annual report filed' },
  informationPublished: { zh: '已公示应当公示的信息', en: 'Information published as ordered' },
  nameChangeRegistered: { zh: '已办理名称变更登记', en: 'Change of name registered' },
  addressRestored: { zh: '已变更住所或者恢复联系', en: 'Address changed, or reachable again' },
  taxesPaid: { zh: '已缴清税款、滞纳金和罚款', en: 'Taxes, surcharges and fines paid' },
}

export const FACT_VIA_WORDS: Record<FactVia, Words> = {
  system: { zh: '系统接口', en: 'By its system' },
  person: { zh: '人工录入', en: 'Entered by a person' },
}

/** Who may share, where it is not the authority of the record itself. */
export const SHARER_WORDS: Record<string, Words> = {
  own: { zh: '作出决定的单位', en: 'the deciding authority' },
  general: { zh: '一般单位', en: 'a general authority' },
  market_supervision: { zh: '市场监督管理部门', en: 'market supervision' },
  tax: { zh: '税务部门', en: 'the tax authority' },
  court: { zh: '人民法院', en: 'the court' },
}
