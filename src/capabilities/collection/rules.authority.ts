import type { AuthorityLevel } from '../../kernel/policy.ts'
import { covers, levelOf } from '../../kernel/territory.ts'
import { nameKey } from '../../kernel/text.ts'
import type { Places } from './rules.places.ts'
import type { RowBuffer } from './rules.row.ts'
import type { ProblemCode } from './words.problems.ts'

/** An authority as far as the checks look at it. */
export type KnownAuthority = {
  id: string
  code: string
  name: string
  nameKey: string
  division: string
  system: string
  isCreditOffice: boolean
  duties: readonly string[]
}
export type Directory = {
  byCode: ReadonlyMap<string, KnownAuthority>
  byName: ReadonlyMap<string, KnownAuthority>
}
/** Who made the decision; system and level are null for an authority that the platform does not know. */
export type Decider = { id: string; key: string; name: string; system: string | null; level: AuthorityLevel | null }
const deciderOf = ({ id, code, name, system, division }: KnownAuthority): Decider => ({
  id,
  key: code,
  name,
  system,
  level: levelOf(division),
})

type Fault = { on: 'name' | 'code'; code: ProblemCode; params: Record<string, unknown> }
type Found = { decider: Decider; fault: null } | { decider: null; fault: Fault }
type Asked = { item: string; directory: Directory; reporter: KnownAuthority }

/** A bureau in a system with its own chain of command may report for its offices below; others report their own. */
const isBelow = (found: KnownAuthority, reporter: KnownAuthority): boolean =>
  found.system === reporter.system && found.system !== 'general' && covers(reporter.division, found.division)

/** Whoever produces the information reports it (谁产生、谁上传); the credit office hands in on behalf of others, known or not. */
export const decide = ({ item, directory, reporter }: Asked, name: string, code: string): Found => {
  const fault = (on: Fault['on'], why: ProblemCode, params: Record<string, unknown> = {}): Found => ({
    decider: null,
    fault: { on, code: why, params: { value: name || code, ...params } },
  })
  const byCode = code ? directory.byCode.get(code) : undefined
  const byName = name ? directory.byName.get(nameKey(name)) : undefined
  if (byCode && name && byCode.nameKey !== nameKey(name))
    return fault('code', 'authority_code_name', { held: byCode.name })
  if (!byCode && code && byName) return fault('code', 'authority_name_code', { name: byName.name, held: byName.code })
  const found = byCode ?? byName
  if (!found) {
    if (!reporter.isCreditOffice) return fault(name ? 'name' : 'code', 'authority_unknown')
    const unknown = { id: reporter.id, key: code || nameKey(name), name: name || code, system: null, level: null }
    return { decider: unknown, fault: null }
  }
  if (!found.duties.includes(item)) return fault('name', 'authority_no_duty', { name: found.name })
  if (!reporter.isCreditOffice && found.id !== reporter.id && !isBelow(found, reporter)) {
    return fault('name', 'authority_not_yours', { name: found.name, reporter: reporter.name })
  }
  return { decider: deciderOf(found), fault: null }
}

const REMEMBERED = 5000

/** The check of a row's deciding authority; the same name and code are judged once for a whole file. */
export const deciderCheck = (asked: Asked, at: Places): ((row: RowBuffer) => Decider | null) => {
  const known = new Map<string, Found>()
  const { reporter, directory } = asked
  const judge = (name: string, code: string): Found => {
    const key = `${code}\t${name}`
    const held = known.get(key)
    if (held) return held
    if (known.size > REMEMBERED) known.clear()
    const found = decide(asked, name, code)
    known.set(key, found)
    return found
  }
  return (row) => {
    if (at.authorityName < 0 && at.authorityCode < 0) {
      return deciderOf(reporter)
    }
    const name = row.text(at.authorityName) ?? ''
    const code = row.text(at.authorityCode) ?? ''
    if (name === '' && code === '') return null
    const { decider, fault } = judge(name, code)
    if (fault) {
      const place = fault.on === 'name' ? at.authorityName : at.authorityCode
      row.complain(place < 0 ? Math.max(at.authorityName, at.authorityCode) : place, fault.code, fault.params)
      return null
    }
    // What the register of authorities knows need not be written in every row.
    const registered = directory.byCode.get(decider.key)
    if (registered && !row.isFilled(at.authorityCode)) row.set(at.authorityCode, registered.code)
    if (registered && !row.isFilled(at.authorityName)) row.set(at.authorityName, registered.name)
    return decider
  }
}

/** The unit that hands the data in is the source, unless the row names another. */
export const fillSource = ({ directory, reporter }: Asked, at: Places, row: RowBuffer): void => {
  if (row.complained[at.sourceName] || row.complained[at.sourceCode]) return
  const name = row.text(at.sourceName)
  const code = row.text(at.sourceCode)
  const source = code ? directory.byCode.get(code) : name ? directory.byName.get(nameKey(name)) : reporter
  if (!source) return
  if (code && name && source.nameKey !== nameKey(name)) {
    row.complain(at.sourceCode, 'authority_code_name', { held: source.name })
    return
  }
  row.set(at.sourceName, source.name)
  row.set(at.sourceCode, source.code)
}
