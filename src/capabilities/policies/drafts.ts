import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { Refused, mustNot } from '../../kernel/decision.ts'
import { inForce } from '../../kernel/eligibility.ts'
import { findingWords } from '../../kernel/findings.ts'
import type { Policy, Regime, RuleRow, SettingRule, WindowRule } from '../../kernel/policy.ts'
import { type RuleChange, rowsInForce, rowsOfChange } from '../../kernel/policy-change.ts'
import type { LocalDate } from '../../kernel/time.ts'
import { classWords } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import { readChange, textOfRow, writeDocument } from '../../platform/policy-changes.ts'
import { settingShapes } from '../../platform/policy-schema.settings.ts'
import { SYSTEM_WORDS } from '../access/words.ts'
import type { DrawUpAsk } from './contract.ts'
import { TRANSITION_WORDS } from './words.ts'
import { settingWords, titleOf } from './words.rows.ts'

/** What a person asks for, as rows of the rules: everything goes through the schema and the checks of the pack. */

type Ask = DrawUpAsk['ask']
export type Draft = { change: RuleChange; text: string | null; title: Words }

/** Everything that is wrong with a text, each with its line. */
const changeFrom = (text: string, policy: Policy, from: LocalDate): RuleChange => {
  const { change, problems } = readChange(text, policy, from)
  if (change) return change
  throw new Refused(
    problems.slice(0, 50).map(({ line, path, message }) => ({
      code: 'RULES_INVALID',
      params: { line, path: path ? { zh: `（${path}）`, en: ` (${path})` } : '', finding: findingWords(message) },
    })),
  )
}

const titleOfRows = (change: RuleChange): Words => {
  const rows = rowsOfChange(change)
  const first = titleOf(rows[0] ?? null)
  if (!first) return { zh: '规则变更', en: 'Change of the rules' }
  if (change.kind === 'regime' || rows.length === 1) return first
  return { zh: `${first.zh} 等${rows.length}行`, en: `${first.en} and ${rows.length - 1} more` }
}

const ofText = (text: string, policy: Policy, from: LocalDate): Draft => {
  const change = changeFrom(text, policy, from)
  return { change, text, title: titleOfRows(change) }
}

// ---- a sector's own classification (Order 36 art. 11)

type SectorAsk = Extract<Ask, { kind: 'sector' }>
/** The rows of article 11, whose class stands for a period; a sector's classification is such a row for what it names. */
const sectorRows = (policy: Policy, from: LocalDate, cls: string): { regime: Regime; rows: WindowRule[] } => {
  for (const regime of policy.regimes.filter((r) => inForce(r, from))) {
    const rows = regime.windows.filter((w) => w.tier === 'sector' && w.when.sectorClass?.includes(cls as 'minor'))
    if (rows.length) return { regime, rows }
  }
  return mustNot('NO_SECTOR_RULE')
}
/** A sector classes the same things again under the same id, so that the later one follows the earlier. */
const idOf = (ask: SectorAsk): string => {
  const about = JSON.stringify([ask.system, ask.field ?? null, ask.penaltyKinds.toSorted(), ask.fineYuanAtMost ?? null])
  return `sector-own-${createHash('sha256').update(about).digest('hex').slice(0, 10)}`
}

const ofSector = (ask: SectorAsk, policy: Policy, from: LocalDate): Draft => {
  const { regime, rows } = sectorRows(policy, from, ask.class)
  const field = policy.fields.find((f) => f.code === ask.field)?.name
  const system = (SYSTEM_WORDS as Record<string, Words>)[ask.system] ?? { zh: ask.system, en: ask.system }
  const [cls, id] = [classWords(ask.class), idOf(ask)]
  const about = {
    zh: `${system.zh}${field ? `（${field.zh}）` : ''}`,
    en: `${system.en}${field ? ` (${field.en})` : ''}`,
  }
  const kept = new Set(rows.map((r) => `${id}${r.when.minorPublished ? '-published' : ''}`))
  const windows = rows.map((row) => ({
    id: `${id}${row.when.minorPublished ? '-published' : ''}`,
    tier: row.tier,
    when: {
      item: row.when.item,
      recordSystem: [ask.system],
      ...(ask.field ? { field: [ask.field] } : {}),
      ...(ask.penaltyKinds.length ? { kind: ask.penaltyKinds } : {}),
      ...(ask.fineYuanAtMost === undefined ? {} : { fineYuanAtMost: ask.fineYuanAtMost }),
      ...(row.when.minorPublished ? { minorPublished: true } : {}),
    },
    class: row.class,
    shown: row.shown,
    repair: row.repair,
    ...(row.min ? { min: row.min } : {}),
    ...(row.max ? { max: row.max } : {}),
    termDelaysRepair: row.termDelaysRepair,
    termExtendsMaximum: row.termExtendsMaximum,
    instrument: ask.instrument,
    article: ask.article,
    why: {
      zh: `按照${ask.instrument.zh}${ask.article}，${about.zh}的此类信息列为${cls.zh}（第36号令第十一条）。`,
      en: `Under ${ask.instrument.en}, ${ask.article}, such records of ${about.en} are ${cls.en} (Order 36 art. 11).`,
    },
  }))
  // What was classed as minor before may have had a row for what is shown all the same; it goes with that class.
  const gone = regime.windows.filter(
    (w) => w.id.startsWith(`${regime.id}/${id}`) && !kept.has(w.id.slice(regime.id.length + 1)),
  )
  const text = writeDocument({
    kind: 'overrides',
    regime: regime.id,
    windows: [...windows, ...gone.map((w) => ({ ...withoutPlace(w), validTo: w.validFrom }))],
  })
  const title = { zh: `${about.zh}：${cls.zh}`, en: `${about.en}: ${cls.en}` }
  return { change: changeFrom(text, policy, from), text, title }
}
const PLACE: ReadonlySet<string> = new Set(['source', 'origin'])
const withoutPlace = (row: RuleRow): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([k, v]) => v !== null && !PLACE.has(k)))

