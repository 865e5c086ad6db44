/**
 * Random histories, lived day by day: what the site's own pages showed each evening is written down, and afterwards every
 * past day is asked for. The answer has to be what was written down, whatever happened later.
 */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, factsOf, openWorld, penalty, usccOf } from '../../../test/records-world.ts'
import { type LocalDate, addDays, day } from '../../kernel/time.ts'
import { type DispositionKind, foldWindows, restartOf, windowsOf } from '../../kernel/window.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTx } from '../../platform/outbox.ts'
import type { PublicRow } from '../records/contract.ts'
import {
  dispose,
  explain,
  getRecord,
  listRecordsOfSubject,
  pageAsOf,
  publicPage,
  storeRecords,
} from '../records/index.ts'
import { resolveSubjects } from '../subjects/index.ts'
import { subject as subjectPage } from './service.ts'

const FIRST = day('2026-05-04')
const DAYS = 100
const KINDS: readonly DispositionKind[] = [
  'repaired',
  'revoked',
  'annulled',
  'reinstated',
  'shielded',
  'restored',
  'corrected',
  'disputed',
  'dispute_closed',
  'delisted',
  'withheld',
  'prolonged',
  'deregistered',
]
const events = fc.array(
  fc.record({
    day: fc.nat(DAYS),
    record: fc.nat(2),
    what: fc.oneof(fc.constant('report' as const), fc.constantFrom(...KINDS)),
    fine: fc.constantFrom('6', '7', '8'),
    /** Days before it is recorded on which it takes effect. */
    back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(10) }),
    channel: fc.constantFrom(null, null, 'credit_china' as const, 'necips' as const),
  }),
  { minLength: 4, maxLength: 14 },
)
/** Facts of several kinds: shown for a year or three months, for a penalty with a term, or not at all. */
const FACTS = [
  { sectorClass: 'general' },
  { sectorClass: 'minor', minorPublished: true, procedure: 'summary' },
  { sectorClass: 'serious', termEndsOn: day('2027-12-31') },
] as const

const plain = (r: PublicRow) => ({
  id: r.id,
  version: r.version,
  class: r.class,
  disputed: r.disputed,
  fields: r.publicFields,
  windows: r.windows.map((w) => [w.channel, w.from, w.until, w.earliest, w.end?.by, w.rule, { ...w.inputs }]),
})
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
const docNos = (html: string) => [...new Set(html.match(/罚〔2026〕\d+号/g) ?? [])].toSorted()

describe('a past day replayed is the day as it was shown', () => {
  let world: World
  let ctx: Ctx
  let next = 1
  beforeAll(async () => {
    world = await openWorld('pglite')
    ctx = world.ctx
  }, 60_000)
  afterAll(() => world.close())

  it('over random histories', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(events, async (history) => {
        const n = next++
        const code = usccOf(n)
        world.turn(FIRST)
        const [answer] = await inTx(ctx, (tx) =>
          resolveSubjects(tx, ctx, [{ kind: 'enterprise', name: `广州重放${n}有限公司`, uscc: code }]),
        )
        if (!answer?.ok) throw new Error('no subject')
        const subjectId = answer.subjectId
        const mine: Ctx = {
          ...ctx,
          actor: {
            kind: 'person',
            personId: 'p',
            sessionHash: 's',
            name: '经办人',
            roles: ['enterprise'],
            authorityId: null,
            division: null,
            subjectIds: [subjectId],
          },
        }
        const ids: (string | undefined)[] = []
        const play = async (e: (typeof history)[number], on: LocalDate): Promise<void> => {
          const recordId = ids[e.record]
          if (e.what === 'report' || !recordId) {
            const decidedOn = day('2026-05-01')
            const facts = factsOf({ ...FACTS[e.record], publishedOn: on, decidedOn })
            const made = penalty(subjectId, 1000 * n + e.record, { publishedOn: on, decidedOn, facts })
            const row = { ...made, fields: { ...made.fields, fine: e.fine } }
            const [out] = await inTx(ctx, (tx) => storeRecords(tx, ctx, [row]))
            ids[e.record] = out?.recordId
            return
          }
          const held = await getRecord(ctx.db.kysely, subjectId, recordId)
          await inTx(ctx, (tx) =>
            dispose(tx, ctx, {
              subjectId,
              recordId,
              kind: e.what as DispositionKind,
              channel: e.channel,
              effectiveFrom: addDays(on, -e.back),
              reason: '演示',
              basis: {},
              ...(e.what === 'revoked' ? { restart: restartOf(held.windows, ctx.policy, on) } : {}),
              ...(e.what === 'prolonged'
                ? { restart: restartOf(held.windows, ctx.policy, on).map((r) => ({ ...r, until: addDays(on, 400) })) }
                : {}),
            }),
          )
        }
        const seen: { on: LocalDate; rows: unknown[]; docs: string[] }[] = []
        const turns = Map.groupBy(history, (e) => e.day)
        const stops = [...new Set([0, ...history.flatMap((e) => [e.day, e.day + 1]), DAYS])].toSorted((a, b) => a - b)
        for (const stop of stops) {
          const on = addDays(FIRST, stop)
          world.turn(on)
          for (const e of turns.get(stop) ?? []) await play(e, on)
          const live = await publicPage(ctx.db.kysely, { code, on, limit: 50, licencesAfter: null, adverseAfter: null })
          const page = await subjectPage(mine, { code })
          seen.push({ on, rows: (live?.adverse ?? []).map(plain).toSorted(byId), docs: docNos(page.html) })
        }
        // The projection that lists and pages select by is the fold of the stored dispositions over the rules.
        for (const r of await listRecordsOfSubject(ctx.db.kysely, subjectId)) {
          const { rows } = await sql<{ d: Parameters<typeof foldWindows>[1][number] }>`
            select json_build_object('id', id, 'kind', kind, 'channel', channel, 'effectiveFrom', effective_from,
              'recordedAt', recorded_at, 'restart', restart) as d
            from records.disposition where subject_id = ${subjectId} and record_id = ${r.id} order by n`.execute(
            ctx.db.kysely,
          )
          const own = foldWindows(
            windowsOf(r.facts, ctx.policy),
            rows.map((x) => x.d),
          ).find((w) => w.channel === 'credit_china')
          expect([r.shownFrom, r.shownUntil]).toEqual([own?.from ?? null, own?.until ?? null])
        }
        const now = addDays(FIRST, DAYS + 30)
        world.turn(now)
        for (const { on, rows, docs } of seen) {
          const then = await pageAsOf(ctx.db.kysely, {
            subjectId,
            on,
            today: now,
            admit: (r) => r,
            limit: 50,
            licencesAfter: null,
            adverseAfter: null,
          })
          expect({ on, rows: then.adverse.map(plain).toSorted(byId) }).toEqual({ on, rows })
          expect({ on, docs: docNos((await subjectPage(mine, { code, on })).html) }).toEqual({ on, docs })
          const told = (await explain(ctx.db.kysely, ctx, code, on))
            .filter((e) => e.channels.some((c) => c.channel === 'credit_china' && c.shown))
            .map((e) => e.recordId)
          expect({ on, told: told.toSorted() }).toEqual({ on, told: then.adverse.map((r) => r.id).toSorted() })
        }
      }),
      { numRuns: 25 },
    )
  })
})
