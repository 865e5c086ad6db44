import { hash } from 'node:crypto'
import { docKey } from '../../kernel/text.ts'
import { type Grounds, type RecordFacts, type Window, fineStep, groundsOf, windowsOf } from '../../kernel/window.ts'
import type { Policy } from '../../kernel/policy.ts'
import type { Ctx } from '../../platform/context.ts'
import { copyLine } from '../../platform/db/index.ts'
import { basisId } from './basis.ts'
import type { RecordContent } from './contract.ts'
import { Known } from './known.ts'
import { FieldBytes, type Line, MOST_BYTES, Pages, jsonCell } from './line.ts'
import {
  type Basis,
  type FieldPlan,
  OWN_SITE,
  type PackedWindow,
  type SplitFields,
  catalogItemOn,
  fieldPlan,
  ownSite,
  pack,
  packFacts,
  reachedChannels,
  splitFields,
} from './rules.ts'

/** What the rules make of facts: many rows share it, and then they share the work. */
export type Projection = {
  windows: PackedWindow[]
  basis: ReadonlyMap<string, Basis>
  own: ReturnType<typeof ownSite>
  ownBasis: string | null
  channels: string[]
  /** Windows and the own site's columns, as COPY takes them. */
  cells: string
}

const orNull = (text: string | null): string => text ?? '\\N'

export const projectionOf = (windows: readonly Window[], facts: RecordFacts): Projection => {
  const basis = new Map<string, Basis>()
  const packed = pack(windows, facts, (b) => {
    const id = basisId(b)
    basis.set(id, b)
    return id
  })
  const own = ownSite(windows)
  const ownBasis = packed.find((w) => w.channel === OWN_SITE)?.basis ?? null
  const dates = [own.class, ownBasis, own.earliest, own.from, own.until].map(orNull).join('\t')
  return {
    windows: packed,
    basis,
    own,
    ownBasis,
    channels: reachedChannels(windows),
    cells: `${jsonCell(JSON.stringify(packed))}\t${dates}`,
  }
}

/** Facts as they are held, but for their days and the fine, and what the rules rest on. */
type Said = { facts: string; grounds: Grounds }
/** `made`: by grounds and days, which many rows share whose facts differ. */
type Shared = { said: Known<Said>; made: Known<Projection> }

const shared = new WeakMap<object, Shared>()
const sharedOf = (policy: Policy): Shared => {
  const known = shared.get(policy)
  if (known) return known
  const made: Shared = { said: new Known(), made: new Known() }
  shared.set(policy, made)
  return made
}

/** A record's own facts: rows that differ in them alone share the others. */
const OWN_FACTS = { decidedOn: null, publishedOn: null, termEndsOn: null, fineYuan: null }
/** All the others: a new fact does not compile before it stands here. */
const COMMON_FACTS: Record<Exclude<keyof RecordFacts, keyof typeof OWN_FACTS | 'penaltyKinds'>, true> = {
  item: true,
  system: true,
  level: true,
  subjectKind: true,
  procedure: true,
  discretion: true,
  field: true,
  fineTier: true,
  sectorClass: true,
  minorPublished: true,
  list: true,
  listCause: true,
  repeatOffender: true,
  result: true,
}
const COMMON = Object.keys(COMMON_FACTS) as (keyof typeof COMMON_FACTS)[]
const sayingOf = (f: RecordFacts, step: number): unknown[] => {
  const parts: unknown[] = [step, f.penaltyKinds.length > 1 ? f.penaltyKinds.join() : f.penaltyKinds[0]]
  for (const key of COMMON) parts.push(f[key] ?? null)
  return parts
}

/** A row made ready for the database before anybody knows whose file it goes on. */
export type RecordDraft = {
  content: RecordContent
  docKey: string
  fingerprint: string
  projection: Projection
  line: Line
}

/** The columns of a draft's line; in front of them stand those of HEAD. */
const HEAD = ['subject_id', 'id', 'division', 'recorded_at']
export const COLUMNS = [
  ...HEAD,
  ...'item authority_id authority_key authority_name doc_no doc_key decided_on published_on version fingerprint fields inner_fields secret facts windows class basis earliest shown_from shown_until submission_id row_n backfill'.split(
    ' ',
  ),
]

/** The catalog's key of the document number. */
const DOC_NO = 'doc_no'

export type DraftBatch = {
  add: (content: RecordContent) => RecordDraft
  /** When the drafts are stored and nobody looks at them any more. */
  done: () => void
}

/** Writes drafts, batch after batch, and keeps what a run of rows has in common. */
export class Drafter {
  readonly #ctx: Ctx
  readonly #plans = new Map<string, FieldPlan>()
  readonly #shared: Shared
  /** The fingerprint covers secrets too: without the key nobody can guess at them. */
  readonly #pepper: string
  readonly #free: Buffer[] = []
  readonly #bytes = new FieldBytes()
  #authority: { of: RecordContent; cells: string } | null = null

  constructor(ctx: Ctx) {
    this.#ctx = ctx
    this.#shared = sharedOf(ctx.policy)
    this.#pepper = ctx.secrets.digest('record', 'fingerprint')
  }

