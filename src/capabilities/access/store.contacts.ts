import { sql } from 'kysely'
import type { Role } from '../../kernel/roles.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'

/** Every statement on access.contact; both addresses lie sealed. */
export type SealedContact = {
  personId: string
  email: Buffer | null
  workPhone: Buffer | null
  version: number
}
const columns = sql`person_id as "personId", email, work_phone as "workPhone", version`

export const findContact = async (db: Reader, personId: string): Promise<SealedContact | null> =>
  (await sql<SealedContact>`select ${columns} from access.contact where person_id = ${personId}`.execute(db)).rows[0] ??
  null

/** False when somebody else has changed it meanwhile. `seen` 0: it is not there yet. */
export const saveContact = async (
  tx: Tx,
  c: Omit<SealedContact, 'version'>,
  seen: number,
  by: string,
  at: Instant,
): Promise<boolean> => {
  const { rows } = await (seen === 0
    ? sql<{ version: number }>`
        insert into access.contact (person_id, email, work_phone, updated_at, updated_by)
        values (${c.personId}, ${c.email}, ${c.workPhone}, ${at}, ${by})
        on conflict (person_id) do nothing returning version`
    : sql<{ version: number }>`
        update access.contact set email = ${c.email}, work_phone = ${c.workPhone}, version = version + 1,
          updated_at = ${at}, updated_by = ${by}
        where person_id = ${c.personId} and version = ${seen} returning version`
  ).execute(tx)
  return rows.length > 0
}

/** Active people who hold a role in an authority today. */
export const holdersOf = async (db: Reader, authorityId: string, role: Role): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select distinct p.id from access.role r join access.person p on p.id = r.person_id
    where r.authority_id = ${authorityId} and r.role = ${role} and r.ended_at is null and p.state = 'active'
    order by p.id`.execute(db)
  return rows.map((r) => r.id)
}

export const namesOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  if (!ids.length) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from access.person where id = any(${[...ids]}::uuid[])`.execute(db)
  return new Map(rows.map((r) => [r.id, r.name]))
}
