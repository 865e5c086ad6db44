import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { usccCheckDigit } from '../src/kernel/codes.ts'
import { nameKey } from '../src/kernel/text.ts'
import { type Instant, type LocalDate, addDays, day, instant } from '../src/kernel/time.ts'
import type { RecordFacts } from '../src/kernel/window.ts'
import { type Ctx, systemCtx } from '../src/platform/context.ts'
import { secretsFrom } from '../src/platform/crypto.ts'
import { openDatabase } from '../src/platform/db/index.ts'
import { openFiles } from '../src/platform/files.ts'
import { openLog } from '../src/platform/log.ts'
import { migrate } from '../src/platform/migrate.ts'
import { loadPolicy } from '../src/platform/policy-files.ts'
import { startPrivatePostgres } from './engines/private-postgres.ts'

export type World = { ctx: Ctx; turn: (day: string) => void; close: () => Promise<void> }

/** A database of its own on one engine, the national rules, a clock that the test turns. */
export const openWorld = async (engine: 'pglite' | 'postgres'): Promise<World> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'xinheng-'))
  const server = engine === 'postgres' ? await startPrivatePostgres() : null
  const databaseUrl = server ? await server.createDatabase('world') : undefined
  const db = await openDatabase({ dataDir: server ? dataDir : ':memory:', ...(databaseUrl ? { databaseUrl } : {}) })
  await migrate(db, new URL('../migrations', import.meta.url).pathname)
  let now: Instant = instant('2026-05-04T02:00:00Z')
  const config = {
    port: 0,
    host: '127.0.0.1',
    dataDir,
    foldersDir: join(dataDir, 'folders'),
    exchangeDir: join(dataDir, 'exchange'),
    databaseUrl,
    jurisdiction: '440100',
    now,
    logLevel: 'silent' as const,
    production: false,
  }
  const ctx = systemCtx(
    {
      db,
      config,
      clock: { now: () => now },
      policy: loadPolicy('440100'),
      secrets: secretsFrom(Buffer.alloc(32, 7)),
      files: openFiles(dataDir),
      log: openLog(config),
    },
    'test',
  )
  return {
    ctx,
    turn: (to) => {
      now = instant(`${to}T02:00:00Z`)
    },
    close: async () => {
      await db.close()
      await server?.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A well-formed code of an enterprise in Tianhe, the same for the same number. */
export const usccOf = (n: number): string => {
  const body = `91440106MA5${String(n).padStart(6, '0')}`
  return `${body}${usccCheckDigit(body)}`
}

export const factsOf = (over: Partial<RecordFacts> = {}): RecordFacts => ({
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-01'),
  publishedOn: day('2026-05-04'),
  procedure: 'ordinary',
  penaltyKinds: ['fine'],
  fineYuan: 60_000,
  discretion: null,
  field: null,
  fineTier: null,
  sectorClass: 'general',
  minorPublished: null,
  termEndsOn: null,
  list: null,
  listCause: null,
  repeatOffender: null,
  ...over,
})

const AUTHORITY = randomUUID()
const SUBMISSION = randomUUID()

/** A penalty on a subject's file; `n` makes the document, `days` earlier the decision. */
export const penalty = (subjectId: string, n: number, over: Partial<NewRecord> = {}): NewRecord => {
  const decidedOn: LocalDate = over.decidedOn ?? addDays(day('2026-05-01'), -(n % 20))
  const docNo = `穗天市监罚〔2026〕${n}号`
  return {
    subjectId,
    subjectKind: 'enterprise',
    division: '440106',
    item: 'penalty',
    authorityId: AUTHORITY,
    authorityKey: nameKey('广州市天河区市场监督管理局'),
    authorityName: '广州市天河区市场监督管理局',
    docNo,
    decidedOn,
    publishedOn: day('2026-05-04'),
    fields: {
      subject_name: '广州星衡贸易有限公司',
      doc_no: docNo,
      facts: '当事人经营过期食品，联系电话13812345678。',
      penalty_kinds: ['fine'],
      content: '罚款',
      fine: '6',
      decided_on: decidedOn,
      legal_representative: '张三丰',
    },
    secret: { representative_id: '11010519491231002X' },
    facts: factsOf({ decidedOn }),
    submissionId: SUBMISSION,
    rowN: n,
    backfill: false,
    ...over,
  }
}
