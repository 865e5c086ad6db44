import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { csvOf, goodRow, usccOf } from '../../../test/catalog-rows.ts'
import { type Platform, addPerson, codeFrom, describeEngines, problemOf } from '../../../test/harness.ts'
import { openRuntime } from '../../app.ts'
import { itemOn } from '../../kernel/catalog.ts'
import type { CatalogItem } from '../../kernel/policy.ts'
import { day } from '../../kernel/time.ts'
import { systemCtx } from '../../platform/context.ts'
import { createAuthority } from '../access/index.ts'
import { endpoints as collection } from '../collection/contract.ts'
import { importFile } from '../collection/index.ts'
import { endpoints } from './contract.ts'
import { readVersions } from './live.ts'

const AUTHORITY = { name: '广州市目录测试局', code: codeFrom('11440100000000777') }
const FILE = (name: string) =>
  readFileSync(new URL(`../../../policy/national/catalog/${name}.yaml`, import.meta.url), 'utf8')

/** The honours file with one more field that must be filled in. */
const withField = (line: string) => FILE('honour').replace('  - include: authority', `${line}\n  - include: authority`)
const SPONSOR =
  '  - { code: RY_TJDW, key: sponsor, label: { zh: 推荐单位, en: Recommended by }, type: text, max_length: 100, required: always, public: true }'
const asked = (text: string, effectiveFrom: string) => ({ text, effectiveFrom, reason: '依省目录补充字段' })

