/**
 * When can I repair: every record of a subject with five hundred of them, each with its eligibility, its day and its article,
 * asked over HTTP by whoever acts for the subject. The bare thing reads the same rows by one prepared query.
 */
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { createAuthority, createPerson, giveMandate } from '../src/capabilities/access/index.ts'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { storeRecords } from '../src/capabilities/records/index.ts'
import { endpoints as calendar } from '../src/capabilities/repair/contract.calendar.ts'
import { endpoints as repair } from '../src/capabilities/repair/contract.ts'
import { api } from '../src/capabilities/repair/index.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { nameKey } from '../src/kernel/text.ts'
import { addDays, dayOf } from '../src/kernel/time.ts'
import { systemCtx } from '../src/platform/context.ts'
import { newId } from '../src/platform/ids.ts'
import { inTx } from '../src/platform/outbox.ts'
import { createClient, openTransport } from '../web/src/app/client.ts'
import { type Figure, median, reaches, taken } from './figure.ts'
import { REPORTER } from './import-csv.ts'
import { companyOf } from './invented.ts'
import { startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const RECORDS = 500
const ROUNDS = 5
const CALLS = 20
const GOAL_MS = 50
const PASSWORD = 'xinheng-2026'
/** Every so many days one more: some too young, some ripe, some over. */
const DAYS_APART = 2
const SHARED = 50

const fill = async (env: Record<string, string>): Promise<string> => {
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const authority = await createAuthority(ctx, {
    ...REPORTER,
    division: '440106',
    system: 'general',
    duties: ['penalty'],
  })
  const { id: personId } = await createPerson(ctx, {
    password: PASSWORD,
    mustChange: false,
    login: 'company',
    name: '企业',
    role: 'enterprise',
    division: '440100',
  })
  const { name, code } = companyOf(1)
  const today = dayOf(runtime.clock.now())
  const rowOf = (n: number, subjectId: string): NewRecord => {
    const decidedOn = addDays(today, -(n + 1) * DAYS_APART)
    const docNo = `穗天综罚〔${decidedOn.slice(0, 4)}〕${n}号`
    const about = { item: 'penalty', decidedOn, publishedOn: decidedOn, subjectKind: 'enterprise' } as const
    return {
      ...about,
      subjectId,
      division: '440106',
      authorityId: authority.id,
      authorityKey: nameKey(authority.name),
      authorityName: authority.name,
      docNo,
      fields: { doc_no: docNo, subject_name: name, facts: '未按照规定运输建筑垃圾。', content: '罚款', fine: '6' },
      secret: null,
      facts: {
        ...about,
        system: n % 2 ? 'general' : 'market_supervision',
        procedure: 'ordinary',
        penaltyKinds: ['fine'],
        fineYuan: 60_000,
        discretion: null,
        field: null,
        fineTier: null,
        sectorClass: n % 3 ? 'general' : null,
        minorPublished: null,
        termEndsOn: null,
        list: null,
        listCause: null,
        repeatOffender: null,
      },
      submissionId: newId(),
      rowN: n,
      backfill: false,
    }
  }
  const subjectId = await inTx(ctx, async (tx) => {
    const [subject] = await resolveSubjects(tx, ctx, [{ kind: 'enterprise', name, uscc: code, division: '440106' }])
    if (!subject?.ok) throw new Error('no subject')
    const rows = Array.from({ length: RECORDS }, (_, n) => rowOf(n, subject.subjectId))
    const outcomes = await storeRecords(tx, ctx, rows)
    if (outcomes.some((o) => o.verdict !== 'accepted')) throw new Error('a record was not accepted')
    return subject.subjectId
  })
  await giveMandate(ctx, { personId, subjectId, kind: 'agent', validFrom: '2020-01-01' })
  const actor = {
    kind: 'key',
    keyId: newId(),
    name: 'bench',
    authorityId: authority.id,
    peerId: null,
    scopes: [],
  } as const
  const facts = Array.from({ length: SHARED }, (_, n) => ({
    code,
    docNo: rowOf(n, subjectId).docNo,
    fact: 'dutiesPerformed' as const,
    value: true,
    on: today,
    reference: '',
  }))
  const { rows } = await api.handlers.shareFacts({ ...ctx, actor }, { facts })
  if (rows.some((r) => r.verdict !== 'taken')) throw new Error('a fact was not taken')
  await runtime.db.close()
  return subjectId
}

const BARE = `select r.id, r.item, r.doc_no, r.decided_on, r.facts, r.windows, r.fields, r.inner_fields from records.record r
  where r.subject_id = $1 order by r.decided_on desc, r.id desc limit 500`

export const eligibility = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('eligibility')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('eligibility') }
  const subject = await fill(env)
  const platform = await startPlatform(env)
  const transport = openTransport({ base: platform.url, jar: true })
  await transport.signIn('company', PASSWORD)
  const client = createClient(transport, { ...calendar, ...repair })
  const bare = new Client({ connectionString: url })
  await bare.connect()
  const slowest: number[] = []
  const timed = async (run: () => Promise<number>): Promise<number> => {
    const round: number[] = []
    for (let i = 0; i < CALLS; i++) {
      const began = performance.now()
      const rows = await run()
      round.push(performance.now() - began)
      if (rows !== RECORDS) throw new Error(`${rows} rows instead of ${RECORDS}`)
    }
    slowest.push(Math.max(...round))
    return median(round)
  }
  const dated = async () => (await client.repairCalendar({ subject })).rows.length
  const whole = async () => (await client.myRecords({ subject, limit: RECORDS })).rows.length
  await timed(dated)
  slowest.length = 0
  const pair = await taken(
    ROUNDS,
    () => timed(dated),
    () => timed(async () => (await bare.query({ name: 'bare', text: BARE, values: [subject] })).rows.length),
  )
  const worst = Math.round(Math.max(...slowest))
  await timed(whole)
  const full = await timed(whole)
  await platform.stop()
  await bare.end()
  const note = `${RECORDS} records; the slowest of ${ROUNDS * CALLS} calls ${worst} ms; with routes, windows and materials ${Math.round(full)} ms`
  return [reaches('eligibility', 'ms', pair, { goal: GOAL_MS, better: 'less', note })]
}
