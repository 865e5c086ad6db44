import { type Refusal, mustNot } from '../../kernel/decision.ts'
import { isWindowItem, settingOf, termOf } from '../../kernel/eligibility.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { type Ctx, type Runtime, actorRef, today } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { authorityById, underThrottle } from '../access/index.ts'
import { type ApplicationView, refusals } from './contract.ts'
import type { FormCheckView, MissingLine, ProgressView, ReceiptView, WindowNoticeView } from './contract.window.ts'
import { clockView } from './rules.clock.ts'
import { windowNotice } from './rules.letters.ts'
import { articleOf } from './rules.ts'
import { acceptWithin } from './service.cases.ts'
import { atWindow } from './service.handover.ts'
import {
  type Key,
  type LoadedApplication,
  act,
  applicationView,
  load,
  ownApplication,
  readiness,
  stateOf,
  submitIn,
} from './service.ts'
import * as store from './store.ts'
import * as window from './store.window.ts'
import { itemNameOf, materialView, materialsOfAll, missingOf } from './views.ts'
import { nextWords } from './words.ts'

/** What the window does with an application: looks at its form, asks once for all that is missing, takes it in, passes it on. */

const sentenceOf = ({ code, params = {} }: Refusal): Words => {
  const { zh, en } = (refusals as Record<string, Words>)[code] ?? { zh: code, en: code }
  return { zh: fill(zh, params, 'zh'), en: fill(en, params, 'en') }
}
const lineOf = (r: Refusal): MissingLine => ({
  code: r.code,
  docNo: typeof r.params?.doc === 'string' ? r.params.doc : null,
  text: sentenceOf(r),
})

const missingIn = async (ctx: Ctx, db: Reader, app: store.ApplicationRow): Promise<MissingLine[]> => {
  if (app.state !== 'draft') return []
  const { decision } = readiness(ctx, await load(ctx, db, app))
  return decision.ok ? [] : decision.refusals.map(lineOf)
}

/** Where the pack lets the window itself accept (Sichuan (2024) No. 269, 二（四）). */
const acceptsHere = (ctx: Ctx) => {
  const row = settingOf(ctx.policy, 'window_accepts', today(ctx))
  return row?.value === true ? row : null
}

const noticeView = (app: store.ApplicationRow, n: window.NoticeRow): WindowNoticeView => ({
  no: n.no,
  on: n.on,
  addressee: app.subjectName,
  authorityName: n.authorityName,
  missing: n.missing,
  note: n.note,
})

const formCheck = async (ctx: Ctx, db: Reader, app: store.ApplicationRow): Promise<FormCheckView> => {
  const missing = await missingIn(ctx, db, app)
  const given = await window.noticeOf(db, app)
  const accepts = acceptsHere(ctx)
  return {
    complete: missing.length === 0,
    missing,
    notice: given && noticeView(app, given),
    accepts: accepts && { article: articleOf(accepts) },
  }
}

export const checkForm = async (ctx: Ctx, key: Key): Promise<FormCheckView> => {
  const db = ctx.db.kysely
  return formCheck(ctx, db, await atWindow(ctx, db, key))
}

/** Where each system of the basket provides for one notice: with the term of acceptance. */
const noticeBasis = (ctx: Ctx, { items, records }: LoadedApplication): Words[] => {
  const terms = items.flatMap((i) => {
    const record = records.get(i.recordId)
    return (record && termOf(ctx.policy, i.system, 'accept', today(ctx), record.facts)) ?? []
  })
  return [...new Map(terms.map((t) => [t.id, articleOf(t)])).values()]
}

const PAD = 4
const noticeNo = async (tx: Tx, ctx: Ctx): Promise<string> => {
  const { code } = ctx.policy.jurisdiction
  const on = today(ctx)
  const n = await store.nextNumber(tx, `${code}-BZ`, on)
  return `${code}-BZ-${on.replaceAll('-', '')}-${String(n).padStart(PAD, '0')}`
}

/** Once, and all together; what is computed is what stands in it. */
export const giveWindowNotice = (ctx: Ctx, ask: Key & { note: string }): Promise<FormCheckView> =>
  inTx(ctx, async (tx) => {
    const app = await atWindow(ctx, tx, ask)
    if (app.state !== 'draft') mustNot('NOT_A_DRAFT')
    const held = await window.noticeOf(tx, app)
    if (held) mustNot('WINDOW_NOTICE_GIVEN', { day: held.on, no: held.no })
    const missing = await missingIn(ctx, tx, app)
    if (!missing.length) mustNot('NOTHING_MISSING')
    const authorityId = app.windowAuthorityId ?? mustNot('NO_SUCH_APPLICATION')
    const authority = await authorityById(tx, authorityId)
    const row: window.NoticeRow = {
      subjectId: app.subjectId,
      id: newId(),
      applicationId: app.id,
      no: await noticeNo(tx, ctx),
      on: today(ctx),
      missing,
      note: ask.note,
      authorityId,
      authorityName: authority?.name ?? '',
    }
    const letter = windowNotice({
      ...row,
      addressee: app.subjectName,
      missing: missing.map((m) => m.text),
      basis: noticeBasis(ctx, await load(ctx, tx, app)),
      signedBy: row.authorityName,
    })
    const saved = await window.insertNotice(tx, row, { letter, at: ctx.clock.now(), by: actorRef(ctx.actor) })
    if (!saved) mustNot('WINDOW_NOTICE_GIVEN', { day: row.on, no: row.no })
    act(tx, ctx, 'window_notice', app, { notice: row.id, missing: missing.map((m) => m.code) })
    return formCheck(ctx, tx, app)
  })

