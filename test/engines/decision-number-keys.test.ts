import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docKey } from '../../src/kernel/text.ts'
import { type Database, openDatabase } from '../../src/platform/db/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { type PrivatePostgres, startPrivatePostgres } from './private-postgres.ts'

const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname
const BEFORE = '0010'
/** The key as it was computed up to migration 0009. */
const formerKey = (docNo: string): string =>
  docNo
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200b]+/g, '')
    .replace(/[〔【[［{｛〖﹝「『〈《<]/g, '(')
    .replace(/[〕】\]］}｝〗﹞」』〉》>]/g, ')')
    .replace(/[‐-―−－–—]/g, '-')
    .toUpperCase()
    .replace(/第(?=\d)/g, '')

const NUMBERS = [
  '穗天综罚〔2026〕第15号',
  '穗天综罚【2026】 16 号',
  '穗天综罚（２０２６）１７',
  '穗天综罚[2026]18號',
  '粤A──2026──19',
  '粤A——2026—20号',
  '第A21号',
  '穗〔2026〕22号之一',
  '粤妆20160023',
  '号',
  'JY14401060024〜1',
  '2026-25号',
  '穗〔2026〕26号号',
  '穗〔2026〕第第27号',
]

let server: PrivatePostgres
beforeAll(async () => {
  server = await startPrivatePostgres()
}, 60_000)
afterAll(() => server.stop())

describe.each(['pglite', 'postgres'] as const)('decision numbers held under the former key, on %s', (engine) => {
  let folder: string
  let db: Database
  const subject = newId()
  const insert = async (docNo: string, at: string, key = formerKey(docNo)) => {
    const id = newId()
    await sql`
      insert into records.record (subject_id, id, item, authority_id, authority_key, authority_name, doc_no, doc_key, decided_on,
        published_on, recorded_at, version, fingerprint, fields, facts, windows, class, submission_id, row_n)
      values (${subject}, ${id}, 'penalty', ${subject}, 'A', '甲', ${docNo}, ${key}, '2026-01-01', '2026-01-02', ${at}, 1, 'f', '{}',
        '{}', '[]', 'none', ${subject}, 1)`.execute(db.kysely)
    return id
  }
  const keyOf = async (id: string) =>
    (await sql<{ key: string }>`select doc_key as key from records.record where id = ${id}`.execute(db.kysely)).rows[0]
      ?.key

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'))
    const copy = (those: (name: string) => boolean) => {
      for (const name of readdirSync(MIGRATIONS).filter((n) => n.endsWith('.sql') && those(n)))
        cpSync(join(MIGRATIONS, name), join(folder, name))
    }
    copy((name) => name < BEFORE)
    const databaseUrl = engine === 'postgres' ? await server.createDatabase('keys') : undefined
    db = await openDatabase({ dataDir: ':memory:', databaseUrl })
    await migrate(db, folder)
    copy((name) => name.startsWith(BEFORE))
  }, 60_000)
  afterAll(async () => {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('take the key that arrivals have from now on; of two spellings of one number the first keeps it', async () => {
    const ids = new Map<string, string>()
    for (const docNo of NUMBERS) ids.set(docNo, await insert(docNo, '2026-02-01T00:00:00Z'))
    // Held twice under two spellings: the former key told them apart.
    const first = await insert('穗天综罚〔2026〕30', '2026-02-01T00:00:00Z')
    const second = await insert('穗天综罚〔2026〕30号', '2026-02-02T00:00:00Z')
    const earlier = await insert('穗天综罚〔2026〕31号', '2026-02-01T00:00:00Z')
    const later = await insert('穗天综罚〔2026〕31號', '2026-02-02T00:00:00Z')
    await migrate(db, folder)
    for (const [docNo, id] of ids) if (docNo !== '号') expect([docNo, await keyOf(id)]).toEqual([docNo, docKey(docNo)])
    expect(await keyOf(first)).toBe('穗天综罚(2026)30')
    expect(await keyOf(second)).toBe('穗天综罚(2026)30号')
    expect(await keyOf(earlier)).toBe('穗天综罚(2026)31')
    expect(await keyOf(later)).toBe('穗天综罚(2026)31號')
    const all = await sql<{ n: number }>`select count(*)::int as n from records.record`.execute(db.kysely)
    expect(all.rows[0]?.n).toBe(NUMBERS.length + 4)
  })
})
