import { csvLine } from '../../kernel/csv.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { DIFFERENCE_STATE_WORDS } from './states.ts'
import * as store from './store.ts'
import { CAUSE_WORDS, FIGURE_WORDS, KIND_WORDS } from './words.ts'

/** The statement as a file: every figure, then every difference that stands or came to its end that day. Its hash is its name. */

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
