/** Everything a person reads exists in both languages; a missing one does not compile. */
export type Lang = 'zh' | 'en'
export type Words = { zh: string; en: string }

const PLACE = /\{(\w+)\}/
/** A sentence cut at its places: every second piece is a name. The sentences are few and said again and again. */
const cuts = new Map<string, readonly string[]>()
const CUTS_KEPT = 5_000
const cutOf = (text: string): readonly string[] => {
  const known = cuts.get(text)
  if (known) return known
  const pieces = text.split(PLACE)
  if (cuts.size >= CUTS_KEPT) cuts.clear()
  cuts.set(text, pieces)
  return pieces
}

const told = (value: unknown, whole: string, lang: Lang): string => {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return whole
  if (typeof value !== 'object') return String(value as number | boolean)
  if ('zh' in value && 'en' in value) return (value as Words)[lang]
  if (Array.isArray(value)) return value.map((v) => told(v, '{v}', lang)).join(lang === 'zh' ? '、' : ', ')
  return JSON.stringify(value)
}

/** Fills `{name}` from params. A Words-valued param is given in the same language. */
export const fill = (text: string, params: Record<string, unknown> = {}, lang: Lang = 'zh'): string => {
  if (!text.includes('{')) return text
  const pieces = cutOf(text)
  let out = pieces[0] as string
  for (let i = 1; i < pieces.length; i += 2) {
    const name = pieces[i] as string
    out += told(params[name], `{${name}}`, lang) + (pieces[i + 1] as string)
  }
  return out
}

export const say = (words: Words, lang: Lang, params?: Record<string, unknown>): string =>
  fill(words[lang], params, lang)
