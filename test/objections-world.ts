/** Penalties as an authority hands them in, companies that object to them, and the people who deal with that. */
import { sql } from 'kysely'
import { createAuthority, createPerson, giveMandate } from '../src/capabilities/access/index.ts'
import { endpoints as collectionEndpoints } from '../src/capabilities/collection/contract.ts'
import { runImports } from '../src/capabilities/collection/jobs.ts'
import { type ObjectionView, endpoints } from '../src/capabilities/objections/contract.ts'
import type { Ground } from '../src/capabilities/objections/words.ts'
import { endpoints as recordEndpoints } from '../src/capabilities/records/contract.ts'
import type { Role } from '../src/kernel/roles.ts'
import type { Client } from '../web/src/app/client.ts'
import { type Caller, PASSWORD_HASH, type Platform } from './harness.ts'
import { DISTRICT, DISTRICT_CODE, type PenaltyRow, csvOf, penalty } from './penalty-rows.ts'

export type Objections = Client<typeof endpoints>
export type Held = { subject: string; record: string; docNo: string; version: number; shown: boolean }

export type Desk = {
  authority: string
  callers: Record<'collector' | 'officer' | 'colleague' | 'head', Caller>
  officer: Objections
  colleague: Objections
  head: Objections
  office: Objections
  window: Objections
  /** Hands rows in, and answers how the submission ended and the records held. */
  send: (
    rows: PenaltyRow[],
  ) => Promise<{ id: string; accepted: number; refused: number; alreadyHeld: number; problems: string[] }>
  held: (n: number) => Promise<Held>
  company: (subject: string) => Promise<Objections>
  loginOf: (subject: string) => string
  /** Anew: sessions do not last over days. */
  signIn: () => Promise<void>
  objects: (to: Held, ground: Ground, statement?: string) => Promise<ObjectionView>
}

let people = 0
const hire = async (p: Platform, role: Role, authorityId: string): Promise<string> => {
  const login = `desk-${role.replaceAll('_', '-')}-${++people}`
  await createPerson(p.ctx(), { login, name: login, passwordHash: PASSWORD_HASH, role, authorityId, mustChange: false })
  return login
}

export const openDesk = async (p: Platform): Promise<Desk> => {
  const place = { division: '440103', system: 'general' as const, duties: ['penalty', 'licence'] }
  const { id: authority } = await createAuthority(p.ctx(), { code: DISTRICT_CODE, name: DISTRICT, ...place })
  const staff = {
    collector: await hire(p, 'collector', authority),
    officer: await hire(p, 'officer', authority),
    colleague: await hire(p, 'officer', authority),
    head: await hire(p, 'head', authority),
  }
  const callers = {} as Desk['callers']
  const companies = new Map<string, Objections>()
  const logins = new Map<string, string>()
  const company = async (subject: string): Promise<Objections> => {
    const known = companies.get(subject)
    if (known) return known
    const back = logins.get(subject)
    if (back) {
      const client = (await p.as(back)).client(endpoints)
      companies.set(subject, client)
      return client
    }
    const login = `desk-company-${++people}`
    const made = { login, name: login, passwordHash: PASSWORD_HASH, role: 'enterprise' as const, division: '440100' }
    const { id } = await createPerson(p.ctx(), { ...made, mustChange: false })
    const mandate = { personId: id, subjectId: subject, kind: 'legal_representative' as const, validFrom: '2020-01-01' }
    await giveMandate(p.ctx(), mandate)
    const client = (await p.as(login)).client(endpoints)
    companies.set(subject, client)
    logins.set(subject, login)
    return client
  }
  const send: Desk['send'] = async (rows) => {
    const client = callers.collector.client(collectionEndpoints)
    const s = await client.submitFile({ item: 'penalty', file: { name: 'a.csv', body: csvOf(rows) } })
    await runImports(p.runtime)
    const { accepted, refused, alreadyHeld } = await client.getSubmission({ id: s.id })
    const listed = await client.listRows({ id: s.id })
    const problems = listed.rows.flatMap((r) => r.problems.map((x) => x.code))
    return { id: s.id, accepted, refused, alreadyHeld, problems }
  }
  const held = async (n: number): Promise<Held> => {
    const docNo = penalty(n).行政处罚决定书文号!
    const { rows } = await callers.officer.client(recordEndpoints).listAuthorityRecords({ docNo })
    const row = rows[0]
    if (!row) throw new Error(`no record ${docNo}`)
    return { subject: row.subjectId, record: row.id, docNo, version: row.version, shown: row.shown }
  }
  const signIn = async (): Promise<void> => {
    for (const [who, login] of Object.entries(staff)) callers[who as keyof typeof staff] = await p.as(login)
    desk.officer = callers.officer.client(endpoints)
    desk.colleague = callers.colleague.client(endpoints)
    desk.head = callers.head.client(endpoints)
    desk.office = (await p.as('credit_office')).client(endpoints)
    desk.window = (await p.as('window_clerk')).client(endpoints)
    companies.clear()
  }
  const desk = {
    authority,
    callers,
    signIn,
    send,
    held,
    company,
    loginOf: (subject) => logins.get(subject) ?? '',
    objects: async (to, ground, statement = '决定书内容与公示内容不一致。') => {
      const who = await company(to.subject)
      const draft = await who.createObjection({ subject: to.subject, record: to.record, ground, statement })
      return who.submitObjection(at(draft))
    },
  } as Desk
  await desk.signIn()
  return desk
}

/** How an objection is named in a call. */
export const at = (o: Pick<ObjectionView, 'subjectId' | 'id' | 'version'>) => ({
  subject: o.subjectId,
  id: o.id,
  seen: o.version,
})
export const key = (o: Pick<ObjectionView, 'subjectId' | 'id'>) => ({ subject: o.subjectId, id: o.id })
export const ANSWER = '经核对处罚决定书，公示内容与决定书不一致，予以更正。'
/** As the administrator would do it, without the ceremony. */
export const setActive = async (p: Platform, authority: string, active: boolean): Promise<void> => {
  await sql`update access.authority set active = ${active} where id = ${authority}`.execute(p.runtime.db.kysely)
}
