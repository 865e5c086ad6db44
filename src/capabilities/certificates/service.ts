import type { FileReply } from '../../kernel/api.ts'
import { mustNot, unwrap } from '../../kernel/decision.ts'
import { settingOf } from '../../kernel/eligibility.ts'
import { type Page, pageOf, readCursor } from '../../kernel/page.ts'
import { step } from '../../kernel/states.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Lang, type Words, fill } from '../../kernel/words.ts'
import { addressOf } from '../../platform/address.ts'
import { type Ctx, actorRef, authorityOf, hasRole, rolesOf, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Block, paperPdf } from '../../platform/pdf.ts'
import { propagation } from '../exchange/index.ts'
import { catalogItemOn, findRecord, publicFieldRows } from '../records/index.ts'
import { getSubject, mustActFor, recordLook } from '../subjects/index.ts'
import { codeOf, grouped } from './codes.ts'
import { type CertificateFacts, type CertificateView, refusals } from './contract.ts'
import { registerCase } from './register.ts'
import { endOf, factRows, keywordOf } from './rules.ts'
import { canonical, certificateSigner } from './sign.ts'
import { type Action, CERTIFICATE_MOVES, type CertificateState, type EndedBy, type ShownPart } from './states.ts'
import * as store from './store.certificates.ts'
import { type Grant, grantOf, takeNumbers } from './store.ts'
import { CERTIFICATE, SHOWN_PART_WORDS, certificateNumber, letterNumber } from './words.ts'

/** Certificates of repair 信用修复证明 (D7): on request, signed, and withdrawn by themselves when they are needed no more. */

type OnItem = { subject: string; item: string }
/** The subject itself, or a window that serves whoever comes. */
const mustServe = (ctx: Ctx, subjectId: string): 'online' | 'window' => {
  if (ctx.actor.kind === 'person' && hasRole(ctx.actor, 'window_clerk') && ctx.actor.authorityId) {
    if (!ctx.actor.subjectIds.includes(subjectId)) return 'window'
  }
  mustActFor(ctx, subjectId)
  return 'online'
}

type Giving = { enabled: boolean; issuer: Words | null }
const givingOf = (ctx: Ctx): Giving | null => {
  const held = settingOf(ctx.policy, 'repair_certificate', today(ctx))?.value as Giving | undefined
  return held?.enabled ? held : null
}

/** Who has not confirmed that the record is down; what the platform knows, whoever asks. */
const openHolders = async (ctx: Ctx, of: { subjectId: string; recordId: string }) => {
  const asPlatform: Ctx = { ...ctx, actor: { kind: 'system', name: 'certificates' } }
  const table = await propagation(asPlatform, { subjectId: of.subjectId, recordId: of.recordId })
  const open = table.holders.filter((h) => h.state !== 'acknowledged' && h.state !== 'holding').length
  return { open, settled: table.settled }
}

type Refusal = 'CERTIFICATES_NOT_GIVEN' | 'NOT_GRANTED' | 'CERTIFIED_ALREADY' | 'NOTHING_OUTSTANDING'
type Offer = { refusal: Refusal | null; open: number; giving: Giving | null; grant: Grant | null }
const offerOf = async (ctx: Ctx, ask: OnItem, thirdParty: string): Promise<Offer> => {
  const giving = givingOf(ctx)
  if (!giving) return { refusal: 'CERTIFICATES_NOT_GIVEN', open: 0, giving, grant: null }
  await registerCase(ctx, { ...ask, of: 'repair_item' })
  const grant = await grantOf(ctx.db.kysely, ask)
  if (!grant || grant.itemState !== 'granted') return { refusal: 'NOT_GRANTED', open: 0, giving, grant: null }
  const { open, settled } = await openHolders(ctx, grant)
  const held = await store.validOf(ctx.db.kysely, ask)
  const refusal = held ? 'CERTIFIED_ALREADY' : settled && !thirdParty ? 'NOTHING_OUTSTANDING' : null
  return { refusal, open, giving, grant }
}

export const certificateOffer = async (ctx: Ctx, ask: OnItem) => {
  mustServe(ctx, ask.subject)
  const { refusal, open, giving } = await offerOf(ctx, ask, '')
  const said = refusal && refusals[refusal]
  return {
    refusal: said && refusal ? { code: refusal, text: { zh: said.zh, en: said.en } } : null,
    open,
    issuer: giving?.issuer ?? null,
  }
}

