/** Subjects with records of each kind, people who decide about them, and the whole way of an application in one call. */
import { createPerson, giveMandate } from '../src/capabilities/access/index.ts'
import { storeRecords } from '../src/capabilities/records/index.ts'
import type { NewRecord } from '../src/capabilities/records/contract.ts'
import { endpoints as more } from '../src/capabilities/repair/contract.consequences.ts'
import { type ApplicationView, type ItemView, endpoints as base } from '../src/capabilities/repair/contract.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import { nameKey } from '../src/kernel/text.ts'
import { type LocalDate, day } from '../src/kernel/time.ts'
import type { SubjectKind } from '../src/kernel/policy.ts'
import type { Role } from '../src/kernel/roles.ts'
import { newId } from '../src/platform/ids.ts'
import { inTx } from '../src/platform/outbox.ts'
import type { Client } from '../web/src/app/client.ts'
import { PASSWORD_HASH, type Platform, codeFrom } from './harness.ts'
import { factsOf } from './records-world.ts'

const endpoints = { ...base, ...more }
export type Repairs = Client<typeof endpoints>
/** What an applicant needs of them. */
type Applicant = Client<typeof base>
let serial = 0
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** GB 11643: the last sign of a person's number follows from the first 17. */
const personIdFrom = (first17: string): string =>
  `${first17}${'10X98765432'[WEIGHTS.reduce((sum, w, i) => sum + w * Number(first17[i]), 0) % 11]}`

export const signedIn = async (p: Platform, who: string): Promise<Repairs> => (await p.as(who)).client(endpoints)

/** A further person in an authority, signed in. */
export const worker = async (p: Platform, role: Role, authorityId: string): Promise<Repairs> => {
  const login = `${role}_${++serial}`.replaceAll('_', '-')
  await createPerson(p.ctx(), { login, name: login, passwordHash: PASSWORD_HASH, role, authorityId, mustChange: false })
  return signedIn(p, login)
}

export type Held = { subjectId: string; name: string; code: string; login: string; company: Repairs }
/** A subject and someone with a mandate for it. */
export const newSubject = async (p: Platform, kind: SubjectKind = 'enterprise'): Promise<Held> => {
  const n = ++serial
  const person = kind === 'natural_person'
  const code = person
    ? personIdFrom(`99999919800101${String(n).padStart(3, '0')}`)
    : codeFrom(`${kind === 'individual_business' ? '92' : '91'}440106MA5${String(n).padStart(6, '0')}`)
  const name = person
    ? `陈第${n}`
    : kind === 'individual_business'
      ? `天河区星衡第${n}小吃店`
      : `广州星衡第${n}贸易有限公司`
  const [answer] = await inTx(p.ctx(), (tx) =>
    resolveSubjects(tx, p.ctx(), [
      { kind, name, ...(person ? { personId: code } : { uscc: code }), division: '440106' },
    ]),
  )
  if (!answer?.ok) throw new Error('no subject')
  const login = `company-${n}`
  const { id } = await createPerson(p.ctx(), {
    login,
    name: login,
    passwordHash: PASSWORD_HASH,
    role: 'enterprise',
    division: '440100',
    mustChange: false,
  })
  await giveMandate(p.ctx(), {
    personId: id,
    subjectId: answer.subjectId,
    kind: 'legal_representative',
    validFrom: '2020-01-01',
  })
  return { subjectId: answer.subjectId, name, code, login, company: await signedIn(p, login) }
}

export type RecordKind =
  | 'penalty'
  | 'samr_penalty'
  | 'abnormal'
  | 'serious'
  | 'licence'
  | 'inspection'
  | 'rating'
  | 'tax_arrears'
  | 'fulfilment'
