/** What the fault tests share: a file of many rows whose outcome is known, and the reckoning afterwards. */
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { createAuthority, findAuthority } from '../../src/capabilities/access/index.ts'
import { prove } from '../../src/capabilities/balance/index.ts'
import { enterFile } from '../../src/capabilities/collection/index.ts'
import { catalogItemOn } from '../../src/capabilities/records/index.ts'
import { type Instant, day, instant } from '../../src/kernel/time.ts'
import { type Runtime, systemCtx } from '../../src/platform/context.ts'
import { codeFrom, type TestClock, testClock } from '../harness.ts'

/** Bounded where every change is tested; `npm run soak` sets a million. */
export const ROWS = Number(process.env.SOAK_ROWS ?? 20_000)
export const SOAK = process.env.SOAK_ROWS !== undefined
export const FAULT_TIMEOUT_MS = SOAK ? 3 * 3_600_000 : 600_000

const NAME = '虚构故障测试单位'
const CODE = codeFrom('11440106MADX00009')
export const START = '2026-03-02T02:00:00Z'

const FIELDS = {
  subject_name: '',
  subject_category: '法人及非法人组织',
  uscc: '',
  legal_representative: '虚构',
  document_name: '准予行政许可决定书',
  doc_no: '',
  licence_kind: '普通',
  content: '准予经营',
  decided_on: '2026-01-05',
  valid_from: '2026-01-05',
  valid_to: '2031-01-04',
  status: '有效',
  authority_name: NAME,
}
const isWrong = (n: number) => n % 50 === 7
const isAgain = (n: number) => n % 77 === 5 && n > 100
const rowOf = (n: number): string => {
  const told = isAgain(n) ? n - 3 : n
  return Object.values({
    ...FIELDS,
    subject_name: `广州虚构故障第${told}有限公司`,
    uscc: isWrong(told) ? '91440106MADX000000' : codeFrom(`91440106M${String(told).padStart(8, '0')}`),
    doc_no: `穗故许〔2026〕${told}号`,
  }).join(',')
}
export type Expected = { received: number; accepted: number; refused: number; alreadyHeld: number }
const expectedOf = (rows: number): Expected => {
  const counts = { received: rows, accepted: 0, refused: 0, alreadyHeld: 0 }
  for (let n = 1; n <= rows; n++) {
    if (isWrong(isAgain(n) ? n - 3 : n)) counts.refused++
    else if (isAgain(n)) counts.alreadyHeld++
    else counts.accepted++
  }
  return counts
}

/** The file handed in and waiting; nothing of it is worked through yet. */
export const handInMany = async (runtime: Runtime, rows = ROWS): Promise<{ id: string; expected: Expected }> => {
  const ctx = systemCtx(runtime, 'test')
  const known = await findAuthority(runtime.db.kysely, { code: CODE })
  const authority =
    known ??
    ((await createAuthority(ctx, {
      code: CODE,
      name: NAME,
      division: '440106',
      system: 'general',
      duties: ['licence'],
    })) &&
      (await findAuthority(runtime.db.kysely, { code: CODE })))
  const item = catalogItemOn(runtime.policy.catalog, 'licence', day('2026-03-02'))
  const head = Object.keys(FIELDS).map((key) => item?.fields.find((f) => f.key === key)?.label.zh)
  const path = join(runtime.config.dataDir, 'many.csv')
  const lines = function* () {
    yield `${head.join(',')}\r\n`
    for (let n = 1; n <= rows; n++) yield `${rowOf(n)}\r\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
  const stored = await runtime.files.put(createReadStream(path), Number.MAX_SAFE_INTEGER)
  const file = { ...stored, name: 'many.csv', mediaType: 'text/csv' }
  const { id } = await enterFile(ctx, { item: 'licence', authority, file, wayIn: 'web', backfill: false }, () =>
    Promise.resolve(),
  )
  return { id, expected: expectedOf(rows) }
}

/** Runs on, and is turned past a lease that a dead process holds. */
export const faultClock = (): TestClock => testClock(START)
export const minutesOn = (minutes: number): Instant =>
  instant(new Date(Date.parse(START) + minutes * 60_000).toISOString())

export type Standing = { state: string; received: number; readTo: number }
export const standing = async (runtime: Runtime, id: string): Promise<Standing> => {
  const { rows } = await sql<Standing>`
    select state, received, read_to as "readTo" from collection.submission where id = ${id}`.execute(runtime.db.kysely)
  return rows[0]!
}

/** received = accepted + refused + pending + already held at this moment, and the counters are the rows. */
export const mustBalanceNow = async (runtime: Runtime, id: string): Promise<void> => {
  const { rows } = await sql<{ balanced: boolean; counted: boolean }>`
    select s.received = s.accepted + s.refused + s.pending + s.already_held as balanced,
      s.accepted = (select count(*) from records.v_entered e where e.submission_id = s.id)
        and s.refused + s.pending + s.already_held = (select count(*) from collection.row r where r.submission_id = s.id and r.verdict <> 'accepted') as counted
    from collection.submission s where s.id = ${id}`.execute(runtime.db.kysely)
  expect(rows).toEqual([{ balanced: true, counted: true }])
}

/** All is there, once, and the proof against the raw file holds. */
export const mustBeWhole = async (runtime: Runtime, id: string, expected: Expected): Promise<void> => {
  const { rows } = await sql<Expected & { state: string }>`
    select state, received, accepted, refused, already_held as "alreadyHeld" from collection.submission where id = ${id}`.execute(
    runtime.db.kysely,
  )
  expect(rows).toEqual([{ state: 'done', ...expected }])
  const held = await sql<{ records: number; keys: number }>`
    select count(*)::int as records, count(distinct doc_key)::int as keys from records.record where submission_id = ${id}`.execute(
    runtime.db.kysely,
  )
  expect(held.rows).toEqual([{ records: expected.accepted, keys: expected.accepted }])
  expect(await prove(runtime, { all: true })).toMatchObject({ state: 'done', differing: 0, lost: 0 })
}
