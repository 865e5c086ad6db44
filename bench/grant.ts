/**
 * Granting an item: decide, version check, act and letter, disposition and projection, audit, outbox, through the HTTP API as an officer
 * signed in. The bare route does begin, update, insert, insert, commit.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { createAuthority, createPerson, giveMandate } from '../src/capabilities/access/index.ts'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { storeRecords } from '../src/capabilities/records/index.ts'
import { type ItemView, endpoints } from '../src/capabilities/repair/contract.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { nameKey } from '../src/kernel/text.ts'
import { addDays, dayOf } from '../src/kernel/time.ts'
import { systemCtx } from '../src/platform/context.ts'
import { newId } from '../src/platform/ids.ts'
import { inTx } from '../src/platform/outbox.ts'
import { createClient, openTransport } from '../web/src/app/client.ts'
import { costs, serverPid } from './cpu.ts'
import { type Figure, type Pair, ratioOf, shareOf, taken } from './figure.ts'
import { REPORTER } from './import-csv.ts'
import { companyOf } from './invented.ts'
import { startBare, startLoad, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

const ROUNDS = 5
/**
 * A round is longer than what follows decisions waits for its turn, so that it runs in the middle of it; the first is for both sides to get
 * warm.
 */
const GRANTS = 12_000
/**
 * What either side can do at the most: so many ask each that it has no more to gain from another. The route has ten connections to
 * the database and gains nothing from more askers; decisions go together, the more the better. What becomes of it with ten, and with
 * one alone, is said beside it.
 */
const MANY: Asking = { ours: 64, bare: 10, grants: GRANTS }
const FEW: Asking = { ours: 10, bare: 10, grants: 4_000 }
const ALONE: Asking = { ours: 1, bare: 1, grants: 300 }
const ROUNDS_BESIDE = 3
type Asking = { ours: number; bare: number; grants: number }
const PASSWORD = 'xinheng-2026'
/** Long enough ago that the least time of being shown is over. */
const DAYS_AGO = 200
const STEP_MS = 200

type World = { subjectId: string; recordId: string }

/** A company with one penalty that is ripe for repair, someone who acts for it, and an officer of the authority. */
const begin = async (env: Record<string, string>): Promise<World> => {
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const authority = await createAuthority(ctx, {
    ...REPORTER,
    division: '440106',
    system: 'general',
    duties: ['penalty'],
  })
  const account = { password: PASSWORD, mustChange: false }
  await createPerson(ctx, { ...account, login: 'officer', name: '经办人', role: 'officer', authorityId: authority.id })
  const company = await createPerson(ctx, {
    ...account,
    login: 'company',
    name: '企业',
    role: 'enterprise',
    division: '440100',
  })
  const { name, code } = companyOf(1)
  const decidedOn = addDays(dayOf(runtime.clock.now()), -DAYS_AGO)
  const docNo = `穗天综罚〔${decidedOn.slice(0, 4)}〕1号`
  const world = await inTx(ctx, async (tx) => {
    const [subject] = await resolveSubjects(tx, ctx, [{ kind: 'enterprise', name, uscc: code, division: '440106' }])
    if (!subject?.ok) throw new Error('no subject')
    const about = { item: 'penalty', decidedOn, publishedOn: decidedOn, subjectKind: 'enterprise' } as const
    const row: NewRecord = {
      ...about,
      subjectId: subject.subjectId,
      division: '440106',
      authorityId: authority.id,
      authorityKey: nameKey(authority.name),
      authorityName: authority.name,
      docNo,
      fields: {
        doc_no: docNo,
        subject_name: name,
        facts: '未按照规定运输建筑垃圾。',
        content: '罚款人民币60000元',
        fine: '6',
      },
      secret: null,
      facts: {
        ...about,
        system: 'general',
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
      },
      submissionId: newId(),
      rowN: 1,
      backfill: false,
    }
    const [outcome] = await storeRecords(tx, ctx, [row])
    if (outcome?.verdict !== 'accepted') throw new Error('the record was not accepted')
    return { subjectId: subject.subjectId, recordId: outcome.recordId }
  })
  await giveMandate(ctx, { personId: company.id, subjectId: world.subjectId, kind: 'agent', validFrom: '2020-01-01' })
  await runtime.db.close()
  return world
}

const signedIn = async (base: string, login: string) => {
  const transport = openTransport({ base, jar: true })
  await transport.signIn(login, PASSWORD)
  return createClient(transport, endpoints)
}
const PDF = new TextEncoder().encode('%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n')

