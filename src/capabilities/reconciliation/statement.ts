import { csvLine } from '../../kernel/csv.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Words } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { DIFFERENCE_STATE_WORDS } from './states.ts'
import * as store from './store.ts'
import { CAUSE_WORDS, KIND_WORDS } from './words.ts'

/** The statement as a file: every figure, then every difference that stands or came to its end that day. Its hash is its name. */

export const FIGURE_WORDS: Record<keyof store.Figures, Words> = {
  sent: { zh: '本平台发出', en: 'Sent' },
  sentAcknowledged: { zh: '其中：已确认', en: 'Acknowledged' },
  sentRefused: { zh: '其中：被退回', en: 'Sent back' },
  sentPending: { zh: '其中：待确认', en: 'Pending' },
  sentDead: { zh: '其中：未能送达', en: 'Not delivered' },
  received: { zh: '收到公示系统处理结果', en: 'Results received' },
  receivedApplied: { zh: '其中：已同步处理', en: 'Carried out' },
  receivedAlready: { zh: '其中：无需处理', en: 'Nothing to do' },
  receivedRefused: { zh: '其中：不予接收', en: 'Refused' },
  receivedPending: { zh: '其中：待处理', en: 'Pending' },
  shownHere: { zh: '本平台公示', en: 'Shown here' },
  shownThere: { zh: '公示系统公示', en: 'Shown there' },
  same: { zh: '两侧一致', en: 'The same on both' },
  sameOtherTerms: { zh: '其中：两部门规章公示期不同', en: 'Of these: other terms by the two orders' },
  ruledHere: { zh: '仅本平台公示，依规则属正常', en: 'Here only, as the rules have it' },
  ruledThere: { zh: '仅公示系统公示，依规则属正常', en: 'There only, as the rules have it' },
  differingHere: { zh: '本平台公示且有差异', en: 'Shown here and differing' },
  differingThere: { zh: '公示系统公示且有差异', en: 'Shown there and differing' },
  listedTwice: { zh: '公示系统清单重复行', en: 'Rows listed twice' },
  openBefore: { zh: '上期未结差异', en: 'Open before' },
  found: { zh: '本期新发现', en: 'Found' },
  closed: { zh: '本期办结', en: 'Closed' },
  openAfter: { zh: '期末未结差异', en: 'Open now' },
}

const PAGE = 1_000
const START = '00000000-0000-0000-0000-000000000000'
const HEAD = [
  '认定单位',
  '文书号',
  '主体名称',
  '统一社会信用代码',
  '差异',
  '原因',
  '状态',
  '发现日期',
  '办结日期',
  '理由',
]

export type StatementAsk = {
  peer: store.OtherSystem
  day: LocalDate
  figures: store.Figures
  spanFrom: string
  spanTo: string
  previousHash: string | null
}
/** An official document is in Chinese, whoever has it made. */
export async function* statementFile(ctx: Ctx, ask: StatementAsk): AsyncGenerator<string> {
  yield '\ufeff'
  yield csvLine(['对账单', ask.peer.name])
  yield csvLine(['日期', ask.day])
  yield csvLine(['收发统计区间', `${ask.spanFrom} — ${ask.spanTo}`])
  yield csvLine(['上一份对账单的校验值（SHA-256）', ask.previousHash ?? ''])
  for (const [name, words] of Object.entries(FIGURE_WORDS))
    yield csvLine([words.zh, ask.figures[name as keyof store.Figures]])
  yield csvLine([])
  yield csvLine(HEAD)
  for (let after = START; ; ) {
    const rows = await store.differencesOn(ctx.db.kysely, ask.peer.id, ask.day, after, PAGE)
    const last = rows.at(-1)
    if (!last) return
    for (const d of rows) {
      const words = [KIND_WORDS[d.kind].zh, CAUSE_WORDS[d.cause].zh, DIFFERENCE_STATE_WORDS[d.state].zh]
      yield csvLine([
        d.authority,
        d.docNo,
        d.subjectName,
        d.subjectCode,
        ...words,
        d.foundOn,
        d.closedOn ?? '',
        d.reason,
      ])
    }
    after = last.id
  }
}