// ---- a row that awaits confirmation

const TRANSITION = '/transition'
export const CONFIRMED = 'confirmed'

/** Of a version of a system's rules: how older records passed over to it. */
export const transitionRow = (policy: Policy, id: string): Regime | null =>
  policy.regimes.find((r) => `${r.version}${TRANSITION}` === id) ?? null
export const transitionId = (regime: Regime): string => `${regime.version}${TRANSITION}`

export const ruleInForce = (policy: Policy, id: string, on: LocalDate): RuleRow =>
  rowsInForce(policy, on).find((r) => r.id === id) ?? mustNot('NO_SUCH_RULE', { rule: id })

const OPEN: ReadonlySet<string> = new Set(['unsure', 'note'])
type SwitchAsk = Extract<Ask, { kind: 'switch' }>
const ofTransition = (ask: SwitchAsk, regime: Regime): Draft => {
  const value = ask.value.trim()
  if (!regime.transition.unsure) mustNot('RULE_SETTLED', { rule: regime.title })
  const words = TRANSITION_WORDS[value]
  if (!words)
    return mustNot('RULES_INVALID', {
      line: 1,
      path: '',
      finding: findingWords(`not a value that ${ask.row} may have`),
    })
  return {
    change: {
      kind: 'transition',
      regime: regime.id,
      version: regime.version,
      recordsBefore: value as Regime['transition']['recordsBefore'],
      note: {
        zh: `依据${ask.instrument.zh}${ask.article}：${words.zh}。`,
        en: `Under ${ask.instrument.en}, ${ask.article}: ${words.en}.`,
      },
    },
    text: null,
    title: { zh: `${regime.title.zh}的新旧衔接：${words.zh}`, en: `${regime.title.en}: ${words.en}` },
  }
}

const valueFrom = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: 10 })
  } catch {
    return mustNot('RULES_INVALID', { line: 1, path: '', finding: findingWords('not readable as YAML: value') })
  }
}

const ofSwitch = (ask: SwitchAsk, policy: Policy, from: LocalDate): Draft => {
  const regime = transitionRow(policy, ask.row)
  if (regime) return ofTransition(ask, regime)
  const row = ruleInForce(policy, ask.row, from)
  const title = titleOf(row) ?? { zh: row.id, en: row.id }
  if (!row.unsure) return mustNot('RULE_SETTLED', { rule: title })
  const basis = { instrument: ask.instrument, article: ask.article }
  if ('key' in row) {
    const { id, system, key } = row as SettingRule
    const text = writeDocument({
      kind: 'settings',
      settings: [{ id, system, key, value: valueFrom(ask.value), ...basis }],
    })
    return { change: changeFrom(text, policy, from), text, title }
  }
  const document = textOfRow(policy, row.id, from)
  if (document === null || ask.value.trim() !== CONFIRMED) return mustNot('RULE_SETTLED', { rule: title })
  const settled = valueFrom(document) as Record<string, Record<string, unknown>[] | string>
  const confirmed = Object.fromEntries(
    Object.entries(settled).map(([k, v]) => {
      if (!Array.isArray(v)) return [k, v]
      return [k, v.map((r) => ({ ...Object.fromEntries(Object.entries(r).filter(([x]) => !OPEN.has(x))), ...basis }))]
    }),
  )
  const text = writeDocument(confirmed)
  return { change: changeFrom(text, policy, from), text, title }
}

/** Among which values a row may be switched; none where it is written out. */
export const choicesOf = (policy: Policy, row: RuleRow): { value: string; words: Words }[] => {
  if (!('key' in row)) return [{ value: CONFIRMED, words: { zh: '确认现行规定', en: 'Confirm it as it stands' } }]
  const shape = settingShapes[(row as SettingRule).key]
  const values = shape?.choices ?? []
  return values.map((v) => ({ value: JSON.stringify(v), words: settingWords(policy, v) }))
}
export const transitionChoices = (): { value: string; words: Words }[] =>
  Object.entries(TRANSITION_WORDS).map(([value, words]) => ({ value, words }))

export const draftOf = (ask: Ask, policy: Policy, from: LocalDate): Draft => {
  if (ask.kind === 'rows') return ofText(ask.text, policy, from)
  return ask.kind === 'sector' ? ofSector(ask, policy, from) : ofSwitch(ask, policy, from)
}

/** The same change on rules that have become newer: its text is read again; what has none stands for itself. */
export const draftAgain = (
  p: { change: RuleChange; sourceText: string | null; effectiveFrom: LocalDate },
  policy: Policy,
): RuleChange => (p.sourceText === null ? p.change : changeFrom(p.sourceText, policy, p.effectiveFrom))
