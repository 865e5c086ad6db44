import { setImmediate as breathe } from 'node:timers/promises'
import type { StoredFile } from '../../kernel/api.ts'
import { docKey } from '../../kernel/text.ts'
import { type Ctx, today } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { Drafter, type FieldChange, type ForeseenRecord, foreseeRecords } from '../records/index.ts'
import type { SubjectAsk } from '../subjects/contract.ts'
import { type Foreseen, foreseeSubjects } from '../subjects/index.ts'
import type { CheckView } from './contract.ts'
import { type Reading, chunksOf, directoryOf, openReading } from './open.ts'
import type { Checked, InputRow, KnownAuthority } from './rules.ts'
import type { Problem } from './rules.columns.ts'
import { SeenKeys } from './seen.ts'
import { mappingFrom, mustItem, mustReport } from './service.enter.ts'
import { type Mended, mendRows } from './service.mends.ts'
import { conflictOf, contentOf, turnedAway } from './settle.ts'
import type { Found } from './store.checks.ts'
import * as store from './store.ts'
import { doubtView, problemView, proposalView } from './views.ts'

type Row = CheckView['rows'][number]
type Other = CheckView['others'][number]
type Good = Extract<Checked, { ok: true }>
export type CheckAsk = {
  item: string
  file: Pick<StoredFile, 'hash' | 'name'>
  mappingText?: string | undefined
  onRefused?: (input: InputRow, view: Row) => void
}

export const CHECK_CHUNK = 500
/** Rows with problems, and rows that are held already or twice, that the answer carries; all are counted. */
const SHOWN_ROWS = 500
const SHOWN_OTHERS = 100

/** Under what a row would be held, whoever's file it goes on. */
const keyOf = (item: string, ask: SubjectAsk, authority: string, docKey: string): string =>
  `${ask.uscc ?? ask.organisationCode ?? ask.registrationNo ?? ask.personId ?? ''}\n${item}\n${authority}\n${docKey}`

export class Preflight {
  readonly #ctx: Ctx
  readonly #reading: Reading
  readonly #onRefused: CheckAsk['onRefused']
  readonly #drafter: Drafter
  readonly #seen = new SeenKeys()
  readonly #about = { id: newId(), backfill: false }
  readonly #disputed: Set<number>
  readonly view: CheckView

  /** With `found` it goes on behind what was found before; the rows of then are to be recalled first. */
  constructor(ctx: Ctx, reading: Reading, ask: { onRefused?: CheckAsk['onRefused']; found?: Found | null } = {}) {
    this.#ctx = ctx
    this.#reading = reading
    this.#onRefused = ask.onRefused
    this.#disputed = new Set(ask.found?.disputed)
    this.#drafter = new Drafter(ctx)
    const none = {
      received: 0,
      accepted: 0,
      refused: 0,
      pending: 0,
      alreadyHeld: 0,
      changed: 0,
      repeated: 0,
      mendable: 0,
    }
    this.view = ask.found?.view ?? {
      item: reading.item.code,
      columns: reading.columns,
      ...none,
      proposals: 0,
      asides: { count: 0, first: [] },
      complete: true,
      rows: [],
      others: [],
    }
  }

