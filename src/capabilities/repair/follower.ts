import { sql } from 'kysely'
import { fill } from '../../kernel/words.ts'
import type { SubjectFollower } from '../subjects/contract.ts'
import { refusals } from './contract.ts'
import { OPEN_STATES } from './states.ts'

/**
 * What repair keeps on a subject's file. An application goes with the file as a whole; while one is under way the file stays
 * where it is, and a record that was ever in one cannot leave its application behind.
 */
export const follower: SubjectFollower = {
  tables: [
    { table: 'repair.application', key: ['id'], words: { zh: '修复申请', en: 'Repair applications' } },
    { table: 'repair.item', key: ['id'] },
    { table: 'repair.act', key: ['id'] },
    { table: 'repair.material', key: ['id'] },
    { table: 'repair.fact', key: ['id'], record: 'record_id', words: { zh: '共享事实', en: 'Shared facts' } },
    { table: 'repair.hand_over', key: ['id'] },
    { table: 'repair.window_notice', key: ['id'] },
    { table: 'repair.calendar_feed', key: ['id'], unique: ['person_id'] },
    { table: 'repair.prompt', key: ['record_id', 'may_from'], record: 'record_id' },
    { table: 'repair.link', key: ['id'], record: 'record_id' },
    { table: 'repair.duty', key: ['id'] },
    { table: 'repair.bar', key: ['id'], words: { zh: '不得申请修复的期限', en: 'Bars on applications' } },
  ],
  inTheWay: async (db, { subjectId, records, which, since }) => {
    const { rows } = await sql<{ no: string | null; docNo: string }>`
      select a.no, i.doc_no as "docNo" from repair.item i
      join repair.application a on a.subject_id = i.subject_id and a.id = i.application_id
      where i.subject_id = ${subjectId}
        and ${records ? sql`i.record_id = any(${[...records]}::uuid[])` : sql`true`}
        and ${which === 'open' ? sql`i.state in (${sql.join([...OPEN_STATES])})` : sql`true`}
        and ${since ? sql`a.created_at >= ${since}` : sql`true`}
      order by i.id limit 5`.execute(db)
    const first = rows[0]
    if (!first) return []
    const params = { no: first.no ?? '—', doc: rows.map((r) => r.docNo) }
    const code = which === 'open' ? 'REPAIR_UNDER_WAY' : 'RECORD_IN_APPLICATION'
    const { zh, en } = refusals[code]
    return [{ code, params, words: { zh: fill(zh, params, 'zh'), en: fill(en, params, 'en') } }]
  },
}
