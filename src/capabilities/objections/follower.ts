import { sql } from 'kysely'
import { fill } from '../../kernel/words.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { refusals } from './contract.ts'

/**
 * What objections keep on a subject's file. They go with the file as a whole; while one is pending the file stays where it is,
 * and a record that was ever objected to cannot leave its objection behind.
 */
export const follower: SubjectFollower = {
  tables: [
    { table: 'objections.objection', key: ['id'], words: { zh: '异议', en: 'Objections' } },
    { table: 'objections.act', key: ['id'] },
    { table: 'objections.evidence', key: ['id'] },
    { table: 'objections.report', key: ['id'], record: 'record_id' },
    { table: 'objections.finding', key: ['id'], record: 'record_id' },
    { table: 'objections.review', key: ['id'], record: 'record_id', words: { zh: '复议诉讼登记', en: 'Reviews' } },
  ],
  inTheWay: async (db, { subjectId, records, which, since }) => {
    const { rows } = await sql<{ no: string | null; docNo: string }>`
      select o.no, o.doc_no as "docNo" from objections.objection o
      where o.subject_id = ${subjectId}
        and ${records ? sql`o.record_id = any(${[...records]}::uuid[])` : sql`true`}
        and ${which === 'open' ? sql`o.state in ('submitted', 'verifying')` : sql`true`}
        and ${since ? sql`o.created_at >= ${since}` : sql`true`}
      order by o.id limit 5`.execute(db)
    const first = rows[0]
    if (!first) return []
    const params = { no: first.no ?? '—', doc: rows.map((r) => r.docNo) }
    const code = which === 'open' ? 'OBJECTION_UNDER_WAY' : 'RECORD_IN_OBJECTION'
    const { zh, en } = refusals[code]
    return [{ code, params, words: { zh: fill(zh, params, 'zh'), en: fill(en, params, 'en') } }]
  },
}