  found(): Found {
    return { view: { ...this.view, asides: this.#reading.asides }, disputed: [...this.#disputed] }
  }

  /** Rows that were checked before: of them only the numbers are needed, for those that come again. */
  recall(chunk: readonly InputRow[]): void {
    for (const input of chunk) {
      const checked = this.#reading.check(input)
      if (checked.ok && !this.#disputed.has(checked.n)) this.#repeats(checked, this.#draftOf(checked))
    }
  }

  async take(chunk: readonly InputRow[]): Promise<void> {
    const checked = chunk.map((input) => ({ input, checked: this.#reading.check(input) }))
    await breathe()
    const faulty = checked.flatMap(({ input, checked: c }) => (c.ok ? [] : [{ input, problems: c.problems }]))
    const found = faulty.length ? await mendRows(this.#ctx.db.kysely, this.#reading, faulty) : new Map<number, Mended>()
    const good = checked.flatMap(({ checked: c }) => (c.ok ? [c] : []))
    const fates = await this.#fatesOf(good)
    for (const { input, checked: c } of checked) {
      this.view.received++
      if (c.ok) this.#tellGood(input, c, fates.get(c) as Fate)
      else this.#tellFaulty(input, c.name, 'refused', c.problems, found.get(input.n))
    }
  }

  async #fatesOf(good: readonly Good[]): Promise<Map<Good, Fate>> {
    if (!good.length) return new Map()
    const reader = this.#ctx.db.kysely
    const drafts = good.map((g) => this.#draftOf(g))
    const subjects = await foreseeSubjects(
      reader,
      this.#ctx,
      good.map((g) => g.row.ask),
    )
    const onFile = good.flatMap((g, i) => {
      const subject = subjects[i]
      const draft = drafts[i]
      return draft && subject && subject !== 'no_code' && subject.sameName
        ? [{ g, draft, subjectId: subject.held.id }]
        : []
    })
    const records = onFile.length ? await foreseeRecords(reader, this.#ctx, this.#drafter, onFile) : []
    const recordOf = new Map(onFile.map(({ g }, i) => [g, records[i] as ForeseenRecord]))
    const fates = new Map<Good, Fate>()
    good.forEach((g, i) => {
      const draft = drafts[i] as (typeof drafts)[number]
      const problem = this.#conflict(g, subjects[i] ?? null)
      if (problem) this.#disputed.add(g.n)
      const repeats = problem ? null : this.#repeats(g, draft)
      fates.set(g, { problem, record: recordOf.get(g) ?? { verdict: 'new' }, repeats })
    })
    return fates
  }

  #draftOf(g: Good): Draft {
    const content = contentOf(g.row, this.#about, this.#reading.item.code, g.n)
    const { docNo } = content
    return { content, docKey: docKey(docNo), fingerprint: this.#drafter.fingerprintAs(content, docNo) }
  }

  #repeats(g: Good, { content, docKey: number }: Draft): Fate['repeats'] {
    const key = keyOf(this.#reading.item.code, g.row.ask, g.row.authority.key, number)
    return this.#seen.put(key, this.#drafter.fingerprintAs(content, number), g.n)
  }

  #conflict(g: Good, subject: Foreseen): Fate['problem'] {
    if (subject === null || (subject !== 'no_code' && subject.sameName)) return null
    const none = subject === 'no_code'
    return conflictOf(this.#reading, g, {
      ok: false,
      conflict: {
        kind: none ? 'no_code' : 'one_code_two_names',
        subjectId: none ? null : subject.held.id,
        held: none ? '' : subject.held.name,
        offered: g.row.ask.name,
        decided: !none && subject.kept ? 'kept' : null,
      },
    })
  }

  #tellGood(input: InputRow, { name, docNo, n }: Good, { problem, record, repeats }: Fate): void {
    const { view } = this
    if (problem) return this.#tellFaulty(input, name, problem.verdict, [problem.problem], undefined)
    const away = turnedAway(this.#reading, docNo, record)
    if (away) return this.#tellFaulty(input, name, 'refused', [away], undefined)
    const tell = (verdict: Other['verdict'], changes: FieldChange[] = []): void => {
      if (view.others.length >= SHOWN_OTHERS) return
      const said = changes.map(({ label, was, becomes }) => ({ field: label, was, becomes }))
      view.others.push({ n, name, docNo, verdict, repeats: repeats?.n ?? null, changes: said })
    }
    if (repeats) view.repeated++
    // A row that says what an earlier one said is held when its turn comes; one that says otherwise is its next version.
    if (repeats?.same || (!repeats && record.verdict === 'already_held')) view.alreadyHeld++
    else {
      view.accepted++
      if (repeats || record.verdict === 'changed') view.changed++
    }
    if (repeats) tell('repeated')
    else if (record.verdict === 'changed') tell('changed', record.changes)
    else if (record.verdict === 'already_held') tell('already_held')
  }

  #tellFaulty(
    input: InputRow,
    name: string,
    verdict: Row['verdict'],
    problems: readonly Problem[],
    m: Mended | undefined,
  ): void {
    const { view } = this
    const { lang } = this.#ctx
    view[verdict]++
    const mendable = m !== undefined && m.proposals.length > 0 && m.checked.ok
    if (mendable) view.mendable++
    view.proposals += m?.proposals.length ?? 0
    const row: Row = {
      n: input.n,
      name,
      verdict,
      problems: problems.map((p) => problemView(this.#reading.item, p, lang)),
      proposals: (m?.proposals ?? []).map((p) => proposalView(p, lang)),
      doubts: (m?.doubts ?? []).map((d) => doubtView(d, lang)),
      mendable,
    }
    if (view.rows.length < SHOWN_ROWS) view.rows.push(row)
    else if (row.proposals.length) view.complete = false
    if (verdict === 'refused') this.#onRefused?.(input, row)
  }
}
type Draft = { content: ReturnType<typeof contentOf>; docKey: string; fingerprint: string }
type Fate = {
  problem: ReturnType<typeof conflictOf> | null
  record: ForeseenRecord
  repeats: { n: number; same: boolean } | null
}

/** Reads the whole file, checks it against the rules and against what is held, finds what would mend it, and keeps nothing. */
export const checkFor = async (
  ctx: Ctx,
  authority: KnownAuthority | null,
  ask: CheckAsk,
): Promise<CheckView & { header: store.KeptHeader }> => {
  const item = mustItem(ctx, ask.item)
  const reporter = mustReport(authority, item)
  const reader = ctx.db.kysely
  const reading = await openReading(ctx, {
    path: ctx.files.pathOf(ask.file.hash),
    name: ask.file.name,
    item,
    reporter,
    directory: await directoryOf(reader),
    today: today(ctx),
    mapping: mappingFrom(ask.mappingText, item),
    remembered: (keys) => store.findMapping(reader, { authorityId: reporter.id, item: item.code, keys }),
  })
  const preflight = new Preflight(ctx, reading, ask)
  try {
    for await (const chunk of chunksOf(reading, 0, CHECK_CHUNK)) await preflight.take(chunk)
  } finally {
    reading.table.close?.()
  }
  return { ...preflight.found().view, header: reading.header }
}
