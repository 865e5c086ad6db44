/** What the exchange is measured on: the held records again as events of the log, in commits as bulk intake leaves them, and peers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { openRuntime } from '../src/app.ts'
import { createKey } from '../src/capabilities/access/index.ts'
import { createPeer } from '../src/capabilities/exchange/index.ts'
import { systemCtx } from '../src/platform/context.ts'
import { type Held, HELD, held } from './held.ts'
import { type Server, startPlatform } from './processes.ts'
import type { Yard } from './yard.ts'

/** Events of one commit: as many as bulk intake stores at a time. */
const LUMP = 2_000
/** When all of them were told of. */
export const TOLD_AT = '2026-01-06T02:00:00Z'

/** Ids in the order of the log, as the platform makes them. */
const ID = (n: string) =>
  `(lpad(to_hex(1767600000000 + ${n} / 50), 12, '0') || '7' || substr(md5(${n}::text), 1, 3) || '8' || substr(md5(${n}::text), 4, 15))::uuid`

const EVENTS = `
  with numbered as (
    select r.subject_id, r.id, r.item, r.division, row_number() over (order by r.subject_id) as n
    from records.record r join subjects.subject s on s.id = r.subject_id where s.created_at = '2026-01-05T02:00:00Z'
  ), commits as (
    insert into platform.commit (at) select '${TOLD_AT}' from generate_series(0, ($1::int - 1) / ${LUMP}) returning n
  ), first as (select min(n) as n from commits)
  insert into platform.event (subject_id, at, id, commit_n, kind, record_id, version, item, division, channels)
  select r.subject_id, '${TOLD_AT}', ${ID('r.n')}, first.n + (r.n - 1) / ${LUMP}, 'record.published', r.id, 1, r.item, r.division,
    '{credit_china}'
  from numbered r, first`

/** What follows the log has long come this far. */
const FOLLOWED = `
  update platform.commit c set position = s.position from (
    select n, (select coalesce(max(position), 0) from platform.commit) + row_number() over (order by n) as position
    from platform.commit where position is null) s where c.n = s.n;
  insert into certificates.progress (name, position) select 'register', max(position) from platform.commit
    on conflict (name) do update set position = excluded.position;
  insert into oversight.progress (one, position, at) select true, max(position), now() from platform.commit
    on conflict (one) do update set position = excluded.position;
  insert into quality.counted (one, position, at) select true, max(position), now() from platform.commit
    on conflict (one) do update set position = excluded.position;
  insert into repair.progress (name, position) select 'follow', max(position) from platform.commit
    on conflict (name) do update set position = excluded.position;
  insert into territory.followed (one, position, at) select true, max(position), now() from platform.commit
    on conflict (one) do update set position = excluded.position;
  update timeliness.progress set position = (select max(position) from platform.commit)`

const LOOKS = 50
const LOOK_MS = 100
/** Looks in fifty at which somebody may be at work: what follows the log asks every second or two whether there is anything. */
const MOST_BUSY = 10
const BUSY = `select count(*)::int as n from pg_stat_activity
  where datname = current_database() and state = 'active' and backend_type = 'client backend' and pid <> pg_backend_pid()`
/** Until the platform has worked off what it does once: counts what it finds, checks itself. */
const atRest = async (client: Client): Promise<void> => {
  for (;;) {
    let busy = 0
    for (let look = 0; look < LOOKS; look++) {
      const { rows } = await client.query<{ n: number }>(BUSY)
      if (rows[0]?.n) busy++
      await sleep(LOOK_MS)
    }
    if (busy <= MOST_BUSY) return
  }
}

/** A platform that has done what it does when it starts. Its peers run on this machine, which in production nobody calls. */
export const startAtRest = async ({ env, url }: Held): Promise<Server> => {
  const platform = await startPlatform({ ...env, NODE_ENV: 'bench' })
  const client = new Client({ connectionString: url })
  await client.connect()
  await atRest(client)
  await client.end()
  return platform
}

const tell = async (all: Held): Promise<void> => {
  const client = new Client({ connectionString: all.url })
  await client.connect()
  await client.query(EVENTS, [HELD])
  await client.query(FOLLOWED)
  await client.query('vacuum analyze')
  await (await startAtRest(all)).stop()
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
}

/** The held records, each with the event that tells of it. */
export const told = (yard: Yard): Promise<Held> =>
  yard.once('told', async () => {
    const all = await held(yard)
    await tell(all)
    return all
  })

export type BenchPeer = { id: string; key: string }
/** A peer of the whole city with a key to pull by. */
export const newPeer = async (env: Record<string, string>, name: string, items = ['penalty']): Promise<BenchPeer> => {
  const runtime = await openRuntime({ LOG_LEVEL: 'error', ...env })
  const ctx = systemCtx(runtime, 'bench')
  const peer = await createPeer(ctx, {
    name,
    kind: 'service_platform',
    division: '440100',
    items,
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '信用信息共享目录', en: 'Catalog of shared information' },
    contact: '',
  })
  const { secret } = await createKey(ctx, { name, scopes: ['feed'], peerId: peer.id })
  await runtime.db.close()
  return { id: peer.id, key: secret }
}
