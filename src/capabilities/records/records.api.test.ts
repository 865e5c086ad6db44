import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, factsOf, openWorld, penalty, usccOf } from '../../../test/records-world.ts'
import { Refused } from '../../kernel/decision.ts'
import { type LocalDate, addDays, day } from '../../kernel/time.ts'
import { type DispositionKind, foldWindows, windowsOf } from '../../kernel/window.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { inTx } from '../../platform/outbox.ts'
import { resolveSubjects } from '../subjects/index.ts'
import type { NewRecord, StoreOutcome } from './contract.ts'
import {
  dispose,
  disposeHeld,
  explain,
  getRecord,
  holdRecord,
  listRecordsOfSubject,
  listShown,
  publicPage,
  rebuildWindows,
  storeRecords,
} from './index.ts'
import { annulRecord, reinstateRecord } from './annul.ts'
import { listAuthorityRecords, myFile, openFile, publicFileText, recordHistory } from './service.ts'
import { countsBySubmission, dispositionsOf, versionsOf } from './store.ts'

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'ALLOWED'
  } catch (e) {
    if (e instanceof Refused) return e.refusals[0]?.code ?? ''
    throw e
  }
}

describe.each(['pglite', 'postgres'] as const)('records on %s', (engine) => {
  let world: World
  let ctx: Ctx
  let next = 1
  const aSubject = async (over: { kind?: 'enterprise' | 'individual_business'; name?: string } = {}) => {
    const n = next++
    const ask = {
      kind: over.kind ?? ('enterprise' as const),
      name: over.name ?? `广州测试${n}有限公司`,
      uscc: usccOf(n),
    }
    const [answer] = await inTx(ctx, (tx) => resolveSubjects(tx, ctx, [ask]))
    if (!answer?.ok) throw new Error('no subject')
    return { id: answer.subjectId, code: usccOf(n) }
  }
  const store = (...rows: NewRecord[]) => inTx(ctx, (tx) => storeRecords(tx, ctx, rows))
  const count = async (where: string, subjectId: string) =>
    (
      await sql<{
        n: number
      }>`select count(*)::int as n from ${sql.raw(where)} where subject_id = ${subjectId}`.execute(ctx.db.kysely)
    ).rows[0]?.n
  const officer = (authorityId: string, over: Record<string, unknown> = {}): Ctx => ({
    ...ctx,
    actor: {
      kind: 'person',
      personId: 'o',
      sessionHash: 's',
      name: '办案人员',
      roles: ['officer'],
      authorityId,
      division: '440106',
      subjectIds: [],
      ...over,
    } as Ctx['actor'],
  })
  const first = (outcomes: StoreOutcome[]): string => outcomes[0]?.recordId ?? ''

  beforeAll(async () => {
    world = await openWorld(engine)
    ctx = world.ctx
  }, 60_000)
  afterAll(() => world.close())

  it('holds a key once: the same again is already held, a changed one is a version', async () => {
    const { id } = await aSubject()
    const one = await store(penalty(id, 1), penalty(id, 2))
    expect(one.map((o) => o.verdict)).toEqual(['accepted', 'accepted'])
    const same = await store(penalty(id, 2, { submissionId: randomUUID() }), penalty(id, 3))
    expect(same.map((o) => o.verdict)).toEqual(['already_held', 'accepted'])
    expect(same[0]?.recordId).toBe(one[1]?.recordId)
    const mend = randomUUID()
    const changed = penalty(id, 1, { submissionId: mend })
    const after = await store({ ...changed, fields: { ...changed.fields, fine: '7' } })
    expect(after[0]).toMatchObject({ verdict: 'accepted', changed: true, version: 2, recordId: one[0]?.recordId })
    const [before] = await versionsOf(ctx.db.kysely, id, first(one))
    expect(before).toMatchObject({ version: 1, fields: { fine: '6' } })
    expect((await getRecord(ctx.db.kysely, id, first(one))).fields['fine']).toBe('7')
    expect(await count('records.record', id)).toBe(3)
    expect((await countsBySubmission(ctx.db.kysely, [mend])).get(mend)).toEqual({ records: 1, versions: 0 })
    const events = await sql<{ kind: string; n: number }>`
      select kind, count(*)::int as n from platform.event where subject_id = ${id} group by kind order by kind`.execute(
      ctx.db.kysely,
    )
    expect(events.rows).toEqual([
      { kind: 'record.published', n: 3 },
      { kind: 'record.updated', n: 1 },
    ])
  })

  it('takes document numbers by their key, and a key twice in one chunk in order', async () => {
    const { id } = await aSubject()
    const row = penalty(id, 9)
    const out = await store(
      { ...row, docNo: '穗天市监罚〔2026〕第 9号', newSubject: true },
      { ...row, docNo: '穗天市监罚[2026]9号', newSubject: true },
      { ...row, newSubject: true, fields: { ...row.fields, fine: '8' } },
    )
    expect(out.map((o) => [o.verdict, o.version])).toEqual([
      ['accepted', 1],
      ['already_held', 1],
      ['accepted', 2],
    ])
    expect(await count('records.record', id)).toBe(1)
  })

  it('copies many at once, with their events under one commit', async () => {
    const { id } = await aSubject()
    const out = await store(...Array.from({ length: 300 }, (_, i) => penalty(id, 1000 + i)))
    expect(out.every((o) => o.verdict === 'accepted')).toBe(true)
    expect(await count('records.record', id)).toBe(300)
    const events = await sql<{ n: number; commits: number }>`
      select count(*)::int as n, count(distinct commit_n)::int as commits from platform.event where subject_id = ${id}`.execute(
      ctx.db.kysely,
    )
    expect(events.rows[0]).toEqual({ n: 300, commits: 1 })
  })

  it('doubles nothing when two chunks with the same keys come at once', async () => {
    const { id } = await aSubject()
    const { id: other } = await aSubject()
    const rows = Array.from({ length: 80 }, (_, i) => penalty(i % 2 ? id : other, 2000 + i))
    const [a, b] = await Promise.all([store(...rows), store(...rows.toReversed())])
    expect(b.toReversed().map((o) => o.recordId)).toEqual(a.map((o) => o.recordId))
    expect([...a, ...b].filter((o) => o.verdict === 'accepted').length).toBe(80)
    expect(Number(await count('records.record', id)) + Number(await count('records.record', other))).toBe(80)
  })

  it('keeps secrets sealed and publishes nothing personal', async () => {
    const { id, code } = await aSubject({ name: '广州𠮷祥餐饮有限公司' })
    await store(penalty(id, 31))
    const text = await publicFileText(ctx, code, undefined)
    const file = JSON.parse(text) as { name: string; records: { fields: Record<string, string>; shownFrom: string }[] }
    expect(file.name).toBe('广州𠮷祥餐饮有限公司')
    expect(file.records.length).toBe(1)
    expect(text).not.toContain('13812345678')
    expect(text).not.toContain('11010519491231002X')
    const raw = await sql<{
      all: string
    }>`select r::text as all from records.record r where subject_id = ${id}`.execute(ctx.db.kysely)
    expect(raw.rows[0]?.all).not.toContain('11010519491231002X')
    const [held] = await listRecordsOfSubject(ctx.db.kysely, id)
    expect(held?.fields['facts']).toContain('13812345678')
    expect(held?.publicFields['facts']).not.toContain('13812345678')
    expect(held?.windows[0]?.inputs['fineYuan']).toBe(60_000)
    expect(await codeOf(publicFileText(ctx, '91440101MA5XXXXXXX', undefined))).toBe('FILE_NOT_FOUND')
    expect(await codeOf(publicFileText(ctx, code, 'x'))).toBe('BAD_CURSOR')
  })

  it('publishes nothing of a natural person', async () => {
    const [a] = await inTx(ctx, (tx) =>
      resolveSubjects(tx, ctx, [{ kind: 'natural_person', name: '李大力', personId: '11010519491231002X' }]),
    )
    if (!a?.ok) throw new Error('no subject')
    const row = penalty(a.subjectId, 41, {
      subjectKind: 'natural_person',
      facts: factsOf({ subjectKind: 'natural_person' }),
    })
    await store(row)
    const [held] = await listRecordsOfSubject(ctx.db.kysely, a.subjectId)
    expect(held?.publicFields).toEqual({})
    expect(held?.shownFrom).toBe(null)
    const file = await openFile(officer(randomUUID()), { personId: '11010519491231002X', purpose: '办理从业许可' })
    expect(file.subject.name).toBe('李**')
    expect(file.subject.code).toBe(null)
  })

  it('shows by date alone: nothing runs when a window ends', async () => {
    const { id, code } = await aSubject()
    await store(penalty(id, 51, { decidedOn: day('2026-05-01') }))
    const [record] = await listRecordsOfSubject(ctx.db.kysely, id)
    const until = record?.shownUntil as LocalDate
    const shown = async (on: LocalDate) => {
      world.turn(on)
      const text = await publicFileText(ctx, code, undefined)
      return (JSON.parse(text) as { records: unknown[] }).records.length
    }
    expect(await shown(addDays(until, -1))).toBe(1)
    expect(await shown(until)).toBe(0)
    world.turn('2026-05-04')
    const [told] = await explain(ctx.db.kysely, ctx, String(record?.id), until)
    expect(told?.channels.find((c) => c.channel === 'credit_china')?.shown).toBe(false)
    expect(told?.channels.every((c) => c.sentences.length > 1 && c.sentences.every((s) => s.zh && s.en))).toBe(true)
    expect((await explain(ctx.db.kysely, ctx, code))[0]?.channels[0]?.shown).toBe(true)
  })

  it('withdraws at once, refolds a later change, and tells every channel it reached', async () => {
    const { id, code } = await aSubject()
    const recordId = first(await store(penalty(id, 61)))
    const ask = { subjectId: id, recordId, channel: null, reason: '信用修复', basis: { rule: 'r' } }
    const row = await inTx(ctx, (tx) =>
      dispose(tx, ctx, { ...ask, kind: 'repaired', effectiveFrom: day('2026-05-04') }),
    )
    expect(row.shownFrom).toBe(null)
    expect(row).toEqual(await getRecord(ctx.db.kysely, id, recordId))
    expect((JSON.parse(await publicFileText(ctx, code, undefined)) as { records: unknown[] }).records).toEqual([])
    const changed = penalty(id, 61)
    await store({ ...changed, fields: { ...changed.fields, fine: '9' } })
    const after = await getRecord(ctx.db.kysely, id, recordId)
    expect([after.version, after.shownFrom, after.windows[0]?.end?.by]).toEqual([2, null, 'repaired'])
    const events = await sql<{ kind: string; channels: string[] }>`
      select kind, channels from platform.event where record_id = ${recordId} order by commit_n, id`.execute(
      ctx.db.kysely,
    )
    expect(events.rows.map((e) => e.kind)).toEqual(['record.published', 'record.withdrawn', 'record.updated'])
    expect(events.rows[1]?.channels).toEqual(events.rows[0]?.channels)
    expect(events.rows[0]?.channels.length).toBeGreaterThan(0)
    expect(
      await codeOf(
        inTx(ctx, (tx) =>
          dispose(tx, ctx, { ...ask, recordId: randomUUID(), kind: 'repaired', effectiveFrom: day('2026-05-04') }),
        ),
      ),
    ).toBe('RECORD_NOT_FOUND')
  })

  it('writes a disposition only onto the record as it was read, and else writes nothing', async () => {
    const { id } = await aSubject()
    const kept = first(await store(penalty(id, 62), penalty(id, 63)))
    const ask = { channel: null, reason: '测试', basis: {}, effectiveFrom: day('2026-05-04') }
    const meanwhile: [string, (tx: Tx) => Promise<unknown>][] = [
      ['disposed', (tx) => dispose(tx, ctx, { ...ask, subjectId: id, recordId: kept, kind: 'disputed' })],
      [
        'corrected',
        (tx) => {
          const row = penalty(id, 62)
          return storeRecords(tx, ctx, [{ ...row, fields: { ...row.fields, fine: '8' } }])
        },
      ],
    ]
    for (const [what, change] of meanwhile) {
      const before = await getRecord(ctx.db.kysely, id, kept)
      const work = inTx(ctx, async (tx) => {
        const held = await holdRecord(tx, id, kept)
        await change(tx)
        await disposeHeld(tx, ctx, held, { ...ask, kind: 'repaired' })
      })
      // So that the work is done once more, on what there is then.
      await expect(work, what).rejects.toMatchObject({ code: '40001' })
      expect(await getRecord(ctx.db.kysely, id, kept)).toEqual(before)
      expect(await dispositionsOf(ctx.db.kysely, id, kept)).toEqual([])
    }
    await inTx(ctx, async (tx) => disposeHeld(tx, ctx, await holdRecord(tx, id, kept), { ...ask, kind: 'repaired' }))
    expect(await getRecord(ctx.db.kysely, id, kept)).toMatchObject({ disposed: 1, shownFrom: null })
  })

  it('projection = fold over random histories, whoever acts at the same time', async () => {
    const { id } = await aSubject()
    const kinds: DispositionKind[] = [
      'repaired',
      'annulled',
      'shielded',
      'restored',
      'revoked',
      'corrected',
      'disputed',
      'dispute_closed',
      'deregistered',
      'delisted',
    ]
    let seed = 20260504
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return Math.floor((seed / 2147483648) * n)
    }
    const outcomes = await store(...Array.from({ length: 12 }, (_, i) => penalty(id, 3000 + i)))
    for (const [i, { recordId }] of outcomes.entries()) {
      const acts = Array.from({ length: 1 + random(7) }, () => ({
        subjectId: id,
        recordId,
        kind: kinds[random(kinds.length)] as DispositionKind,
        channel: ([null, 'credit_china', 'necips'] as const)[random(3)] ?? null,
        effectiveFrom: addDays(day('2026-05-04'), random(300)),
        reason: '测试',
        basis: {},
      }))
      const work = acts.map((a) => () => inTx(ctx, (tx) => dispose(tx, ctx, a)))
      if (i % 2) await Promise.all(work.map((w) => w()))
      else for (const w of work) await w()
      const changed = penalty(id, 3000 + i)
      if (i % 3 === 0)
        await store({
          ...changed,
          fields: { ...changed.fields, fine: '99' },
          facts: factsOf({ decidedOn: changed.decidedOn, fineYuan: 990_000 }),
        })
      const record = await getRecord(ctx.db.kysely, id, recordId)
      const dispositions = await dispositionsOf(ctx.db.kysely, id, recordId)
      expect(dispositions.length).toBe(acts.length)
      const fold = foldWindows(windowsOf(record.facts, ctx.policy), dispositions)
      expect(record.windows).toEqual(fold)
      const own = fold.find((w) => w.channel === 'credit_china')
      expect([record.shownFrom, record.shownUntil]).toEqual([own?.from, own?.until])
      expect(await inTx(ctx, (tx) => rebuildWindows(tx, id, recordId))).toBe(false)
    }
    const drifted = first(outcomes)
    await sql`update records.record set shown_from = '1999-01-01' where id = ${drifted}`.execute(ctx.db.kysely)
    expect(await inTx(ctx, (tx) => rebuildWindows(tx, id, drifted))).toBe(true)
    expect(await inTx(ctx, (tx) => rebuildWindows(tx, id, drifted))).toBe(false)
  })

  it('lets only the deciding authority annul, and only what it has seen', async () => {
    const { id } = await aSubject()
    const row = penalty(id, 71)
    const recordId = first(await store(row))
    const ours = officer(row.authorityId)
    const ask = { id: recordId, seen: 1, reason: '原处罚决定被撤销' }
    expect(await codeOf(annulRecord(officer(randomUUID()), ask))).toBe('NOT_YOUR_RECORD')
    expect(await codeOf(annulRecord(ours, { ...ask, seen: 2 }))).toBe('STALE')
    expect(await codeOf(annulRecord(ours, { ...ask, id: randomUUID() }))).toBe('RECORD_NOT_FOUND')
    expect(await annulRecord(ours, ask)).toMatchObject({ state: 'annulled', shown: false })
    expect(await codeOf(annulRecord(ours, ask))).toBe('ALREADY_ANNULLED')
    expect((await recordHistory(ours, recordId)).dispositions).toMatchObject([
      { kind: 'annulled', reason: '原处罚决定被撤销' },
    ])
    expect(await codeOf(recordHistory(officer(randomUUID()), recordId))).toBe('RECORD_NOT_FOUND')
    const acts = await sql<{ act: string }>`select act from platform.audit where target_id = ${recordId}`.execute(
      ctx.db.kysely,
    )
    expect(acts.rows).toEqual([{ act: 'records.annul' }])
    expect(await codeOf(reinstateRecord(officer(randomUUID()), ask))).toBe('NOT_YOUR_RECORD')
    expect(await store(row)).toMatchObject([{ verdict: 'annulled', recordId }])
    expect(await store({ ...row, fields: { ...row.fields, content: '另一内容' } })).toMatchObject([
      { verdict: 'annulled' },
    ])
    const before = await recordHistory(ours, recordId)
    expect(before).toMatchObject({ mayAnnul: false, mayReinstate: true, record: { version: 1 } })
    expect(await reinstateRecord(ours, ask)).toMatchObject({ state: 'held', shown: true })
    expect(await codeOf(reinstateRecord(ours, ask))).toBe('NOT_ANNULLED')
    expect((await recordHistory(ours, recordId)).dispositions.map((d) => d.kind)).toEqual(['annulled', 'reinstated'])
    expect(await store(row)).toMatchObject([{ verdict: 'already_held' }])
    expect(await store({ ...row, fields: { ...row.fields, content: '另一内容' } })).toMatchObject([{ changed: true }])
    const { versions } = await recordHistory(ours, recordId)
    expect(versions[0]?.changes.some((c) => c.becomes === '另一内容')).toBe(true)
    expect((await listAuthorityRecords(ours, { limit: 5 })).rows.length).toBe(5)
    expect((await listAuthorityRecords(officer(randomUUID()), { limit: 5 })).rows).toEqual([])
  })

  it('opens a file for a business that is recorded, and to the subject itself', async () => {
    const { id, code } = await aSubject()
    await store(penalty(id, 81))
    const file = await openFile(officer(randomUUID()), { code, purpose: '办理食品经营许可' })
    expect(file.records[0]?.fields.find((f) => f.key === 'fine')?.value).toBe('6万元')
    const looks = await sql<{ purpose: string }>`select purpose from subjects.look where subject_id = ${id}`.execute(
      ctx.db.kysely,
    )
    expect(looks.rows).toEqual([{ purpose: '办理食品经营许可' }])
    expect(await codeOf(openFile(ctx, { purpose: '办理许可' }))).toBe('FILE_KEY_MISSING')
    expect(await codeOf(openFile(ctx, { code: usccOf(99_999), purpose: '办理许可' }))).toBe('FILE_NOT_FOUND')
    expect(await codeOf(myFile(officer(randomUUID()), id))).toBe('NOT_YOUR_SUBJECT')
    expect((await myFile(officer(randomUUID(), { subjectIds: [id], roles: ['enterprise'] }), id)).records.length).toBe(
      1,
    )
  })

  it('lists what is shown of an item, page by page, latest first', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await listShown(ctx.db.kysely, {
        item: 'penalty',
        on: day('2026-05-04'),
        division: '440100',
        after,
        limit: 60,
      })
      seen.push(...page.rows.map((r) => `${r.decidedOn} ${r.id}`))
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(seen.toSorted().toReversed())
    expect(new Set(seen).size).toBe(seen.length)
    const all = await sql<{
      n: number
    }>`select count(*)::int as n from records.record where shown_from <= '2026-05-04' and shown_until > '2026-05-04'`.execute(
      ctx.db.kysely,
    )
    expect(seen.length).toBe(all.rows[0]?.n)
  })

  it('answers a code in one order, whether few records are shown or many, page by page', async () => {
    type Answer = { records: { id: string; decidedOn: string }[]; next: string | null }
    for (const many of [3, 230]) {
      const { id, code } = await aSubject()
      await store(...Array.from({ length: many }, (_, n) => penalty(id, 50_000 + n)))
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = JSON.parse(await publicFileText(ctx, code, after)) as Answer
        seen.push(...page.records.map((r) => `${r.decidedOn} ${r.id}`))
        after = page.next ?? undefined
      } while (after)
      expect(seen).toEqual(seen.toSorted().toReversed())
      expect(new Set(seen).size).toBe(many)
      const first = await publicPage(ctx.db.kysely, {
        code,
        on: day('2026-05-04'),
        limit: 20,
        licencesAfter: null,
        adverseAfter: null,
      })
      expect(first?.adverse.slice(0, 20).map((r) => `${r.decidedOn} ${r.id}`)).toEqual(seen.slice(0, 20))
    }
  })
})