/** What of the record tells what happened; never a name or a number. */
const CONTENT_KEYS = ['violation', 'list_reason', 'reason', 'penalty_kinds', 'content']
const shownOf = async (ctx: Ctx, grant: Grant, shows: readonly ShownPart[]): Promise<CertificateFacts['shown']> => {
  if (!shows.length) return []
  const record = await findRecord(ctx.db.kysely, grant.subjectId, grant.recordId)
  if (!record) return []
  const item = catalogItemOn(ctx.policy.catalog, record.item, record.decidedOn)
  const kind = shows.includes('kind') && item ? [{ label: SHOWN_PART_WORDS.kind, value: item.name }] : []
  if (!shows.includes('content')) return kind
  const [zh, en] = (['zh', 'en'] as const).map((lang) => publicFieldRows(record.publicFields, item, lang)) as [
    ReturnType<typeof publicFieldRows>,
    ReturnType<typeof publicFieldRows>,
  ]
  const content = zh.flatMap((row) => {
    const other = en.find((e) => e.key === row.key)
    return CONTENT_KEYS.includes(row.key)
      ? [
          {
            label: { zh: row.label, en: other?.label ?? row.label },
            value: { zh: row.value, en: other?.value ?? row.value },
          },
        ]
      : []
  })
  return [...kind, ...content]
}

const viewOf = (ctx: Ctx, c: store.CertificateRow): CertificateView => ({
  subjectId: c.subjectId,
  id: c.id,
  itemId: c.itemId,
  applicationId: c.applicationId,
  recordId: c.recordId,
  number: certificateNumber(c.year, c.n),
  code: grouped(c.code),
  facts: c.facts,
  shows: c.shows,
  state: c.state,
  endedBy: c.endedBy,
  endedAt: c.endedAt,
  issuedAt: c.issuedAt,
  version: c.version,
  mayWithdraw: c.state === 'valid' && mayAct(ctx, c),
})
const mayAct = (ctx: Ctx, c: store.CertificateRow): boolean =>
  ctx.actor.kind === 'person' &&
  (ctx.actor.subjectIds.includes(c.subjectId) ||
    (hasRole(ctx.actor, 'window_clerk') && c.windowAuthorityId === ctx.actor.authorityId))

const seriesOf = (jurisdiction: string) => `certificate/${jurisdiction}`

export const issueCertificate = async (
  ctx: Ctx,
  ask: OnItem & { shows: ShownPart[]; thirdParty: string },
): Promise<CertificateView> => {
  const wayIn = mustServe(ctx, ask.subject)
  const { refusal, giving, grant } = await offerOf(ctx, ask, ask.thirdParty)
  if (refusal || !grant || !giving) return mustNot(refusal ?? 'NOT_GRANTED')
  const db = ctx.db.kysely
  const subject = (await getSubject(db, ask.subject)) ?? mustNot('NOT_GRANTED')
  const shows = [...new Set(ask.shows)]
  const shown = await shownOf(ctx, grant, shows)
  const on = today(ctx)
  const year = Number(on.slice(0, 4))
  const { jurisdiction } = ctx.config
  const id = newId()
  const code = codeOf(ctx.secrets, 'certificate', id)
  const row = await inTx(ctx, async (tx) => {
    const n = await takeNumbers(tx, seriesOf(jurisdiction), year, 1)
    const facts: CertificateFacts = {
      code: grouped(code),
      number: certificateNumber(year, n),
      issuer: giving.issuer ?? { zh: grant.letter.signedBy, en: grant.letter.signedBy },
      issuedOn: on,
      jurisdiction,
      subject: { name: grant.subjectName, code: subject.kind === 'natural_person' ? null : subject.code },
      record: { docNo: grant.docNo, authority: grant.recordAuthority, decidedOn: grant.recordDecidedOn },
      decision: {
        number: letterNumber(grant),
        authority: grant.letter.signedBy,
        on: grant.on,
        basis: grant.letter.basis,
      },
      shown,
      thirdParty: ask.thirdParty,
    }
    const made: store.CertificateRow = {
      subjectId: grant.subjectId,
      id,
      itemId: grant.itemId,
      applicationId: grant.applicationId,
      recordId: grant.recordId,
      grantId: grant.id,
      jurisdiction,
      year,
      n,
      code,
      facts,
      token: await certificateSigner(ctx.secrets).sign(facts),
      shows,
      thirdParty: ask.thirdParty,
      issuedOn: on,
      issuedAt: ctx.clock.now(),
      issuedBy: actorRef(ctx.actor),
      wayIn,
      windowAuthorityId: wayIn === 'window' ? authorityOf(ctx.actor) : null,
      deciderId: grant.deciderId,
      reviewerId: grant.reviewerId,
      division: grant.division,
      state: 'valid',
      endedBy: null,
      endedAt: null,
      version: 1,
    }
    if (!(await store.insertCertificate(tx, made))) mustNot('CERTIFIED_ALREADY')
    if (wayIn === 'window') await recordLook(tx, ctx, grant.subjectId, '窗口开具信用修复证明')
    recordAct(tx, ctx, {
      act: 'certificates.issue',
      target: { kind: 'certificate', id },
      subjectId: grant.subjectId,
      details: { item: grant.itemId, shows, outside: ask.thirdParty !== '' },
    })
    return made
  })
  return viewOf(ctx, row)
}