const DECIDED: Record<RecordKind, LocalDate> = {
  penalty: day('2026-05-06'),
  samr_penalty: day('2026-05-07'),
  abnormal: day('2026-07-01'),
  serious: day('2025-10-08'),
  licence: day('2026-03-02'),
  inspection: day('2026-10-08'),
  rating: day('2026-06-30'),
  tax_arrears: day('2026-07-15'),
  fulfilment: day('2026-08-03'),
}
const ITEMS = {
  penalty: 'penalty',
  samr_penalty: 'penalty',
  abnormal: 'abnormal_list',
  serious: 'serious_list',
  licence: 'licence',
  inspection: 'inspection',
  rating: 'evaluation',
  tax_arrears: 'tax_arrears',
  fulfilment: 'commitment_fulfilment',
}
/** A record of the authority that would decide about its repair. */
export const newRecord = async (
  p: Platform,
  of: {
    subject: Held
    kind: RecordKind
    authority?: keyof Platform['world']['authorities']
    decidedOn?: string
    subjectKind?: SubjectKind
    system?: string
    result?: 'negative' | 'positive'
    authorityId?: string
  },
): Promise<string> => {
  const n = ++serial
  const decidedOn = of.decidedOn ? day(of.decidedOn) : DECIDED[of.kind]
  const samr = !['penalty', 'licence', 'rating', 'tax_arrears', 'fulfilment'].includes(of.kind)
  const authority = of.authority ?? (samr ? 'market' : 'traffic')
  const item = ITEMS[of.kind]
  const docNo = `穗罚〔${decidedOn.slice(0, 4)}〕${n}号`
  const row: NewRecord = {
    subjectId: of.subject.subjectId,
    subjectKind: of.subjectKind ?? 'enterprise',
    division: '440106',
    item,
    authorityId: of.authorityId ?? p.world.authorities[authority],
    authorityKey: nameKey(authority),
    authorityName: authority,
    docNo,
    decidedOn,
    publishedOn: decidedOn,
    fields: { doc_no: docNo, subject_name: of.subject.name, facts: '超出许可范围经营。', content: '罚款' },
    secret: null,
    facts: factsOf({
      item,
      system: of.system ?? (samr ? 'market_supervision' : 'general'),
      subjectKind: of.subjectKind ?? 'enterprise',
      decidedOn,
      publishedOn: decidedOn,
      penaltyKinds: item === 'penalty' ? ['fine'] : [],
      sectorClass: of.kind === 'penalty' ? 'general' : null,
      list: of.kind === 'serious' && !of.system ? 'samr_serious' : null,
      listCause: of.kind === 'abnormal' ? 'annual_report' : null,
      ...(of.result || of.kind === 'inspection' ? { result: of.result ?? ('negative' as const) } : {}),
    }),
    submissionId: newId(),
    rowN: n,
    backfill: false,
  }
  const [outcome] = await inTx(p.ctx(), (tx) => storeRecords(tx, p.ctx(), [row]))
  if (outcome?.verdict !== 'accepted') throw new Error('the record was not accepted')
  return outcome.recordId
}

export const PDF = new TextEncoder().encode('%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n')
export const DOCX_LIKE = new TextEncoder().encode('PK\u0003\u0004[Content_Types].xml word/document.xml')

/** Declares what is open the way that meets it, attaches each required kind once, and signs. */
export const prepare = async (who: Applicant, app: ApplicationView): Promise<ApplicationView> => {
  const key = { subject: app.subjectId, id: app.id }
  for (const item of app.items) {
    const declared = Object.fromEntries((item.eligibility?.open ?? []).map((r) => [r.known, r.wanted]))
    await who.describeItem({ ...key, item: item.id, declared, statement: '已缴清罚款并完成整改。', seen: item.version })
  }
  for (const m of app.materialsNeeded) {
    if (m.required === 'on_request' || m.present) continue
    await who.uploadMaterial({ ...key, kind: m.code, file: { name: '证明.pdf', body: PDF } })
  }
  return app.commitment.text.zh
    ? who.signCommitment({ ...key, agreed: true, seen: app.version })
    : who.getApplication(key)
}

export const drafted = async (
  who: Applicant,
  of: { subject: string; records: string[]; kind?: 'repair' | 'shield' },
): Promise<ApplicationView> => prepare(who, await who.createApplication(of))

export const submitted = async (
  who: Applicant,
  of: { subject: string; records: string[]; kind?: 'repair' | 'shield' },
): Promise<ApplicationView> => {
  const ready = await drafted(who, of)
  return who.submitApplication({ subject: ready.subjectId, id: ready.id, seen: ready.version })
}

/** How an item is named in a call. */
export const at = (item: Pick<ItemView, 'subjectId' | 'id' | 'version'>) => ({
  subject: item.subjectId,
  item: item.id,
  seen: item.version,
})
