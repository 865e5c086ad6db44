import { createHash } from 'node:crypto'
import { docKey } from '../../kernel/text.ts'
import type { LocalDate } from '../../kernel/time.ts'
import type { Ctx } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTx } from '../../platform/outbox.ts'
import { subjectsById } from '../subjects/index.ts'
import { type Bounds, type Found, differencesOf, foundAgain, isShown, tallyOf } from './rules.ts'
import { Failed, type Source } from './source.ts'
import type { Candidate } from './store.compare.ts'
import * as compared from './store.compare.ts'
import { authorityKeys } from './store.records.ts'
import type * as store from './store.ts'
import * as kept from './store.ts'

/** The comparison of a day: their list is loaded page by page, then both sides are laid together stretch by stretch. */

const START = '00000000-0000-0000-0000-000000000000'
const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
/** Records in a stretch. */
const STRETCH = 10_000
const PAGE = 1_000

export type Run = {
  ctx: Ctx
  peer: store.OtherSystem
  id: string
  day: LocalDate
  bounds: Bounds
  scope: readonly string[]
  by: string
  /** Keeps the lease; throws when another process has taken over. */
  alive: () => Promise<void>
}
export type Compared = Pick<
  store.Figures,
  | 'shownHere'
  | 'shownThere'
  | 'same'
  | 'sameOtherTerms'
  | 'ruledHere'
  | 'ruledThere'
  | 'differingHere'
  | 'differingThere'
  | 'listedTwice'
>

/**
 * The whole list or none of it: a list that ends early would make differences of what it leaves out. Each page is kept by
 * itself, since nothing waits for the other side inside a transaction.
 */
export const loadList = async (run: Run, source: Source): Promise<number> => {
  const { ctx, peer, day } = run
  const keyOfAuthority = await authorityKeys(ctx.db.kysely)
  await inTx(ctx, (tx) => compared.forgetList(tx, peer.id))
  let n = 0
  let total: number | null = null
  const seen = new Set<string>()
  for (let after: string | null = null; ; ) {
    const page = await source.list(day, after)
    if (page.day !== day) throw new Failed('other_day', page.day)
    total ??= page.total
    if (page.total !== total) throw new Failed('incomplete', `${total} / ${page.total}`)
    const rows = page.rows.map((r) => ({
      ...r,
      authorityKey: keyOfAuthority(r.authority),
      docKey: docKey(r.documentNumber),
    }))
    const from = n + 1
    await inTx(ctx, (tx) => compared.saveListed(ctx.db, tx, peer.id, from, rows))
    n += rows.length
    await run.alive()
    if (page.next === null) break
    if (n > total || seen.has(page.next)) throw new Failed('incomplete', `${total} / ${n}`)
    seen.add(page.next)
    after = page.next
  }
  if (n !== total) throw new Failed('incomplete', `${total} / ${n}`)
  return inTx(ctx, (tx) => compared.placeList(tx, peer.id))
}

const keyDigest = (c: { item: string; subjectCode: string; authorityKey: string; docKey: string }): string =>
  createHash('sha256').update([c.item, c.subjectCode, c.authorityKey, c.docKey].join('\n')).digest('hex')

type Named = Candidate & { code: string; name: string; key: string }
/** By the code that the file carries here, so that a difference keeps its key whichever side it is seen from. */
const named = async (ctx: Ctx, candidates: readonly Candidate[]): Promise<Named[]> => {
  const subjects = await subjectsById(
    ctx.db.kysely,
    candidates.flatMap((c) => (c.subjectId ? [c.subjectId] : [])),
  )
  return candidates.map((c) => {
    const subject = c.subjectId ? subjects.get(c.subjectId) : undefined
    const code = subject?.code ?? c.subjectCode ?? ''
    return { ...c, code, name: subject?.name ?? c.subjectName ?? '', key: keyDigest({ ...c, subjectCode: code }) }
  })
}

const sidesOf = (c: Candidate): store.Sides => ({
  site: c.site,
  due: c.due,
  there: c.there,
  version: c.version,
  contentSame: c.contentSame,
})
/** Of what both sides show, and nothing else: the cause may become clearer without anything having changed. */
const fingerprintOf = (c: Candidate, found: Found, today: LocalDate): string => {
  const shown = [isShown(c.site, today) && c.held, isShown(c.due, today) && c.held]
  const days = [c.site?.from, c.site?.until, c.due?.from, c.due?.until, c.there?.from, c.there?.until]
  const said = [c.version, c.there?.version, c.there?.digest]
  return createHash('sha256')
    .update(JSON.stringify([found.kind, shown, days.map((d) => d ?? null), said.map((v) => v ?? null)]))
    .digest('hex')
}

