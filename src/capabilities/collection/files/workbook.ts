import { Zip, ZipDeflate } from 'fflate'

/** Writes .xlsx as a stream. Every cell is text in the text format with a quote prefix: nothing that leaves here is ever computed. */

export type CellStyle = 'text' | 'header' | 'problem' | 'note' | 'title' | 'advice'
export type OutCell = { text: string; style?: CellStyle }
export type OutRow = { cells: readonly (string | OutCell)[]; style?: CellStyle; height?: number }
export type OutSheet = {
  name: string
  widths: number[]
  freeze?: { rows: number; columns: number }
  rows: Iterable<OutRow> | AsyncIterable<OutRow>
  /** Areas such as A1:F1; written after the rows. */
  merges?: string[]
  /** Choices offered in a column, from row `from` on. */
  choices?: { column: number; from: number; values: string[] }[]
}

export const MAX_SHEET_ROWS = 1_048_576
const MAX_CELL = 32_767
const FLUSH_CHARS = 64 * 1024
/** The same content gives the same bytes. */
const MTIME = new Date(1980, 0, 1)
const STYLES: CellStyle[] = ['text', 'header', 'problem', 'note', 'title', 'advice']
const STYLE_NUMBER = Object.fromEntries(STYLES.map((s, i) => [s, i])) as Record<CellStyle, number>

// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as XML holds it: no control characters, and `_x0041_` written so that it is not read as an escape. */
const xml = (text: string): string =>
  text
    .slice(0, MAX_CELL)
    .toWellFormed()
    .replace(NOT_XML, '')
    .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')

export const columnName = (index: number): string => {
  let name = ''
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name
  return name
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

const xf = (font: number, fill: number, border: number, wrap: boolean, center = false): string =>
  `<xf numFmtId="49" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0" quotePrefix="1" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="${center ? 'center' : 'top'}"${center ? ' horizontal="center"' : ''}${wrap ? ' wrapText="1"' : ''}/></xf>`
const font = (size: number, bold = false, color = 'FF1F1F1F'): string =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><color rgb="${color}"/><name val="等线"/><family val="2"/><charset val="134"/></font>`
const fill = (color: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${color}"/><bgColor indexed="64"/></patternFill></fill>`
const EDGE = ['left', 'right', 'top', 'bottom'].map((e) => `<${e} style="thin"><color rgb="FFD9D9D9"/></${e}>`).join('')

const stylesXml = `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="4">${font(11)}${font(11, true)}${font(14, true)}${font(10, false, 'FF595959')}</fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FFD6E4F5')}${fill('FFFFD9D6')}${fill('FFFFF7E0')}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${EDGE}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">${xf(0, 0, 0, false)}${xf(1, 2, 1, true, true)}${xf(0, 3, 1, false)}${xf(3, 0, 0, true)}${xf(2, 0, 0, false, true)}${xf(0, 4, 1, true)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

const contentTypes = (sheets: number): string =>
  `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${Array.from({ length: sheets }, (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`
const rootRels = `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`
const bookRels = (sheets: number): string =>
  `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${Array.from({ length: sheets }, (_, i) => `<Relationship Id="rId${i + 1}" Type="${RELS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets + 1}" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`
const bookXml = (names: string[]): string =>
  `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><bookViews><workbookView activeTab="0"/></bookViews><sheets>${names.map((n, i) => `<sheet name="${xml(n.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31))}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`

const sheetStart = (sheet: OutSheet, first: boolean): string => {
  const { rows = 0, columns = 0 } = sheet.freeze ?? {}
  const corner = `${columnName(columns)}${rows + 1}`
  const pane = sheet.freeze
    ? `<pane${columns ? ` xSplit="${columns}"` : ''}${rows ? ` ySplit="${rows}"` : ''} topLeftCell="${corner}" activePane="${rows && columns ? 'bottomRight' : rows ? 'bottomLeft' : 'topRight'}" state="frozen"/>`
    : ''
  const cols = sheet.widths
    .map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" style="0" customWidth="1"/>`)
    .join('')
  return `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${first ? ' tabSelected="1"' : ''} workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${cols ? `<cols>${cols}</cols>` : ''}<sheetData>`
}

const rowXml = (row: OutRow, n: number): string => {
  let cells = ''
  row.cells.forEach((cell, i) => {
    const { text, style = row.style ?? 'text' } = typeof cell === 'string' ? { text: cell } : cell
    const ref = `${columnName(i)}${n}`
    if (text !== '')
      cells += `<c r="${ref}" s="${STYLE_NUMBER[style]}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`
    else if (style !== 'text') cells += `<c r="${ref}" s="${STYLE_NUMBER[style]}"/>`
  })
  return `<row r="${n}"${row.height ? ` ht="${row.height}" customHeight="1"` : ''}>${cells}</row>`
}

const sheetEnd = (sheet: OutSheet): string => {
  const merges = sheet.merges?.length
    ? `<mergeCells count="${sheet.merges.length}">${sheet.merges.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>`
    : ''
  // A list typed into the rule may hold 255 characters and no commas inside its values.
  const lists = (sheet.choices ?? []).filter(
    (c) => c.values.join(',').length <= 255 && !c.values.some((v) => v.includes(',')),
  )
  const validations = lists.length
    ? `<dataValidations count="${lists.length}">${lists.map((c) => `<dataValidation type="list" allowBlank="1" sqref="${columnName(c.column)}${c.from}:${columnName(c.column)}${MAX_SHEET_ROWS}"><formula1>"${xml(c.values.join(','))}"</formula1></dataValidation>`).join('')}</dataValidations>`
    : ''
  return `</sheetData>${merges}${validations}</worksheet>`
}

/** The workbook's bytes, as they come; rows are taken from the sheets one by one and never held. */
export const writeWorkbook = async function* (sheets: OutSheet[]): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let failed: Error | null = null
  const zip = new Zip((error, bytes) => {
    if (error) failed = error
    else if (bytes.length > 0) ready.push(bytes)
  })
  const encoder = new TextEncoder()
  const taken = function* () {
    if (failed) throw failed
    const all = ready
    ready = []
    yield* all
  }
  const part = (name: string) => {
    const file = new ZipDeflate(name, { level: 4 })
    file.mtime = MTIME
    zip.add(file)
    return (text: string, last = false) => file.push(encoder.encode(text), last)
  }
  part('[Content_Types].xml')(contentTypes(sheets.length), true)
  part('_rels/.rels')(rootRels, true)
  part('xl/workbook.xml')(bookXml(sheets.map((s) => s.name)), true)
  part('xl/_rels/workbook.xml.rels')(bookRels(sheets.length), true)
  part('xl/styles.xml')(stylesXml, true)
  for (const [i, sheet] of sheets.entries()) {
    const put = part(`xl/worksheets/sheet${i + 1}.xml`)
    let text = sheetStart(sheet, i === 0)
    let n = 0
    for await (const row of sheet.rows) {
      n++
      if (n > MAX_SHEET_ROWS) throw new Error('more rows than a sheet holds')
      text += rowXml(row, n)
      if (text.length < FLUSH_CHARS) continue
      put(text)
      text = ''
      yield* taken()
    }
    put(text + sheetEnd(sheet), true)
    yield* taken()
  }
  zip.end()
  yield* taken()
}

export const toBuffer = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
