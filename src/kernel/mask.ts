/** What of a person's data may leave the store, and how. Natural persons' identifiers never leave it whole. */
import { checkUscc, isPersonIdShaped } from './codes.ts'

const stars = (n: number): string => '*'.repeat(Math.max(0, n))

/** Hides the birth-date segment (digits 7–14; 7–12 of the old 15), STA Order 54 art. 12. Other papers keep both ends. */
export const maskPersonId = (id: string): string => {
  const s = id.trim()
  if (/^\d{17}[\dXx]$/.test(s)) return `${s.slice(0, 6)}${stars(8)}${s.slice(14)}`
  if (/^\d{15}$/.test(s)) return `${s.slice(0, 6)}${stars(6)}${s.slice(12)}`
  const points = Array.from(s)
  const keep = points.length > 6 ? 2 : points.length > 2 ? 1 : 0
  return `${points.slice(0, keep).join('')}${stars(points.length - 2 * keep)}${points.slice(points.length - keep).join('')}`
}

/** A natural person's name keeps its first character: 张**. */
export const maskName = (name: string): string => {
  const points = Array.from(name.trim())
  return points.length < 2 ? stars(points.length) : `${points[0]}${stars(points.length - 1)}`
}

/** A mobile keeps three and four digits, a fixed line its area and the last two. */
export const maskPhone = (phone: string): string => {
  const s = phone.trim()
  const mobile = /^(\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})$/.exec(s)
  if (mobile) return `${mobile[1] ?? ''}${mobile[2]}****${mobile[3]}`
  const fixed = /^(\(?0\d{2,3}\)?[- ]?)?(\d{5,6})(\d{2})$/.exec(s)
  if (fixed) return `${fixed[1] ?? ''}${stars((fixed[2] as string).length)}${fixed[3]}`
  return s.length > 4 ? `${stars(s.length - 2)}${s.slice(-2)}` : stars(s.length)
}

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领'

/** Full-width digits and letters to half-width without changing any position, so that hits can be cut from the original. */
const inPlace = (s: string): string =>
  s.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000|\u00a0/g, ' ')

const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const d = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? d : d > 4 ? d * 2 - 9 : d * 2
  }
  return sum % 10 === 0
}

/** The register of categories is policy; here it only matters that organisations' codes are left alone. */
const ANY_CATEGORY: ReadonlySet<string> = { has: () => true } as unknown as ReadonlySet<string>
const isOrganisation = (s: string): boolean => s.length === 18 && checkUscc(s, ANY_CATEGORY).ok

type Pattern = { find: RegExp; mask: (hit: string) => string | null }

const PATTERNS: readonly Pattern[] = [
  {
    find: /(?<![0-9A-Za-z])[1-9](?:[ -]?\d){16}[ -]?[\dXx](?![0-9A-Za-z])/g,
    mask: (hit) => {
      const s = hit.replace(/[ -]/g, '')
      return isPersonIdShaped(s) && !isOrganisation(s) ? maskPersonId(s) : null
    },
  },
  {
    find: /(?<![0-9A-Za-z])[1-9]\d{14}(?![0-9A-Za-z])/g,
    mask: (hit) => (isPersonIdShaped(hit) ? maskPersonId(hit) : null),
  },
  {
    find: /(?<![0-9A-Za-z])[3-9]\d{3}(?:(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?|\d{12,15})(?![0-9A-Za-z])/g,
    mask: (hit) => {
      const s = hit.replace(/[ -]/g, '')
      return s.length >= 16 && s.length <= 19 && passesLuhn(s) && !isOrganisation(s)
        ? `${s.slice(0, 4)}${stars(s.length - 8)}${s.slice(-4)}`
        : null
    },
  },
  { find: /(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])/g, mask: maskPhone },
  { find: /(?<![0-9A-Za-z])(?:\(0\d{2,3}\)|0\d{2,3}-)\d{7,8}(?!\d)/g, mask: maskPhone },
  {
    find: new RegExp(
      `[${PROVINCES}][A-HJ-NP-Za-hj-np-z][·•. ]?(?=[A-Za-z]{0,4}\\d)[A-HJ-NP-Za-hj-np-z\\d]{4,5}[A-HJ-NP-Za-hj-np-z\\d挂学警港澳](?![0-9A-Za-z])`,
      'g',
    ),
    mask: (hit) => `${hit.slice(0, 2)}${stars(hit.length - 4)}${hit.slice(-2)}`,
  },
]

/** Cheap first look, wide characters included: without eleven digits in a row, an area in brackets or a plate nothing here can match. */
const WORTH_LOOKING = new RegExp(
  `[\\d０-９][\\d０-９ \\u3000\\u00a0－-]{10}|[)）][\\d０-９]{7}|[${PROVINCES}][A-Za-zＡ-Ｚａ-ｚ]`,
)

/** Masks citizens' numbers, phones, bank cards and plates inside free text (PIPL 6, 25, 28; 行政处罚法 50). */
export const scrubFreeText = (text: string): { text: string; found: number } => {
  if (!WORTH_LOOKING.test(text)) return { text, found: 0 }
  let plain = inPlace(text)
  const cuts: { at: number; length: number; put: string }[] = []
  for (const { find, mask } of PATTERNS) {
    plain = plain.replace(find, (...args: unknown[]) => {
      const hit = args[0] as string
      const put = mask(hit)
      if (put === null) return hit
      cuts.push({ at: args.findLast((a) => typeof a === 'number') as number, length: hit.length, put })
      return '\u0000'.repeat(hit.length)
    })
  }
  let out = text
  for (const { at, length, put } of cuts.toSorted((a, b) => b.at - a.at))
    out = out.slice(0, at) + put + out.slice(at + length)
  return { text: out, found: cuts.length }
}
