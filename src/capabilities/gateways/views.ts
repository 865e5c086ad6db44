import type { Refusal, RefusalCatalogue } from '../../kernel/decision.ts'
import { movesFrom } from '../../kernel/states.ts'
import { type Lang, fill } from '../../kernel/words.ts'
import { type Ctx, rolesOf, today } from '../../platform/context.ts'
import type { SubmissionView } from '../collection/contract.ts'
import { api as collection } from '../collection/index.ts'
import { catalogItemOn } from '../records/index.ts'
import { type GatewayView, type IntakeView, refusals } from './contract.ts'
import { healthOf } from './rules.ts'
import { moves } from './states.ts'
import type { FolderPlace, Gateway, Intake, TablePlace } from './store.ts'

const CATALOGUE: RefusalCatalogue = { ...collection.refusals, ...refusals }
export const sentencesOf = (found: readonly Refusal[], lang: Lang): string =>
  found
    .map(({ code, params }) => fill((CATALOGUE[code] ?? refusals.GATEWAY_FAULT)[lang], params, lang))
    .join(lang === 'zh' ? '' : ' ')
const told = (found: Refusal[] | null, lang: Lang) =>
  found?.[0] ? { code: found[0].code, message: sentencesOf(found, lang) } : null

export const gatewayView = (ctx: Ctx, g: Gateway, unanswered: number): GatewayView => {
  const item = catalogItemOn(ctx.policy.catalog, g.item, today(ctx))
  const actions = movesFrom(moves, g.state, rolesOf(ctx.actor))
  const folder = g.kind === 'folder' ? (g.place as FolderPlace) : null
  const table = g.kind === 'table' ? (g.place as TablePlace) : null
  return {
    id: g.id,
    kind: g.kind,
    name: g.name,
    authority: { id: g.authorityId, name: g.authorityName },
    item: g.item,
    itemName: item?.name ?? { zh: g.item, en: g.item },
    state: g.state,
    health: healthOf(g),
    backfill: g.backfill,
    pollSeconds: g.pollSeconds,
    folder: folder && { path: folder.path, marker: folder.marker },
    table: table && {
      host: table.host,
      port: table.port,
      database: table.database,
      user: table.user,
      schema: table.schema,
      table: table.table,
    },
    waiting: g.waiting,
    unanswered,
    readAt: g.readAt,
    takenAt: g.takenAt,
    problem: told(g.problem, ctx.lang),
    failures: g.failures,
    nextAt: g.state === 'active' ? g.nextAt : null,
    ended: g.endedAt ? { at: g.endedAt, by: g.endedBy ?? '', reason: g.endReason ?? '' } : null,
    actions,
    mayEdit: actions.length > 0,
    version: g.version,
  }
}

export const intakeView = (i: Intake, lang: Lang): IntakeView => ({
  id: i.id,
  state: i.state,
  name: i.name,
  rows: i.rows,
  firstSeq: i.firstSeq,
  lastSeq: i.lastSeq,
  submission: i.submissionId && i.submissionNo ? { id: i.submissionId, no: i.submissionNo } : null,
  repeated: i.repeated,
  problem: told(i.problem, lang),
  takenAt: i.takenAt,
  answeredAt: i.answeredAt,
})

// ---- what lies beside a file in done/ and refused/

const BOM = '\ufeff'
/** Read with a plain editor on any office computer. */
const lines = (...all: string[]): string => `${BOM}${all.join('\r\n')}\r\n`

export const receiptText = (intake: Pick<Intake, 'name' | 'repeated'>, s: SubmissionView, workbook: string | null) =>
  lines(
    `报送回执 ${s.no}`,
    `文件：${intake.name}`,
    `报送单位：${s.authority.name}`,
    `事项：${s.itemName.zh}`,
    ...(intake.repeated ? ['说明：该文件内容与此前报送的完全相同，未重复入库，以下为首次报送的结果。'] : []),
    ...(s.refusal
      ? [`结果：整份文件退回，没有任何数据入库。`, `原因：${s.refusal.message}`]
      : [
          `接收 ${s.received} = 入库 ${s.accepted} + 退回 ${s.refused} + 待核实 ${s.pending} + 已有相同记录 ${s.alreadyHeld}`,
          ...(workbook ? [`退回的数据及原因见“${workbook}”，改正后放回接收文件夹即可。`] : []),
        ]),
    `文件校验值（SHA-256）：${s.fileHash ?? ''}`,
  )

export const refusalText = (name: string, found: readonly Refusal[]): string =>
  lines('文件未接收', `文件：${name}`, `原因：${sentencesOf(found, 'zh')}`)