  batch(): DraftBatch {
    const pages = new Pages(this.#free)
    return { add: (content) => this.#draft(content, pages), done: () => pages.giveBack() }
  }

  /** The parts of a row's fields, and its secrets as text. */
  split(content: RecordContent): { split: SplitFields; secret: string | null } {
    return { split: splitFields(content.fields, this.#plan(content)), secret: secretText(content.secret) }
  }

  #plan({ item, subjectKind, publishedOn, fields }: RecordContent): FieldPlan['fields'] {
    const shape = `${item}|${subjectKind}|${publishedOn}`
    let plan = this.#plans.get(shape)
    for (const key in fields) {
      if (plan?.keys.has(key)) continue
      const keys = [...(plan?.keys ?? []), ...Object.keys(fields)]
      plan = fieldPlan(keys, catalogItemOn(this.#ctx.policy.catalog, item, publishedOn), subjectKind)
      this.#plans.set(shape, plan)
      break
    }
    return plan?.fields ?? []
  }

  #draft(content: RecordContent, pages: Pages): RecordDraft {
    const { decidedOn, publishedOn, docNo } = content
    const { facts, projection } = this.#project(content.facts)
    const secret = secretText(content.secret)
    const bytes = this.#bytes
    bytes.lay(content.fields, this.#plan(content), `${this.#pepper}${decidedOn}\n`, `\n${secret ?? ''}`)
    const fingerprint = bytes.fingerprint()
    const doc = docKey(docNo)
    const sealed = secret === null ? '\\N' : `\\\\x${this.#ctx.secrets.seal(secret).toString('hex')}`
    const numbers = copyLine([docNo, doc]).slice(0, -1)
    const head = `${this.#authorityCells(content)}\t${numbers}\t${decidedOn}\t${publishedOn}\t1\t${fingerprint}\t`
    const end = `${content.submissionId}\t${content.rowN}\t${content.backfill ? 't' : 'f'}\n`
    const tail = `\t${sealed}\t${facts}\t${projection.cells}\t${end}`
    const page = pages.open((head.length + tail.length) * MOST_BYTES + bytes.room)
    let at = pages.at + page.write(head, pages.at)
    at = bytes.write(page, at)
    at += page.write(tail, at)
    return { content, docKey: doc, fingerprint, projection, line: pages.close(at) }
  }

  #fingerprint({ decidedOn }: RecordContent, split: SplitFields, secret: string | null): string {
    return hash('sha256', `${this.#pepper}${decidedOn}\n${split.all}\n${secret ?? ''}`, 'base64url')
  }

  /** As if the document number had been written another way: two spellings of one number say the same. */
  fingerprintAs(content: RecordContent, docNo: string): string {
    const fields = content.fields[DOC_NO] === undefined ? content.fields : { ...content.fields, [DOC_NO]: docNo }
    const { split, secret } = this.split({ ...content, fields })
    return this.#fingerprint(content, split, secret)
  }

  #authorityCells(content: RecordContent): string {
    const of = this.#authority?.of
    if (
      !this.#authority ||
      of?.authorityId !== content.authorityId ||
      of.authorityKey !== content.authorityKey ||
      of.authorityName !== content.authorityName ||
      of.item !== content.item
    ) {
      const { item, authorityId, authorityKey, authorityName } = content
      this.#authority = { of: content, cells: copyLine([item, authorityId, authorityKey, authorityName]).slice(0, -1) }
    }
    return this.#authority.cells
  }

  /**
   * Of most facts the rules ask only whether they meet a condition, and of a fine between which bounds it lies: rows whose
   * facts differ share what the rules make of them.
   */
  #project(f: RecordFacts): { facts: string; projection: Projection } {
    const { policy } = this.#ctx
    const said = this.#shared.said.get(sayingOf(f, fineStep(policy, f.fineYuan)), () => ({
      facts: jsonCell(packFacts({ ...f, ...OWN_FACTS }).slice(0, -1)),
      grounds: groundsOf(f, policy),
    }))
    const { rows, term: asked } = said.grounds
    const days = [rows, f.publishedOn, asked ? f.termEndsOn : null, f.decidedOn]
    const projection = this.#shared.made.get(days, () => projectionOf(windowsOf(f, policy), f))
    const term = f.termEndsOn === null ? '' : `,"termEndsOn":"${f.termEndsOn}"`
    const fine = f.fineYuan === null ? '' : `,"fineYuan":${f.fineYuan}`
    const facts = `${said.facts},"decidedOn":"${f.decidedOn}","publishedOn":"${f.publishedOn}"${term}${fine}}`
    return { facts, projection }
  }
}

const secretText = (secret: Record<string, string> | null): string | null => {
  if (!secret) return null
  const keys = Object.keys(secret)
  if (!keys.length) return null
  const parts = keys.toSorted().map((key) => `${JSON.stringify(key)}:${JSON.stringify(secret[key])}`)
  return `{${parts.join(',')}}`
}
