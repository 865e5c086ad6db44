import type { HtmlReply } from '../../kernel/api.ts'
import { Refused, mustNot } from '../../kernel/decision.ts'
import { maskName } from '../../kernel/mask.ts'
import { type LocalDate, dayOf } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { siteOf } from '../publicity/index.ts'
import { getSubject } from '../subjects/index.ts'
import { grouped, readCode } from './codes.ts'
import type { Verdict } from './contract.ts'
import { type VerifyView, verifyHtml } from './page.verify.ts'
import { certificateTruth, factRows, letterTruth } from './rules.ts'
import { endNow } from './service.ts'
import { issuerOf, receiptOfCode } from './service.receipts.ts'
import { certificateSigner, factsDigest, looksLikeToken, readToken } from './sign.ts'
import { type CertificateRow, certificateByCode } from './store.certificates.ts'
import { type Registered, lastDayOf, letterByCode } from './store.ts'
import type { ReceiptRow } from './store.receipts.ts'
import { throttled } from './throttle.ts'
import { RECEIPT, RECEIPT_OUTCOME_WORDS, RECEIPT_STATE_WORDS, receiptNumber } from './words.receipts.ts'
import { CERTIFICATE, VERIFY, letterNumber } from './words.ts'

/** What anyone may ask: is this paper yours, and does it still hold. */

/** A person's name never stands whole on a public page. */
const publicNameOf = async (ctx: Ctx, subjectId: string, name: string): Promise<string> => {
  const subject = await getSubject(ctx.db.kysely, subjectId)
  return subject?.kind === 'natural_person' ? maskName(name) : name
}
const same = (text: string) => ({ zh: text, en: text })

const ofLetter = async (ctx: Ctx, l: Registered): Promise<Verdict> => {
  const since = await lastDayOf(ctx.db.kysely, l)
  const { truth, sentence } = letterTruth(l.letter.kind, { state: l.itemState, since: since ?? l.on })
  const issuer = same(l.letter.signedBy)
  const facts = [
    { label: VERIFY.addressee, value: same(await publicNameOf(ctx, l.subjectId, l.letter.addressee)) },
    { label: VERIFY.about, value: same(l.docNo) },
  ]
  return {
    what: 'letter',
    code: grouped(l.code),
    truth,
    sentence,
    title: l.letter.title,
    number: letterNumber(l),
    issuer,
    on: l.on,
    facts: truth === 'in_force' ? facts : [],
    at: ctx.clock.now(),
  }
}

const ofCertificate = async (ctx: Ctx, c: CertificateRow): Promise<Verdict> => {
  const { truth, sentence } = certificateTruth(await endNow(ctx, c))
  const { facts } = c
  return {
    what: 'certificate',
    code: facts.code,
    truth,
    sentence,
    title: CERTIFICATE.title,
    number: facts.number,
    issuer: facts.issuer,
    on: facts.issuedOn as LocalDate,
    // Once it holds no more, nothing of what was repaired is told any more.
    facts: truth === 'in_force' ? factRows(facts, await publicNameOf(ctx, c.subjectId, facts.subject.name)) : [],
    at: ctx.clock.now(),
  }
}

/** The receipt has a page of its own; here only that it is ours, and how far it is. */
const ofReceipt = async (ctx: Ctx, r: ReceiptRow): Promise<Verdict> => ({
  what: 'receipt',
  code: grouped(r.code),
  truth: 'in_force',
  sentence: RECEIPT.truth,
  title: RECEIPT.title,
  number: receiptNumber(r.year, r.n),
  issuer: issuerOf(ctx),
  on: dayOf(r.openedAt),
  facts: [
    ...(r.applicationNo ? [{ label: RECEIPT.no, value: same(r.applicationNo) }] : []),
    { label: RECEIPT.state, value: r.outcome ? RECEIPT_OUTCOME_WORDS[r.outcome] : RECEIPT_STATE_WORDS.open },
  ],
  at: ctx.clock.now(),
})

const look = async (ctx: Ctx, asked: string): Promise<Verdict | null> => {
  const db = ctx.db.kysely
  if (looksLikeToken(asked)) {
    const claims = await readToken(asked, [certificateSigner(ctx.secrets).jwk])
    const c = claims && (await certificateByCode(db, readCode(claims.c) ?? ''))
    return c && factsDigest(c.facts) === claims.h ? ofCertificate(ctx, c) : null
  }
  const code = readCode(asked)
  if (!code) return null
  const letter = await letterByCode(db, code)
  if (letter) return ofLetter(ctx, letter)
  const c = await certificateByCode(db, code)
  if (c) return ofCertificate(ctx, c)
  const receipt = await receiptOfCode(ctx, code)
  return receipt && ofReceipt(ctx, receipt)
}

export const verifyCode = async (ctx: Ctx, { code }: { code: string }): Promise<Verdict> =>
  (await throttled(ctx, () => look(ctx, code.trim()))) ?? mustNot('NO_SUCH_PAPER')

const page = (ctx: Ctx, view: VerifyView, status = 200, headers: Record<string, string> = {}): HtmlReply => ({
  html: verifyHtml(siteOf(ctx), view),
  status,
  headers: { 'cache-control': 'no-store', ...headers },
})

/** The form; it sends to the address of the result, so that a result can be kept as a link. */
export const verifyForm = async (ctx: Ctx, { code }: { code?: string | undefined }): Promise<HtmlReply> => {
  const asked = code?.trim()
  if (!asked) return page(ctx, { is: 'form' })
  return {
    html: '',
    redirect: `/verify/${encodeURIComponent(readCode(asked) ?? asked.toWellFormed())}?lang=${ctx.lang}`,
  }
}

export const verifyPage = async (ctx: Ctx, { code }: { code: string }): Promise<HtmlReply> => {
  try {
    const verdict = await verifyCode(ctx, { code })
    // Of a receipt everything is told, on its own page.
    if (verdict.what === 'receipt')
      return { html: '', redirect: `/receipt/${verdict.code.replaceAll('-', '')}?lang=${ctx.lang}` }
    return page(ctx, { is: 'verdict', verdict })
  } catch (error) {
    const refusal = error instanceof Refused ? error.refusals[0] : undefined
    if (refusal?.code === 'NO_SUCH_PAPER') return page(ctx, { is: 'unknown', asked: readCode(code) ?? '' }, 404)
    if (refusal?.code !== 'THROTTLED') throw error
    const seconds = Number(refusal.params?.seconds ?? 1)
    return page(ctx, { is: 'busy', seconds }, 429, { 'retry-after': String(seconds) })
  }
}

/** Kept by whoever verifies offline. */
export const certificateKeys = async (ctx: Ctx): Promise<HtmlReply> => ({
  html: JSON.stringify({ keys: [certificateSigner(ctx.secrets).jwk] }),
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=3600' },
})
