/** Everything a person reads exists in both languages; a missing one does not compile. */
export type Lang = 'zh' | 'en'
export type Words = { zh: string; en: string }

/** Fills `{name}` from params. A Words-valued param is given in the same language. */
export const fill = (text: string, params: Record<string, unknown> = {}, lang: Lang = 'zh'): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    if (value === undefined || value === null) return whole
    if (typeof value === 'object' && 'zh' in value && 'en' in value) return (value as Words)[lang]
    if (Array.isArray(value)) return value.map((v) => fill(`{v}`, { v }, lang)).join(lang === 'zh' ? '、' : ', ')
    return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
  })

export const say = (words: Words, lang: Lang, params?: Record<string, unknown>): string =>
  fill(words[lang], params, lang)