/** In whole or not at all, as online; then on to each authority, accepted where the pack says so. */
export const takeIn = (ctx: Ctx, ask: Key & { seen: number }): Promise<ApplicationView> =>
  inTx(ctx, async (tx) => {
    await atWindow(ctx, tx, ask)
    const app = await submitIn(tx, ctx, ask)
    if (acceptsHere(ctx)) {
      for (const item of await store.itemsOf(tx, app)) {
        const here = item.state === 'received' && item.kind === 'repair'
        if (here && isWindowItem(ctx.policy, item.recordItem, today(ctx)))
          await acceptWithin(tx, ctx, { subject: item.subjectId, item: item.id, seen: item.version, note: '' })
      }
    }
    return applicationView(ctx, tx, app)
  })

// ---- the receipt

/** Without letters that look alike. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const CODE_LENGTH = 8
/** Derived, so that it can be printed again and stands nowhere. */
const codeOf = ({ secrets }: Pick<Runtime, 'secrets'>, app: { id: string; no: string | null }): string =>
  Array.from(Buffer.from(secrets.digest('receipt', `${app.id}:${app.no}`), 'base64url').subarray(0, CODE_LENGTH))
    .map((b) => SIGNS[b % SIGNS.length])
    .join('')

export const getReceipt = async (ctx: Ctx, key: Key): Promise<ReceiptView> => {
  const db = ctx.db.kysely
  const app = await ownApplication(ctx, db, key)
  const [no, submittedAt] = [app.no ?? mustNot('NO_RECEIPT_YET'), app.submittedAt ?? mustNot('NO_RECEIPT_YET')]
  const { items, materials, standing } = await load(ctx, db, app)
  const office = app.windowAuthorityId ? await authorityById(db, app.windowAuthorityId) : null
  const names = [...standing.values()].flatMap((s) => s.eligibility.materials)
  const world = { names, others: materialsOfAll(ctx.policy), mayRemove: false }
  return {
    no,
    code: codeOf(ctx, app),
    subjectName: app.subjectName,
    wayIn: app.wayIn,
    windowName: office?.name ?? null,
    submittedAt,
    items: items.map((i) => ({
      itemName: itemNameOf(ctx.policy, i.recordItem),
      docNo: i.docNo,
      deciderName: i.authorityName,
      dueOn: clockView(i.clock, ctx.policy, today(ctx))?.dueOn ?? null,
    })),
    materials: materials.map((m) => {
      const { kindName, name } = materialView(m, world)
      return { kindName, name }
    }),
  }
}

const spelled = (text: string): string => text.normalize('NFKC').toUpperCase().replaceAll(/\s/g, '')

/** For people without an account: number and code of the receipt open it, and guessing is held back. */
export const progressOf = async (ctx: Ctx, ask: { no: string; code: string }): Promise<ProgressView> => {
  const db = ctx.db.kysely
  const no = spelled(ask.no)
  const app = await store.findByNo(db, no)
  const right = await underThrottle(
    ctx,
    `receipt:${no}`,
    async () => app !== null && codeOf(ctx, app) === spelled(ask.code),
  )
  if (!right || !app) return mustNot('NO_SUCH_RECEIPT')
  const items = await store.itemsOf(db, app)
  return {
    no: app.no ?? no,
    kind: app.kind,
    state: stateOf(app, items),
    submittedAt: app.submittedAt ?? app.createdAt,
    items: items.map((i) => ({
      itemName: itemNameOf(ctx.policy, i.recordItem),
      docNo: i.docNo,
      deciderName: i.authorityName,
      state: i.state,
      dueOn: clockView(i.clock, ctx.policy, today(ctx))?.dueOn ?? null,
      decidedOn: i.decidedOn,
      next: nextWords({ ...i, kind: app.kind }),
      missing: missingOf(i).map((m) => ({
        zh: m.text ? `${m.name.zh}：${m.text}` : m.name.zh,
        en: m.text ? `${m.name.en}: ${m.text}` : m.name.en,
      })),
    })),
  }
}
