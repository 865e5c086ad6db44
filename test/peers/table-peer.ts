/**
 * A demonstration peer with an exchange table: a program of its own, which knows nothing but its own database. It carries the rows
 * out in their order, each in one transaction with the outcome that it writes beside it.
 *
 *   node test/peers/table-peer.ts --database postgres://…
 */
import { parseArgs } from 'node:util'
import { Client } from 'pg'

type Row = {
  n: string
  type: string
  subject: string
  name: string | null
  data: { withdrawal: { asks?: { part: string }[] } | null }
}

const { values } = parseArgs({ options: { database: { type: 'string' } } })
if (!values.database) throw new Error('--database is missing')
const db = new Client({ connectionString: values.database })
await db.connect()
await db.query('create table if not exists held (record text primary key, name text)')
const { rows } = await db.query<Row>(
  'select row_number as n, type, subject, subject_name as name, data from xh_out where status = 0 order by row_number',
)
for (const { n, type, subject, name, data } of rows) {
  await db.query('begin')
  if (type === 'record.withdraw') await db.query('delete from held where record = $1', [subject])
  else await db.query('insert into held values ($1, $2) on conflict (record) do update set name = $2', [subject, name])
  const said = (part: string) => (data.withdrawal?.asks?.some((a) => a.part === part) ? 1 : 0)
  await db.query('update xh_out set status = 1, measures = $2, evaluation = $3 where row_number = $1', [
    n,
    said('measures'),
    said('evaluation'),
  ])
  await db.query('commit')
}
const held = await db.query<{ n: number }>('select count(*)::int as n from held')
process.stdout.write(`${JSON.stringify({ acknowledged: rows.length, held: held.rows[0]?.n })}\n`)
await db.end()
