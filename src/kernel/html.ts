/**
 * HTML as a template: whatever is put in is escaped, unless it was made by this template. Attributes are always written
 * in double quotes; a value never stands in a script, a style or an unquoted attribute.
 */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

/** `false`, null and undefined print nothing, so that `condition && html\`…\`` reads as meant; `true` does not compile. */
export type Part = Html | string | number | false | null | undefined | readonly Part[]

// oxlint-disable-next-line no-control-regex
const WORTH_ESCAPING = /[&<>"'`\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Safe as element content and inside a quoted attribute. Control characters and halves of surrogate pairs do not pass. */
export const escapeHtml = (text: string): string =>
  !WORTH_ESCAPING.test(text)
    ? text
    : text
        .toWellFormed()
        // oxlint-disable-next-line no-control-regex
        .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
        .replace(/[&<>"'`]/g, (c) => ENTITIES[c] as string)

const print = (part: Part): string => {
  if (typeof part === 'string') return escapeHtml(part)
  if (part instanceof Html) return part.text
  if (typeof part === 'number') return String(part)
  if (part === null || part === undefined || part === false) return ''
  let out = ''
  for (const one of part) out += print(one)
  return out
}

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => {
  let out = strings[0] as string
  for (let i = 0; i < parts.length; i++) out += print(parts[i]) + (strings[i + 1] as string)
  return new Html(out)
}

/** Unescaped. Only for text of our own that holds nothing from outside. */
export const raw = (ownText: string): Html => new Html(ownText)
