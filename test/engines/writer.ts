/**
 * The victim of the durability tests: opens the database, tells which batches it finds, then writes batches until it is
 * killed and tells each one once the database has acknowledged it.
 */
import { sql } from 'kysely'
import { copyLine, inTx, openDatabase } from '../../src/platform/db/index.ts'

export const ROWS_PER_BATCH = 3
const [where = '', from = '0'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const write = async () => {
  const db = await openDatabase({
    dataDir: where,
    databaseUrl: where.startsWith('postgres') ? where : undefined,
    poolMax: 2,
  })
  await sql`create table if not exists batch (n int, row int, words text, primary key (n, row))`.execute(db.kysely)
  const { rows } = await sql<{ n: number; rows: number }>`select n, count(*) as rows from batch group by n`.execute(
    db.kysely,
  )
  say(`found ${JSON.stringify(rows.map((r) => [r.n, r.rows]))}`)
  const words = '衡'.repeat(200)
  for (let n = Number(from); ; n++) {
    await inTx(db, async (tx) => {
      if (n % 5 === 0) {
        await db.copyRows(
          tx,
          'batch',
          ['n', 'row', 'words'],
          Array.from({ length: ROWS_PER_BATCH }, (_, row) => copyLine([n, row, words])),
        )
      } else {
        for (let row = 0; row < ROWS_PER_BATCH; row++)
          await sql`insert into batch values (${n}, ${row}, ${words})`.execute(tx)
      }
    })
    say(`wrote ${n}`)
  }
}

if (import.meta.main) await write()
