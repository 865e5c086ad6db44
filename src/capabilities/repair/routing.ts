import type { Eligibility } from '../../kernel/eligibility.ts'
import { mustNot } from '../../kernel/decision.ts'
import { covers, territoryPrefix } from '../../kernel/territory.ts'
import type { Ctx } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { Reader } from '../../platform/db/index.ts'
import { type Authority, authorityById, listAuthorities } from '../access/index.ts'
import type { RecordRow } from '../records/contract.ts'
import type { Kind } from './states.ts'
import type { NewItem } from './store.ts'

/** The nearest office over a place: of its own county first, then of its city, then of its province. */
const nearest = (offices: readonly Authority[], division: string | null): Authority | null =>
  offices
    .filter((o) => covers(o.division, division))
    .toSorted((a, b) => territoryPrefix(b.division).length - territoryPrefix(a.division).length)[0] ?? null

/** Authorities as one request sees them: each asked for once, however many records are looked at. */
export type Offices = { byId: (id: string) => Promise<Authority | null>; registries: () => Promise<Authority[]> }
export const officesOf = (db: Reader): Offices => {
  const held = new Map<string, Promise<Authority | null>>()
  let registries: Promise<Authority[]> | undefined
  return {
    byId: (id) => {
      const asked = held.get(id) ?? authorityById(db, id)
      held.set(id, asked)
      return asked
    },
    registries: () => (registries ??= listAuthorities(db, { system: 'market_supervision', active: true })),
  }
}

/** Order 107 arts. 4(3), 22(1), 22(2): what belongs to the place of registration is decided there, not by whoever wrote it down. */
const registryOf = async (
  offices: Offices,
  own: Authority | null,
  division: string | null,
): Promise<Authority | null> => {
  if (own?.system === 'market_supervision' && (division === null || own.division === division)) return own
  return nearest(await offices.registries(), division) ?? own
}

const reviewerOf = async (ctx: Ctx, db: Reader, of: Eligibility): Promise<Authority | null> => {
  const { route } = of
  // The first review is of penalties, which their finder decides; lists go straight to who keeps them.
  if (!route?.firstReview?.enabled || !route.firstReview.term || route.decider !== 'finder') return null
  const offices = (await listAuthorities(db, { active: true })).filter((a) => a.isCreditOffice)
  return offices.find((o) => o.division === ctx.policy.jurisdiction.code) ?? offices[0] ?? null
}

export const deciderOf = async (
  offices: Offices,
  kind: Kind,
  of: { record: RecordRow; eligibility: Eligibility; division: string | null; completed: boolean },
): Promise<Authority | null> => {
  const { route } = of.eligibility
  if (!route) return null
  const own = await offices.byId(of.record.authorityId)
  const ofPlan = (kind === 'shield' || of.completed) && route.system === 'necips'
  const atRegistry = route.decider === 'registry_authority' || ofPlan
  return atRegistry ? registryOf(offices, own, of.division) : own
}

/** A record with where it goes: who decides, who looks first, under which version. */
export const routed = async (
  ctx: Ctx,
  db: Reader,
  of: {
    kind: Kind
    applicationId: string
    record: RecordRow
    eligibility: Eligibility
    division: string | null
    /** A plan behind which it was shielded has been carried out. */
    completed: boolean
    id?: string
  },
): Promise<NewItem> => {
  const { record, eligibility } = of
  const { route } = eligibility
  const decider = await deciderOf(officesOf(db), of.kind, of)
  if (!route || !decider) return mustNot('NO_ROUTE', { doc: record.docNo, authority: record.authorityName })
  const reviewer = of.kind === 'repair' ? await reviewerOf(ctx, db, eligibility) : null
  return {
    subjectId: record.subjectId,
    id: of.id ?? newId(),
    applicationId: of.applicationId,
    kind: of.kind,
    recordId: record.id,
    recordItem: record.item,
    docNo: record.docNo,
    recordAuthority: record.authorityName,
    recordDecidedOn: record.decidedOn,
    system: route.system,
    authorityId: decider.id,
    authorityName: decider.name,
    reviewerId: reviewer?.id ?? null,
    reviewerName: reviewer?.name ?? null,
    division: decider.division,
    policyVersion: eligibility.governing?.version ?? route.rule,
    route: {
      receiver: route.receiver,
      rule: route.rule,
      instrument: route.instrument,
      article: route.article,
      firstReview: reviewer !== null,
    },
    updatedAt: ctx.clock.now(),
  }
}
