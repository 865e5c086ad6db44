/** What a spreadsheet would compute, in either width, also behind blanks that it passes over. */
const FORMULA = /^[\s\u200b\u2060]*[=+\-@＝＋－＠]|^[\t\r\n]/
/** A negative amount is a number, not a formula; `-2+3` is one. */
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/
/** A separator of any of the usual kinds: a spreadsheet in another country cuts at the semicolon. */
const CUTS = /[",;\t\r\n]/

/** A cell of a CSV file that a spreadsheet will open: what it would compute gets an apostrophe, what cuts gets quotes. */
export const csvCell = (value: string | number): string => {
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value
  return CUTS.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: readonly (string | number)[]): string => `${cells.map(csvCell).join(',')}\r\n`