export const listCertificates = async (
  ctx: Ctx,
  ask: {
    subject?: string | undefined
    item?: string | undefined
    state?: CertificateState | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Page<CertificateView>> => {
  const after = readCursor(ask.after, 'instant', 'uuid')
  const rows = await store.listCertificates(ctx.db.kysely, ctx.actor, { ...ask, after, limit: ask.limit + 1 })
  const page = pageOf(rows, ask.limit, (c) => [c.issuedAt, c.id])
  return { rows: page.rows.map((c) => viewOf(ctx, c)), next: page.next }
}

/** As a paper: the same certificate gives the same bytes, for as long as its token is what it was. */
export const downloadCertificate = async (
  ctx: Ctx,
  ask: { subject: string; id: string; lang?: Lang | undefined },
): Promise<FileReply> => {
  const c = (await store.findCertificate(ctx.db.kysely, ctx.actor, ask)) ?? mustNot('NO_SUCH_CERTIFICATE')
  if (await endNow(ctx, c)) mustNot('CERTIFICATE_ENDED')
  const { facts } = c
  const lang = ask.lang ?? ctx.lang
  const say = (words: Words, params: Record<string, unknown> = {}) => fill(words[lang], params, lang)
  const text = (words: Words, params?: Record<string, unknown>): Block => ({ kind: 'text', text: say(words, params) })
  const body = await paperPdf({
    lang,
    issuer: facts.issuer[lang],
    number: facts.number[lang],
    title: CERTIFICATE.title[lang],
    addressee: null,
    blocks: [
      text(CERTIFICATE.opening, { subject: facts.subject.name, day: dayWords(facts.decision.on as LocalDate) }),
      {
        kind: 'facts',
        rows: factRows(facts, facts.subject.name).map((r) => [r.label[lang], r.value[lang]] as const),
      },
      text(CERTIFICATE.use),
      ...(facts.thirdParty ? [text(CERTIFICATE.forParty, { party: facts.thirdParty })] : []),
      text(CERTIFICATE.end),
    ],
    signedBy: facts.issuer[lang],
    on: c.issuedOn,
    check: {
      qr: addressOf(ctx, `/verify/${c.token}`),
      alt: CERTIFICATE.alt[lang],
      lines: [say(CERTIFICATE.codeLine, { code: facts.code }), CERTIFICATE.scan[lang]],
    },
    keyword: keywordOf(c.token, Buffer.from(canonical(facts)).toString('base64url')),
  })
  const name = `${CERTIFICATE.title[lang]} ${facts.number[lang]}.pdf`
  return { file: { name, mediaType: 'application/pdf', body } }
}

// ---- how it ends

/** Why it holds no more, as things stand; null while it holds. */
export const endNow = async (ctx: Ctx, c: store.CertificateRow): Promise<EndedBy | null> => {
  const itemState = await store.itemStateOf(ctx.db.kysely, c)
  const settled = c.state === 'valid' && itemState === 'granted' ? (await openHolders(ctx, c)).settled : false
  return endOf({ endedBy: c.endedBy, itemState, settled, thirdParty: c.thirdParty })
}

const MOVE_OF = { subject: 'withdraw', all_updated: 'settle', grant_gone: 'void' } as const satisfies Record<
  EndedBy,
  Action
>
const end = (ctx: Ctx, c: store.CertificateRow, by: EndedBy): Promise<boolean> =>
  inTx(ctx, async (tx) => {
    const done = await store.endCertificate(tx, c, { by, at: ctx.clock.now() })
    if (done) {
      recordAct(tx, ctx, {
        act: 'certificates.withdraw',
        target: { kind: 'certificate', id: c.id },
        subjectId: c.subjectId,
        details: { by },
      })
    }
    return done
  })

export const withdrawCertificate = async (
  ctx: Ctx,
  ask: { subject: string; id: string; seen: number },
): Promise<CertificateView> => {
  const find = async () =>
    (await store.findCertificate(ctx.db.kysely, ctx.actor, ask)) ?? mustNot('NO_SUCH_CERTIFICATE')
  const c = await find()
  if (!mayAct(ctx, c)) mustNot('NO_SUCH_CERTIFICATE')
  if (c.version !== ask.seen) mustNot('STALE')
  unwrap(step(CERTIFICATE_MOVES, c.state, MOVE_OF.subject, rolesOf(ctx.actor)))
  if (!(await end(ctx, c, 'subject'))) mustNot('STALE')
  return viewOf(ctx, await find())
}

const AT_ONCE = 200
/** Withdraws what is needed no more, and what rests on a grant that is gone. */
export const withdrawEnded = async (ctx: Ctx): Promise<number> => {
  let withdrawn = 0
  for (let after: [string, string] | null = null; ; ) {
    const rows = await store.listValid(ctx.db.kysely, after, AT_ONCE)
    for (const c of rows) {
      const by = await endNow(ctx, c)
      if (!by) continue
      unwrap(step(CERTIFICATE_MOVES, c.state, MOVE_OF[by], ['platform']))
      if (await end(ctx, c, by)) withdrawn += 1
    }
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) return withdrawn
    after = [last.issuedAt, last.id]
  }
}
