import type { Db, Tx } from '../../platform/db/index.ts'
import { basisOf, isHeld, loadBasis } from './basis.ts'
import type { PublicPage, PublicRow } from './contract.ts'
import { pendingMarks } from './marks.ts'
import { unpack, unpackFacts } from './rules.ts'
import { type PageRaw, oneRow, pageRows } from './store.pages.ts'

const gather = async (db: Db | Tx, rows: PageRaw[]): Promise<PublicPage | null> => {
  const first = rows[0]
  if (!first) return null
  const held = rows.filter((r) => r.id !== null)
  const unread = held.flatMap((r) => r.windows.flatMap((w) => (isHeld(w.basis) ? [] : [w.basis])))
  if (unread.length) await loadBasis(db, unread)
  const marks = await pendingMarks(db, held as { subjectId: string; id: string; disposed: number }[])
  const all = held.map((r): PublicRow => {
    const facts = unpackFacts(r.facts)
    return {
      subjectId: r.subjectId,
      id: r.id as string,
      item: r.item,
      authorityName: r.authorityName,
      docNo: r.docNo,
      decidedOn: r.decidedOn,
      publishedOn: r.publishedOn,
      version: r.version,
      publicFields: r.publicFields,
      facts,
      windows: unpack(r.windows, facts, basisOf),
      class: r.class,
      disputed: marks.has(r.id as string),
    }
  })
  const { code, name, kind, division, status } = first
  return {
    subject: { code, name, kind, division, status },
    // What is shown without being dishonesty information: licences, and whatever else the catalog opens.
    licences: all.filter((r) => r.class === 'none'),
    adverse: all.filter((r) => r.class !== 'none'),
  }
}

/** The subject by its code and both parts of what is shown about it on a day; null when nobody has the code. */
export const publicPage = async (db: Db | Tx, ask: Parameters<typeof pageRows>[1]): Promise<PublicPage | null> =>
  gather(db, await pageRows(db, ask))

/** One record, if it is shown on that day and belongs to the subject with this code. */
export const publicRecord = async (
  db: Db | Tx,
  ask: Parameters<typeof oneRow>[1],
): Promise<{ subject: PublicPage['subject']; record: PublicRow } | null> => {
  const page = await gather(db, await oneRow(db, ask))
  const record = page?.licences[0] ?? page?.adverse[0]
  return page && record ? { subject: page.subject, record } : null
}