const save = async (run: Run, named_: readonly { candidate: Named; found: Found }[]): Promise<void> => {
  const { ctx, peer, day, bounds } = run
  const at = ctx.clock.now()
  await inTx(ctx, async (tx) => {
    const standing = new Map(
      (
        await kept.standingDifferences(
          tx,
          peer.id,
          named_.map((n) => n.candidate.key),
        )
      ).map((d) => [`${d.key} ${d.kind}`, d]),
    )
    const fresh: store.NewDifference[] = []
    const seen: store.Seen[] = []
    const acts: store.NewAct[] = []
    for (const { candidate: c, found } of named_) {
      const held = standing.get(`${c.key} ${found.kind}`)
      const known = {
        cause: found.cause,
        sides: sidesOf(c),
        proof: { handed: c.handed, withdrawn: c.withdrawn, result: c.result },
        fingerprint: fingerprintOf(c, found, bounds.today),
        subjectId: c.subjectId,
        recordId: c.recordId,
      }
      if (held) {
        const reopen = foundAgain(held, known) === 'find_again'
        seen.push({ id: held.id, ...known, reopen })
        if (reopen)
          acts.push({ differenceId: held.id, peerId: peer.id, action: 'find_again', from: held.state, to: 'open' })
        continue
      }
      const id = newId()
      fresh.push({
        id,
        peerId: peer.id,
        key: c.key,
        kind: found.kind,
        ...known,
        item: c.item,
        division: c.division,
        subjectCode: c.code,
        subjectName: c.name,
        authority: c.authority,
        docNo: c.docNo,
        foundOn: day,
        foundAt: at,
        run: run.id,
      })
      acts.push({ differenceId: id, peerId: peer.id, action: 'find', from: null, to: 'open' })
    }
    await kept.insertDifferences(tx, fresh)
    await kept.seeDifferences(tx, seen, day, run.id)
    await kept.insertActs(tx, acts, at, run.by)
  })
}

const judge = async (run: Run, candidates: readonly Candidate[], sum: Compared): Promise<void> => {
  for (let n = 0; n < candidates.length; n += PAGE) {
    const found = (await named(run.ctx, candidates.slice(n, n + PAGE))).flatMap((candidate) => {
      const all = differencesOf(candidate, run.bounds)
      const tally = tallyOf(all)
      if (tally === 'same') sum.same += 1
      if (candidate.shownHere && tally === 'ruled') sum.ruledHere += 1
      if (candidate.shownHere && tally === 'differing') sum.differingHere += 1
      if (candidate.there && tally === 'ruled') sum.ruledThere += 1
      if (candidate.there && tally === 'differing') sum.differingThere += 1
      return all.map((f) => ({ candidate, found: f }))
    })
    if (found.length) await save(run, found)
    await run.alive()
  }
}

/** Of a row whose subject nobody knows here. */
const unknownOf = (r: compared.ListedRow): Candidate => ({
  subjectId: null,
  recordId: null,
  held: false,
  item: r.item,
  division: null,
  subjectCode: r.subjectCode,
  subjectName: r.subjectName,
  authority: r.authority,
  authorityKey: r.authorityKey,
  docNo: r.documentNumber,
  docKey: r.docKey,
  version: null,
  contentSame: null,
  site: null,
  due: null,
  there: {
    from: r.shownFrom,
    until: r.shownUntil,
    publishedOn: r.publishedOn,
    class: r.class,
    article: r.article,
    version: r.version,
    digest: r.digest,
  },
  shownHere: false,
  handed: null,
  withdrawn: null,
  result: null,
})

/** Every record of both sides once; what each side shows = the same + explained + differing. */
export const compareAll = async (run: Run): Promise<Compared> => {
  const { ctx, peer, bounds, scope } = run
  const db = ctx.db.kysely
  const sum: Compared = {
    shownHere: 0,
    shownThere: 0,
    same: 0,
    sameOtherTerms: 0,
    ruledHere: 0,
    ruledThere: 0,
    differingHere: 0,
    differingThere: 0,
    listedTwice: 0,
  }
  for (let after = START; after !== END; ) {
    const to = (await compared.stretchEnd(db, after, STRETCH)) ?? END
    const ask = { peer, scope, today: bounds.today, toleranceDays: bounds.toleranceDays, after, to }
    const { counts, candidates } = await compared.compareStretch(db, ask)
    for (const name of ['shownHere', 'shownThere', 'same', 'sameOtherTerms'] as const) sum[name] += counts[name]
    await judge(run, candidates, sum)
    await run.alive()
    after = to
  }
  for (let after = 0; ; ) {
    const rows = await compared.unknownListed(db, peer.id, after, PAGE)
    const last = rows.at(-1)
    if (!last) return sum
    sum.shownThere += rows.length
    await judge(run, rows.map(unknownOf), sum)
    after = last.n
  }
}