/** One item on the whole way through the API, up to the officer's acceptance. */
const acceptedItem = async (base: string, of: World): Promise<ItemView> => {
  const company = await signedIn(base, 'company')
  const app = await company.createApplication({ subject: of.subjectId, records: [of.recordId] })
  const key = { subject: app.subjectId, id: app.id }
  for (const item of app.items) {
    const declared = Object.fromEntries((item.eligibility?.open ?? []).map((r) => [r.known, r.wanted]))
    await company.describeItem({
      ...key,
      item: item.id,
      declared,
      statement: '已缴清罚款并完成整改。',
      seen: item.version,
    })
  }
  for (const m of app.materialsNeeded)
    if (m.required !== 'on_request')
      await company.uploadMaterial({ ...key, kind: m.code, file: { name: '证明.pdf', body: PDF } })
  const signed = await company.signCommitment({ ...key, agreed: true, seen: app.version })
  const sent = await company.submitApplication({ ...key, seen: signed.version })
  const [item] = sent.items
  if (!item) throw new Error('no item')
  const officer = await signedIn(base, 'officer')
  return officer.acceptItem({ subject: item.subjectId, item: item.id, seen: item.version, note: '' })
}

const columnsOf = async (client: Client, table: string): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  return rows.map((r) => r.name)
}

const COUNTED = `select exists (select 1 from territory.known where subject_id = $1)
  and exists (select 1 from timeliness.entry where record_id = $2)
  and exists (select 1 from oversight.entry where subject_id = $1 and what = 'accepted')
  and exists (select 1 from certificates.letter where subject_id = $1 and told_at is not null) as counted`
const counted = async (client: Client, of: World): Promise<void> => {
  for (;;) {
    const { rows } = await client.query<{ counted: boolean }>(COUNTED, [of.subjectId, of.recordId])
    if (rows[0]?.counted) return
    await sleep(STEP_MS)
  }
}

/** What changes so much is vacuumed after a minute, which would fall into the middle of one side. */
const NO_VACUUM = `do $$ declare t regclass; begin
  for t in select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
  loop execute format('alter table %s set (autovacuum_enabled = off)', t); end loop; end $$`

/** Every place up to which the log of commits has been followed. */
const FOLLOWED = `
  select coalesce(bool_and(p.position >= c.position), false) as followed
  from (select position from platform.commit where n = $1) c cross join (
    select position from certificates.progress
    union all select position from oversight.progress
    union all select position from repair.progress
    union all select position from timeliness.progress
    union all select position from territory.followed
  ) p`
/** All that had been decided by now has been followed by whoever does so within seconds: registers, receipts, counts. */
const followed = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ n: string }>('select max(n) as n from platform.commit')
  for (;;) {
    const answer = await client.query<{ followed: boolean }>(FOLLOWED, [rows[0]?.n])
    if (answer.rows[0]?.followed) return
    await sleep(STEP_MS)
  }
}

/** The subject, its record, application, item and acts, so many times over, each with ids of its own. */
const clone = async (client: Client, of: World & { applicationId: string; itemId: string }, count: number) => {
  await client.query(`create table bench.clone as
    select gen_random_uuid() as subject_id, gen_random_uuid() as record_id, gen_random_uuid() as application_id, gen_random_uuid() as item_id
    from generate_series(1, ${count})`)
  const copy = async (table: string, where: string, fresh: Record<string, string>) => {
    const columns = await columnsOf(client, table)
    const values = columns.map((c) => fresh[c] ?? `t.${c}`)
    await client.query(
      `insert into ${table} (${columns.join()}) select ${values.join()} from bench.clone k, ${table} t where ${where}`,
    )
  }
  const mine = `t.subject_id = '${of.subjectId}'`
  // What has long been counted is counted for the copies as well.
  await counted(client, of)
  await copy('subjects.subject', `t.id = '${of.subjectId}'`, { id: 'k.subject_id', uscc: 'null' })
  await copy('records.record', mine, { subject_id: 'k.subject_id', id: 'k.record_id' })
  await copy('territory.known', mine, { subject_id: 'k.subject_id', code: 'null' })
  await copy('timeliness.entry', mine, { subject_id: 'k.subject_id', record_id: 'k.record_id' })
  await copy('repair.application', mine, { subject_id: 'k.subject_id', id: 'k.application_id' })
  const item = {
    subject_id: 'k.subject_id',
    id: 'k.item_id',
    application_id: 'k.application_id',
    record_id: 'k.record_id',
  }
  await copy('repair.item', mine, item)
  const actOf = (id: string) => `md5(k.item_id::text || ${id}::text)::uuid`
  await copy('repair.act', mine, { subject_id: 'k.subject_id', id: actOf('t.id'), item_id: 'k.item_id' })
  // The letter of the acceptance has been in the register since that day.
  await copy('certificates.letter', mine, {
    subject_id: 'k.subject_id',
    id: actOf('t.id'),
    item_id: 'k.item_id',
    code: 'md5(k.item_id::text || t.code)',
  })
  await copy('oversight.entry', mine, {
    subject_id: 'k.subject_id',
    act_id: actOf('t.act_id'),
    item_id: 'k.item_id',
    record_id: 'k.record_id',
  })
  const { rows } = await client.query<{ subject_id: string; item_id: string }>(
    // In no order in which they lie on the disk.
    'select subject_id, item_id from bench.clone order by item_id',
  )
  return rows
}

