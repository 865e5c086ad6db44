/**
 * The demonstration: one invented Guangzhou district, loaded through the same pipeline as real data when a database is empty.
 * Nothing here writes a row by itself: authorities, files, applications, decisions and acknowledgements go through the use
 * cases, with the clock set to the day on which each would have happened.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, createKey, createPerson, giveMandate } from '../capabilities/access/index.ts'
import { AUTHORITY_ROLES } from '../capabilities/access/contract.ts'
import { importFile } from '../capabilities/collection/index.ts'
import { api as exchange, createPeer, feed, readPage } from '../capabilities/exchange/index.ts'
import { catalogItemOn, listRecordsOfSubject } from '../capabilities/records/index.ts'
import { findSubjectByCode } from '../capabilities/subjects/index.ts'
import { type LocalDate, addDays, dayOf, daysBetween } from '../kernel/time.ts'
import { hashPassword } from '../platform/auth.ts'
import { type Actor, type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import { newToken } from '../platform/crypto.ts'
import { playCatalog } from './catalog.ts'
import { playGateways } from './gateways.ts'
import { codeRows, playCorrections } from './corrections.ts'
import { playDeclarations } from './declarations.ts'
import { CASES, type As, atHour, playCase } from './cases.ts'
import { playEndings } from './endings.ts'
import { playExchange } from './exchange.ts'
import { playAgreements } from './agreements.ts'
import { playCertificates } from './certificates.ts'
import { playInbound } from './inbound.ts'
import { playMessages } from './messages.ts'
import { playObjections } from './objections.ts'
import { playOnboarding } from './onboarding.ts'
import { playOversight } from './oversight.ts'
import { playPolicies } from './policies.ts'
import { playQuality } from './quality.ts'
import { playReconciliation } from './reconciliation.ts'
import { type DemoRow, faultyRows, worldRows } from './rows.ts'
import { playResults } from './results.ts'
import { playWays } from './exchange-ways.ts'
import { playPreflight } from './preflight.ts'
import { REGULAR_DAYS, playTimeliness } from './timeliness.ts'
import { playTransfers } from './transfers.ts'
import { playWindow } from './window.ts'
import { ACCOUNTS, type Scene, authoritiesOf, codeOf, peersOf, randomFrom, sceneOf, subjectsOf } from './world.ts'

const SEED = 20_261_122
const SUBJECTS = 2000
const WHOLE: ReadonlySet<string> = new Set(['security_admin', 'auditor'])

export type Demonstration = {
  password: string
  accounts: { login: string; role: string }[]
  peerKeys: { name: string; key: string }[]
}

type Place = { id: string; name: string; code: string; word: string }

const csv = (headings: string[], rows: string[][]): string =>
  `${[headings, ...rows].map((r) => r.map((c) => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',')).join('\r\n')}\r\n`

/** Rows of one authority, item and day of hand-in are one file, as a collector would make it. */
const handIn = async (runtime: Runtime, rows: DemoRow[], places: Record<string, Place>): Promise<void> => {
  const files = Map.groupBy(rows, (r) => `${r.handedIn}|${r.authority}|${r.item}`)
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-demo-'))
  try {
    for (const [key, group] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const { handedIn, authority, item } = group[0]!
      const catalog = catalogItemOn(runtime.policy.catalog, item, handedIn)!
      const fields = catalog.fields.filter((f) => group.some((r) => r.fields[f.key]))
      const path = join(folder, `${places[authority]!.word}-${catalog.name.zh}-${key.slice(0, 10)}.csv`)
      writeFileSync(
        path,
        csv(
          fields.map((f) => f.label.zh),
          group.map((r) => fields.map((f) => r.fields[f.key] ?? '')),
        ),
      )
      const ctx = systemCtx(atHour(runtime, handedIn, 10), 'demonstration')
      const backfill = daysBetween(handedIn, dayOf(runtime.clock.now())) >= REGULAR_DAYS
      await importFile(ctx, { path, item, authority: places[authority]!.code, wayIn: 'seed', backfill })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const setUpAccess = async (ctx: Ctx, scene: Scene, password: string) => {
  const places: Record<string, Place> = {}
  const plan = authoritiesOf(scene)
  for (const [n, a] of plan.entries()) {
    const code = codeOf('11', scene.division, 800_000 + n)
    const made = await createAuthority(ctx, {
      code,
      name: a.name,
      division: a.division,
      system: a.system,
      isCreditOffice: a.creditOffice ?? false,
      duties: a.duties,
    })
    places[a.key] = { id: made.id, name: a.name, code, word: a.word }
  }
  const people = new Map<string, { id: string; actor: Extract<Actor, { kind: 'person' }> }>()
  const passwordHash = await hashPassword(password)
  for (const account of ACCOUNTS) {
    const inside = AUTHORITY_ROLES.some((r) => r === account.role)
    const authorityId = inside && account.authority ? places[account.authority]!.id : null
    const made = await createPerson(ctx, {
      login: account.login,
      name: account.name,
      passwordHash,
      role: account.role,
      mustChange: false,
      // Security and audit look after the whole platform: keys of peers belong to no district.
      ...(authorityId
        ? { authorityId }
        : { division: WHOLE.has(account.role) ? ctx.config.jurisdiction : scene.division }),
    })
    people.set(account.login, {
      id: made.id,
      actor: {
        kind: 'person',
        personId: made.id,
        sessionHash: '',
        name: account.name,
        roles: [account.role],
        authorityId,
        division: scene.division,
        subjectIds: [],
      },
    })
  }
  return { places, people }
}

type PeerSeat = { name: string; ctx: (on: LocalDate, hour: number) => Ctx; key: string }
const setUpPeers = async (runtime: Runtime, scene: Scene, on: LocalDate): Promise<PeerSeat[]> => {
  const ctx = systemCtx(atHour(runtime, on, 9), 'demonstration')
  const seats: PeerSeat[] = []
  for (const p of peersOf(scene)) {
    const peer = await createPeer(ctx, {
      ...p,
      items: ['licence', 'penalty', 'abnormal_list', 'serious_list'],
      contact: '演示联系人',
      legalBasis:
        p.channel === 'necips'
          ? { zh: '《市场监督管理信用修复管理办法》第二十五条', en: 'SAMR Order 107 art. 25' }
          : p.kind === 'third_party'
            ? { zh: '《信用修复管理办法》第二十四条', en: 'NDRC Order 36 art. 24' }
            : { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    })
    const { secret, key } = await createKey(ctx, { name: p.name, peerId: peer.id, scopes: ['feed'] })
    const actor: Actor = {
      kind: 'key',
      keyId: key.id,
      name: p.name,
      authorityId: null,
      peerId: peer.id,
      scopes: ['feed'],
    }
    seats.push({
      name: p.name,
      key: secret,
      ctx: (day, hour) => ({ ...systemCtx(atHour(runtime, day, hour), 'demonstration'), actor }),
    })
  }
  return seats
}

/** What a peer's own program does: pull until there is no more, keep, acknowledge. */
const pull = async (ctx: Ctx, from: string | undefined, acknowledge: boolean): Promise<string | undefined> => {
  let after = from
  for (;;) {
    const page = readPage(await feed(ctx, { after, limit: 1000 }))
    if (acknowledge && page.events.length) {
      await exchange.handlers.acknowledge(ctx, {
        acknowledgements: page.events.map((e) => ({ eventId: e.id, outcome: 'applied' as const, note: '' })),
      })
    }
    after = page.next
    if (!page.more) return after
  }
}

export const seedDemonstration = async (runtime: Runtime, say: (line: string) => void): Promise<Demonstration> => {
  const today = dayOf(runtime.clock.now())
  say('首次启动：正在生成演示数据，约需一分钟… / First start: loading the demonstration, about a minute…')
  const password = `xh-${newToken(6)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '7')}-2026`
  const scene = sceneOf(runtime.config.jurisdiction)
  const random = randomFrom(SEED)
  const { places, people } = await setUpAccess(
    systemCtx(atHour(runtime, addDays(today, -1000), 9), 'demonstration'),
    scene,
    password,
  )
  const subjects = subjectsOf(random, scene, SUBJECTS)
  await handIn(runtime, worldRows(random, subjects, today, places), places)
  await handIn(runtime, codeRows(subjects, scene, today, places), places)
  await handIn(runtime, faultyRows(subjects, today, places), places)

  const idOf = async (n: number) => (await findSubjectByCode(runtime.db.kysely, subjects[n]!.code))!.id
  const longAgo = systemCtx(atHour(runtime, addDays(today, -60), 9), 'demonstration')
  for (const [login, n] of [
    ['company', 0],
    ['company-two', 1],
    ['company-two', 2],
  ] as const) {
    await giveMandate(longAgo, {
      subjectId: await idOf(n),
      personId: people.get(login)!.id,
      kind: 'agent',
      validFrom: addDays(today, -60),
    })
  }

  // Everyone holds what is shown before the first grant; afterwards two fall behind.
  const seats = await setUpPeers(runtime, scene, addDays(today, -30))
  const cursors: (string | undefined)[] = []
  for (const seat of seats) cursors.push(await pull(seat.ctx(addDays(today, -30), 10), undefined, true))

  const as: As = (login, on, hour = 11) => ({
    ...systemCtx(atHour(runtime, on, hour), 'demonstration'),
    actor: people.get(login)!.actor,
  })
  for (let n = 0; n < CASES.length; n++) {
    const subjectId = await idOf(n + 10)
    const authority = (n + 10) % 2 ? 'market' : 'safety'
    const record = (await listRecordsOfSubject(runtime.db.kysely, subjectId, { item: 'penalty' })).find(
      (r) => r.authorityId === places[authority]!.id,
    )!
    await playCase(as, { subjectId, recordId: record.id, authority }, n, today)
  }
  for (const [n, seat] of seats.entries()) {
    // The service platform has fetched and not acknowledged; the third party has not been heard of since.
    if (n === 4) continue
    await pull(seat.ctx(today, 8), cursors[n], n !== 3)
  }

  await playEndings(as, { runtime, scene, places, today, handIn: (rows) => handIn(runtime, rows, places) })
  await playOversight(as, { runtime, scene, places, today, handIn: (rows) => handIn(runtime, rows, places) })
  await playCertificates(as, today)
  await playTransfers(as, { runtime, scene, places, today, handIn: (rows, own) => handIn(runtime, rows, own) })
  await playPreflight(as, today)
  await playTimeliness({ runtime, as, subjects, places, today })
  await playCatalog({ runtime, as, subjects, places, today })
  await playPolicies({ runtime, as, today })
  await playGateways({ runtime, as, subjects, places, today })

  await playCorrections(runtime, as, { subjects, today })
  await playWindow(runtime, as, { subjectId: await idOf(1), places, today })
  await playDeclarations(as, { subjectId: await idOf(0), today })
  const objectors = [30, 31, 32, 33, 34, 35].map(idOf)
  await playObjections(as, {
    runtime,
    today,
    places,
    mine: [await idOf(0), await idOf(1)],
    others: await Promise.all(objectors),
  })

  await playInbound({ runtime, scene, subjects, places, today })
  await playMessages({ runtime, people, today })
  await playReconciliation(as, { runtime, today })
  await playQuality({ runtime, as, subjects, places, division: scene.division, today })

  await playWays(runtime, scene)
  await playResults(runtime, as, today)
  await playAgreements(as, today)
  await playExchange(runtime, scene, today)
  await playOnboarding(as, runtime, scene, today)

  const accounts = ACCOUNTS.map((a) => ({ login: a.login, role: a.role }))
  say('演示账号（仅显示这一次）/ Demonstration accounts (shown this once):')
  for (const a of ACCOUNTS) say(`  ${a.login.padEnd(18)} ${a.role}`)
  say(`  密码 / password: ${password}`)
  say(`  共享对象“${seats[0]!.name}”的接入凭证 / key of the first peer: ${seats[0]!.key}`)
  return { password, accounts, peerKeys: seats.map(({ name, key }) => ({ name, key })) }
}
