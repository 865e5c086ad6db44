import type { AuthorityLevel, Division } from './policy.ts'
import type { LocalDate } from './time.ts'

/** Division codes are two digits a level: 440000 covers 440100, which covers 440103. */
export const territoryPrefix = (division: string): string => division.replace(/(00)+$/, '')

/** Does a territory contain a division? An unknown division lies in no territory. */
export const covers = (territory: string, division: string | null): boolean =>
  division !== null && division.startsWith(territoryPrefix(territory))

const PROVINCE = /0000$/
const CITY = /00$/
/** At which level an authority stands, by its division; null where that is not known. */
export const levelOf = (division: string | null): AuthorityLevel | null =>
  division === null || !/^\d{6}$/.test(division)
    ? null
    : PROVINCE.test(division)
      ? 'province'
      : CITY.test(division)
        ? 'city'
        : 'county'

/** Its last day has passed. */
export const isAbolished = (division: Pick<Division, 'validTo'>, on: LocalDate): boolean =>
  division.validTo !== null && division.validTo < on

/** Which divisions stand today in the place of one; itself while it stands, nothing where nobody has said. */
export const successorsOf = (divisions: readonly Division[], code: string, on: LocalDate): string[] => {
  const seen = new Set<string>()
  const open = [code]
  const standing: string[] = []
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const division = divisions.find((d) => d.code === at)
    if (division && isAbolished(division, on)) open.push(...division.successors)
    else if (at !== code || division) standing.push(at)
  }
  return standing.toSorted()
}

/** What begins the codes of a territory: its own, and those of abolished divisions that went into it. */
export const territoryPrefixes = (divisions: readonly Division[], territory: string, on: LocalDate): string[] => {
  const own = territoryPrefix(territory)
  const gone = divisions.filter(
    (d) =>
      isAbolished(d, on) &&
      !d.code.startsWith(own) &&
      successorsOf(divisions, d.code, on).some((code) => code.startsWith(own)),
  )
  return [own, ...gone.map((d) => territoryPrefix(d.code))]
}