const BARE_TABLES = `
  create schema bench;
  create table bench.item (id uuid primary key, state text not null, version integer not null, details jsonb not null);
  create table bench.act (id uuid primary key, item_id uuid not null, at timestamptz not null, details jsonb not null);
  create index on bench.act (item_id);
  create table bench.event (id uuid primary key, item_id uuid not null, at timestamptz not null, details jsonb not null);
  create index on bench.event (item_id)`

/** The cookie and the token of an officer who has signed in, as the load sends them. */
const credentials = async (base: string): Promise<Record<string, string>> => {
  const signed = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'officer', password: PASSWORD }),
  })
  const { csrf } = (await signed.json()) as { csrf: string }
  const cookie = signed.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { cookie, 'x-csrf-token': csrf }
}

export const grant = async (yard: Yard): Promise<Figure[]> => {
  const url = await yard.database('grant')
  const env = { DATABASE_URL: url, DATA_DIR: yard.dataDir('grant') }
  const world = await begin(env)
  const platform = await startPlatform(env)
  const bare = await startBare(url)
  const load = startLoad()
  const item = await acceptedItem(platform.url, world)
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(BARE_TABLES)
  const count = (ROUNDS + 1) * MANY.grants + ROUNDS_BESIDE * (FEW.grants + ALONE.grants)
  const items = await clone(client, { ...world, applicationId: item.applicationId, itemId: item.id }, count)
  await client.query(`insert into bench.item select item_id, 'accepted', ${item.version}, '{}' from bench.clone`)
  await client.query('vacuum analyze')
  await client.query(NO_VACUUM)
  await client.query('checkpoint')
  const server = await serverPid(url)
  const database = { name: 'database', pid: server, withChildren: true }
  await client.end()

  const body = JSON.stringify({ seen: item.version, note: '' })
  const headers = await credentials(platform.url)
  await load.load(
    'ours',
    items.map((i) => ({
      method: 'POST',
      path: `/api/v1${endpoints.grantItem.path.replace(':subject', i.subject_id).replace(':item', i.item_id)}`,
      headers,
      body,
    })),
  )
  await load.load(
    'bare',
    items.map((i) => ({ method: 'POST', path: `/items/${i.item_id}/grant`, body })),
  )
  const ours = [{ name: 'platform', pid: platform.pid }, database]
  const deciding = costs(ours)
  const following = costs(ours)
  const floor = costs([{ name: 'route', pid: bare.pid }, database])
  const watch = new Client({ connectionString: url })
  await watch.connect()
  const both = (rounds: number, { grants, ...of }: Asking) =>
    taken(
      rounds,
      async () => {
        const decide = () => load.run({ set: 'ours', port: platform.port, connections: of.ours, count: grants })
        const { perSecond } = await deciding.during(decide, () => grants)
        // What is still followed of it would be in the way of the bare route.
        await following.during(
          () => followed(watch),
          () => grants,
        )
        return perSecond
      },
      async () => {
        const decide = () => load.run({ set: 'bare', port: bare.port, connections: of.bare, count: grants })
        return (await floor.during(decide, () => grants)).perSecond
      },
    )
  await both(1, MANY)
  for (const cost of [deciding, following, floor]) cost.reset()
  const pair = await both(ROUNDS, MANY)
  const [decided, after, bareCost] = [deciding, following, floor].map((c) => c.words())
  const few = await both(ROUNDS_BESIDE, FEW)
  const alone = await both(ROUNDS_BESIDE, ALONE)
  await watch.end()
  await Promise.all([platform.stop(), bare.stop(), load.stop()])
  const share = (of: Pair) => ratioOf(of).toFixed(2)
  return [
    shareOf('grant', 'grants/s', pair, {
      goal: 0.6,
      note: `${MANY.ours} at once, bare ${MANY.bare}; both ${FEW.ours} ${share(few)}, one at a time ${share(alone)}; processor ${decided}, for what follows afterwards ${after}, bare ${bareCost}`,
    }),
  ]
}