describeEngines(
  'catalog',
  (p) => {
    const folder = mkdtempSync(join(tmpdir(), 'xinheng-catalog-'))
    const importRows = async (platform: Platform, rows: Record<string, string>[], item = 'honour') => {
      const path = join(folder, `${Math.random()}.csv`)
      writeFileSync(path, csvOf(rows))
      const done = await importFile(platform.ctx(), { path, item, authority: AUTHORITY.code, wayIn: 'cli' })
      if (!('receipt' in done)) throw new Error('not imported')
      return done.receipt
    }
    const honour = () => itemOn(p().runtime.policy.catalog, 'honour', day('2026-11-23')) as CatalogItem
    const row = (n: number, set: Record<string, string> = {}) => goodRow(honour(), { n, authority: AUTHORITY, set })
    const office = async (who = 'credit_office') => (await p().as(who)).client(endpoints)
    /** Draws a version up and waits until what is held has been looked at. */
    const drawnUp = async (text: string, from: string) => {
      const drawn = await (await office()).drawUp(asked(text, from))
      await p().drain()
      return (await office()).getProposal({ id: drawn.id })
    }

    beforeAll(async () => {
      await createAuthority(p().ctx(), {
        ...AUTHORITY,
        division: '440100',
        system: 'general',
        isCreditOffice: false,
        duties: ['honour', 'penalty', 'tax_grade_a'],
      })
      await addPerson(p(), { login: 'second', role: 'credit_office', authorityId: p().world.authorities.creditOffice })
      await importRows(
        p(),
        Array.from({ length: 12 }, (_, i) => row(i + 1)),
      )
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('lists the items by class with basis, term, sharing, publicity and who reports', async () => {
      const { classes, on } = await p().anonymous().client(endpoints).listItems({})
      expect(on).toBe('2026-11-23')
      expect(classes.map((c) => c.code)).toContain('intellectual_property')
      const all = classes.flatMap((c) => c.items)
      expect(all.length).toBeGreaterThan(30)
      expect(all.find((i) => i.code === 'penalty')).toMatchObject({
        negative: true,
        reporters: 1,
        reporting: { words: { zh: '自处罚决定日期起7个工作日内' } },
        legalBasis: [{ level: 'law', article: '第四十八条' }, { level: 'administrative_regulation' }],
      })
    })

    it('gives an item with its fields, and flags an authority whose system has not the duty', async () => {
      const anyone = p().anonymous().client(endpoints)
      const item = await anyone.getItem({ code: 'tax_grade_a' })
      expect(item.fields.find((f) => f.key === 'period')).toMatchObject({ identifies: true, required: { zh: '必填' } })
      expect(item.reporters).toMatchObject([{ name: AUTHORITY.name, outside: true }])
      expect(await problemOf(anyone.getItem({ code: 'social_score' }))).toMatchObject({ code: 'NO_SUCH_CATALOG_ITEM' })
      expect(await problemOf(anyone.getItem({ code: 'penalty', on: '2001-01-01' }))).toMatchObject({
        code: 'NO_SUCH_CATALOG_ITEM',
      })
    })

    it('says of a file what is wrong with it, line by line, in the language of the reader', async () => {
      const bad = withField(SPONSOR.replace('type: text', 'type: essay')).replace(
        'sharing: unconditional',
        'sharing: always',
      )
      const refused = await problemOf((await office()).drawUp(asked(bad, '2026-12-01')))
      expect(refused).toMatchObject({ code: 'ITEM_INVALID', status: 400 })
      expect(refused.errors.map((e) => e.message)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/第 \d+ 行（fields\[\d+\]\.type）：只能取：text、?/),
          expect.stringMatching(/第 \d+ 行（sharing）/),
        ]),
      )
      const line = bad.split('\n').findIndex((l) => l.includes('type: essay')) + 1
      expect(refused.errors.some((e) => e.message.includes(`第 ${line} 行`))).toBe(true)
      expect(await problemOf((await office()).drawUp(asked('fields: [', '2026-12-01')))).toMatchObject({
        code: 'ITEM_INVALID',
      })
      expect(await problemOf((await office()).drawUp(asked('- 1', '2026-12-01')))).toMatchObject({
        code: 'ITEM_INVALID',
      })
      const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d]`
      expect(await problemOf((await office()).drawUp(asked(bomb, '2026-12-01')))).toMatchObject({
        code: 'ITEM_INVALID',
      })
    })

    it('collects nothing adverse without its legal basis', async () => {
      const without = FILE('penalty').replace(/legal_basis:\n(?: {2}- .*\n)+/, '')
      const refused = await problemOf((await office()).drawUp(asked(without, '2026-12-01')))
      expect(refused).toMatchObject({ code: 'ITEM_INVALID' })
      expect(refused.errors[0]?.message).toContain('必须写明法律依据')
      const low = FILE('penalty').replace(/level: (?:law|administrative_regulation)/g, 'level: normative_document')
      expect((await problemOf((await office()).drawUp(asked(low, '2026-12-01')))).errors[0]?.message).toContain(
        '只能是法律',
      )
    })

    it('refuses what a new version may not change, a day too soon, and no change at all', async () => {
      const by = await office()
      const text = withField(SPONSOR)
      expect(await problemOf(by.drawUp(asked(text, '2026-11-23')))).toMatchObject({ code: 'EFFECTIVE_TOO_SOON' })
      expect(await problemOf(by.drawUp(asked(FILE('honour'), '2026-12-01')))).toMatchObject({ code: 'NOTHING_CHANGES' })
      const hidden = text.replace('publicity: public', 'publicity: none')
      expect(await problemOf(by.drawUp(asked(hidden, '2026-12-01')))).toMatchObject({ code: 'ITEM_FIXED' })
      expect(await problemOf(by.drawUp({ effectiveFrom: '2026-12-01', reason: '无' }))).toMatchObject({
        code: 'TEXT_OR_DRAFT',
      })
      expect(
        await problemOf(by.drawUp({ draft: 'catalog/none', effectiveFrom: '2026-12-01', reason: '无' })),
      ).toMatchObject({
        code: 'NO_SUCH_DRAFT',
      })
    })

    it('previews on what is held, takes two people, and is in force from its day in every process without a restart', async () => {
      const proposal = await drawnUp(withField(SPONSOR), '2026-12-01')
      expect(proposal).toMatchObject({
        state: 'draft',
        added: 1,
        preview: { state: 'done', total: 12, checked: 12, failing: 12, added: 1 },
        follows: '2024-02-18',
        actions: ['propose', 'withdraw'],
      })
      expect(proposal.preview.faults).toMatchObject([
        { field: 'sponsor', code: 'required', n: 12, label: { zh: '推荐单位' } },
      ])
      expect(proposal.difference.fields).toMatchObject([{ key: 'sponsor', change: 'added' }])
      const { rows, next } = await (await office()).listPreviewRows({ id: proposal.id, limit: 5 })
      expect(rows).toHaveLength(5)
      expect(rows[0]).toMatchObject({ problems: [{ field: '推荐单位' }], authorityName: AUTHORITY.name })
      expect(rows[0]?.subjectName).toContain('广州目录测试')
      const rest = await (await office()).listPreviewRows({ id: proposal.id, limit: 50, after: next ?? '' })
      expect(rest.rows).toHaveLength(7)
      expect((await (await office()).listPreviewRows({ id: proposal.id, field: 'subject_name' })).rows).toEqual([])

      const move = async (
        who: string,
        action: 'propose' | 'approve' | 'refuse' | 'withdraw',
        seen: number,
        reason = '',
      ) => (await office(who)).act({ id: proposal.id, action, seen, reason })
      const proposed = await move('credit_office', 'propose', proposal.version)
      expect(proposed).toMatchObject({ state: 'proposed', actions: ['withdraw'], mine: true })
      expect(await problemOf(move('credit_office', 'approve', proposed.version))).toMatchObject({
        code: 'SECOND_PERSON',
        status: 403,
      })
      expect(await problemOf(move('second', 'refuse', proposed.version))).toMatchObject({ code: 'REASON_NEEDED' })
      expect(await problemOf(move('second', 'approve', proposal.version))).toMatchObject({ code: 'STALE' })

      // Another process on the same database, with the catalog it began with.
      const other =
        p().engine === 'postgres'
          ? await openRuntime(
              {
                LOG_LEVEL: 'error',
                DATA_DIR: p().runtime.config.dataDir,
                DATABASE_URL: p().runtime.config.databaseUrl,
              },
              { clock: p().clock },
            )
          : null
      const approved = await move('second', 'approve', proposed.version)
      expect(approved).toMatchObject({
        state: 'approved',
        inForce: false,
        decided: { name: 'second' },
        actions: ['withdraw'],
      })

      const fields = (platform: Pick<Platform, 'runtime'>, on: string) =>
        itemOn(platform.runtime.policy.catalog, 'honour', day(on))?.fields.map((f) => f.key) ?? []
      expect(fields(p(), '2026-11-30')).not.toContain('sponsor')
      expect(fields(p(), '2026-12-01')).toContain('sponsor')
      if (other) {
        expect(fields({ runtime: other }, '2026-12-01')).not.toContain('sponsor')
        await readVersions(other.db)
        expect(fields({ runtime: other }, '2026-12-01')).toContain('sponsor')
        await other.db.close()
      }
      // What is under way keeps the policy that it began with; what begins later has the new one.
      const versions = new Set([proposal, approved].map(() => systemCtx(p().runtime, 'test').policy.version))
      expect(versions.size).toBe(1)

      const anyone = p().anonymous().client(endpoints)
      expect(
        (await anyone.listItems({})).classes.flatMap((c) => c.items).find((i) => i.code === 'honour'),
      ).toMatchObject({ nextFrom: '2026-12-01', validTo: '2026-11-30' })
      expect(await anyone.compareVersions({ code: 'honour', before: '2026-11-30', after: '2026-12-01' })).toMatchObject(
        {
          fields: [{ key: 'sponsor', change: 'added' }],
        },
      )

      // The day before, a row without the field is taken; on the day, it comes back, and the form asks for it.
      p().clock.set('2026-11-30T02:00:00Z')
      expect(await importRows(p(), [row(50)])).toMatchObject({ accepted: 1 })
      const before = await (await office()).getItem({ code: 'honour' })
      p().clock.set('2026-12-01T02:00:00Z')
      const since = await (await office()).getItem({ code: 'honour' })
      expect(since.fields.length - before.fields.length).toBe(1)
      expect(since.versions.map((v) => v.validFrom)).toEqual(['2024-02-18', '2026-12-01'])
      // A table without the column comes back whole, a row without the value by itself.
      expect(await importRows(p(), [row(51)])).toMatchObject({ accepted: 0, state: 'refused' })
      expect(await importRows(p(), [{ ...row(51), 推荐单位: '' }])).toMatchObject({ accepted: 0, refused: 1 })
      expect(await importRows(p(), [{ ...row(52), 推荐单位: '广州市文明办' }])).toMatchObject({ accepted: 1 })
      const collected = await (await p().as('collector')).client(collection).catalog({})
      expect(collected.items.find((i) => i.code === 'honour')?.fields.map((f) => f.key)).toContain('sponsor')

      // A held record corrected under the new version tells its new field too.
      expect(await importRows(p(), [{ ...row(1), 推荐单位: '广州市总工会' }])).toMatchObject({ accepted: 1 })
      const page = await (await fetch(`${p().url}/s/${usccOf(1)}?lang=zh`)).text()
      const link = /href="(\/r\/[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
      expect(await (await fetch(`${p().url}${link}`)).text()).toContain('广州市总工会')

      const done = await (await office()).getProposal({ id: proposal.id })
      expect(done).toMatchObject({ inForce: true, actions: [] })
      expect(await problemOf(move('second', 'withdraw', done.version))).toMatchObject({ code: 'ALREADY_IN_FORCE' })
      expect(
        await problemOf((await office()).drawUp(asked(withField(SPONSOR.replace('100', '120')), '2026-12-01'))),
      ).toMatchObject({ code: 'EFFECTIVE_TOO_SOON' })
    }, 60_000)

    it('can be withdrawn before its day, and then has never been', async () => {
      p().clock.set('2026-12-02T02:00:00Z')
      const text = withField(
        `${SPONSOR}\n${SPONSOR.replace('RY_TJDW', 'RY_BZDW').replace('sponsor', 'patron').replace('推荐单位', '表彰保荐单位').replace('required: always', 'required: never')}`,
      )
      const first = await drawnUp(text, '2026-12-10')
      // Those that the version in force already finds wanting are not counted again.
      expect(first).toMatchObject({ added: 1, follows: '2026-12-01', preview: { failing: 0 } })
      const proposed = await (await office()).act({ id: first.id, action: 'propose', seen: first.version })
      const approved = await (await office('second')).act({ id: first.id, action: 'approve', seen: proposed.version })
      expect(itemOn(p().runtime.policy.catalog, 'honour', day('2026-12-10'))?.fields.map((f) => f.key)).toContain(
        'patron',
      )

      // Two at once for the same days: the second is refused when it is drawn up, and when it is approved.
      expect(await problemOf((await office()).drawUp(asked(text, '2026-12-05')))).toMatchObject({
        code: 'VERSION_CLASH',
      })

      const gone = await (await office()).act({ id: first.id, action: 'withdraw', seen: approved.version })
      expect(gone).toMatchObject({ state: 'withdrawn', actions: [] })
      expect(itemOn(p().runtime.policy.catalog, 'honour', day('2026-12-10'))?.fields.map((f) => f.key)).not.toContain(
        'patron',
      )
      expect(
        await problemOf((await office()).act({ id: first.id, action: 'propose', seen: gone.version })),
      ).toMatchObject({
        code: 'NO_SUCH_MOVE',
      })
    })

    it('is turned down with a reason, and does not wait for an unfinished preview', async () => {
      const text = withField(SPONSOR).replace('period: P1M', 'workdays: 15')
      const drawn = await drawnUp(text, '2027-01-01')
      expect(drawn.difference.head.map((d) => d.what.zh)).toEqual(['报送时限'])
      const again = await (await office()).previewAgain({ id: drawn.id, seen: drawn.version })
      expect(['waiting', 'running', 'done']).toContain(again.preview.state)
      await p().drain()
      const proposed = await (await office()).act({ id: drawn.id, action: 'propose', seen: drawn.version })
      const refused = await (await office('second')).act({
        id: drawn.id,
        action: 'refuse',
        seen: proposed.version,
        reason: '时限过长',
      })
      expect(refused).toMatchObject({ state: 'refused', decided: { decision: '时限过长' } })
      expect(await problemOf((await office()).previewAgain({ id: drawn.id, seen: refused.version }))).toMatchObject({
        code: 'NO_SUCH_MOVE',
      })
      const { rows } = await (await office()).listProposals({ state: 'refused' })
      expect(rows.map((r) => r.id)).toEqual([drawn.id])
      expect((await (await p().as('auditor')).client(endpoints).listProposals({ limit: 1 })).next).not.toBeNull()
      expect(
        await problemOf((await office()).getProposal({ id: '00000000-0000-7000-8000-000000000000' })),
      ).toMatchObject({ code: 'NO_SUCH_PROPOSAL' })
      expect(await problemOf((await office()).listProposals({ after: 'x' }))).toMatchObject({ code: 'BAD_CURSOR' })
      expect((await (await office()).listDrafts({})).next).toBeNull()
    })
  },
  { now: '2026-11-23T02:00:00Z' },
)
