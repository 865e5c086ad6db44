import { addDays } from '../../kernel/time.ts'
import { type Words, fill } from '../../kernel/words.ts'
import { type Ctx, today } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTurn, nextRun } from '../../platform/follow.ts'
import { inTx, recordAct, sequence } from '../../platform/outbox.ts'
import { actingFor } from '../access/index.ts'
import { post } from '../messages/index.ts'
import { codeOf } from './codes.ts'
import type { LetterOf } from './states.ts'
import * as store from './store.ts'
import { LETTER_POSTED, letterNumber } from './words.ts'

/**
 * The register of letters. A decision writes its letter and nothing more; number and code are given here, after the commit
 * and in the order of the commits, so that the decision stays as fast as it is. Whoever asks for a letter before the
 * register has come by makes it come by.
 */

const COMMITS_AT_ONCE = 500
/** A letter that is older is entered without a message: its subject was told in its day. */
const TELL_WITHIN_DAYS = 7
const TELL_AT_ONCE = 300

/** Numbers run within an authority, those of objections and of windows' notices apart; what the platform itself confirms runs in its own. */
const seriesOf = (ctx: Ctx, l: store.Written): string => {
  const of = l.authorityId ?? `platform/${ctx.config.jurisdiction}`
  return l.of === 'repair_item' ? of : `${l.of}/${of}`
}

const enter = async (tx: Tx, ctx: Ctx, letters: readonly store.Written[]): Promise<void> => {
  const at = ctx.clock.now()
  const oldest = addDays(today(ctx), -TELL_WITHIN_DAYS)
  const rows: store.NewLetter[] = []
  const series = Map.groupBy(letters, (l) => `${seriesOf(ctx, l)}/${l.on.slice(0, 4)}`)
  for (const [key, own] of series) {
    const year = Number(key.slice(-4))
    const first = await store.takeNumbers(tx, key.slice(0, -5), year, own.length)
    for (const [i, l] of own.entries()) {
      rows.push({
        subjectId: l.subjectId,
        id: l.id,
        of: l.of,
        itemId: l.itemId,
        authorityId: l.authorityId,
        year,
        n: first + i,
        code: codeOf(ctx.secrets, 'letter', l.id),
        issuedOn: l.on,
        // Of an objection its people are told with the step itself.
        toldAt: l.of === 'objection' || l.on < oldest ? at : null,
      })
    }
  }
  await store.insertLetters(tx, rows, at)
  if (rows.length)
    recordAct(tx, ctx, {
      act: 'certificates.register_letters',
      target: { kind: 'register', id: 'letters' },
      details: { letters: rows.length },
    })
}

/** Everything that was committed by now. Answers how many letters were entered. */
export const registerLetters = async (ctx: Ctx): Promise<number> => {
  await sequence(ctx)
  const top = await store.lastPosition(ctx.db.kysely)
  let entered = 0
  for (;;) {
    const done = await inTurn(ctx, () =>
      inTx(ctx, async (tx) => {
        await store.lockRegister(tx)
        const from = await store.positionOf(tx)
        const run = from < top ? await nextRun(tx, from, COMMITS_AT_ONCE) : null
        if (!run) return null
        const letters = await store.lettersWritten(tx, from, run.to)
        await enter(tx, ctx, letters)
        await store.savePosition(tx, run.to)
        return letters.length
      }),
    )
    if (done === null) return entered
    entered += done
  }
}

/** The letters of one case are in the register when this returns. */
export const registerCase = async (ctx: Ctx, key: { subject: string; of: LetterOf; item: string }): Promise<void> => {
  if (!(await store.lettersMissing(ctx.db.kysely, key)).length) return
  await registerLetters(ctx)
  // What the commits do not lead to: a letter whose file has moved since.
  if (!(await store.lettersMissing(ctx.db.kysely, key)).length) return
  await inTx(ctx, async (tx) => {
    await store.lockRegister(tx)
    await enter(tx, ctx, await store.lettersMissing(tx, key))
  })
}

const filled = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})
const said = (l: store.Registered): { title: Words; body: Words } => {
  const params = { title: l.letter.title, no: l.applicationNo ?? '—', number: letterNumber(l) }
  return { title: filled(LETTER_POSTED.title, params), body: filled(LETTER_POSTED.body, params) }
}

const tell = (tx: Tx, ctx: Ctx, l: store.Registered, personIds: readonly string[]): Promise<string> =>
  post(tx, ctx, {
    to: { personIds: [...personIds] },
    kind: 'letter',
    ...said(l),
    link: `/app/applications/${l.subjectId}/${l.applicationId}`,
    about: { kind: 'letter', id: l.id },
    by: ['inbox', 'email', 'sms'],
    key: `letter:${l.id}`,
  })

/**
 * Puts into the inbox of each person who acts for the subject that there is a letter. Once a letter, so many in one run: after a day of
 * mass decisions the rest comes with the next runs. Answers how many.
 */
export const tellOfLetters = async (ctx: Ctx): Promise<number> => {
  const letters = await store.lettersToTell(ctx.db.kysely, TELL_AT_ONCE)
  if (letters.length) await tellOf(ctx, letters)
  return letters.length
}
const tellOf = (ctx: Ctx, letters: readonly store.Registered[]): Promise<void> =>
  inTx(ctx, async (tx) => {
    const subjectIds = [...new Set(letters.map((l) => l.subjectId))]
    const people = await actingFor(tx, subjectIds, today(ctx))
    for (const l of letters) {
      const personIds = people.get(l.subjectId)
      if (personIds) await tell(tx, ctx, l, personIds)
    }
    await store.markTold(tx, letters, ctx.clock.now())
  })
