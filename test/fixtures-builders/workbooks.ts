import { deflateRawSync } from 'node:zlib'
import { strToU8, type Zippable, zipSync } from 'fflate'

/** Workbooks made in code, the hostile ones included. Cells are given as XML, so that a test can write what no library would. */

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export type SheetParts = {
  name?: string
  state?: 'hidden' | 'veryHidden'
  rows: string
  after?: string
}
export type BookParts = {
  sheets: SheetParts[]
  strings?: string[]
  /** Number formats: own codes by id, then the format id of each style. */
  formats?: Record<number, string>
  styles?: number[]
  date1904?: boolean
  prolog?: string
  extra?: Zippable
}

const escape = (s: string): string => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

export const buildXlsx = (parts: BookParts): Uint8Array => {
  const files: Zippable = {
    '[Content_Types].xml': strToU8(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    ),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><workbookPr${parts.date1904 ? ' date1904="1"' : ''}/><sheets>${parts.sheets
        .map(
          (s, i) =>
            `<sheet name="${escape(s.name ?? `Sheet${i + 1}`)}" sheetId="${i + 1}"${s.state ? ` state="${s.state}"` : ''} r:id="rId${i + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${parts.sheets
        .map(
          (_, i) => `<Relationship Id="rId${i + 1}" Type="${RELS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
        )
        .join(
          '',
        )}<Relationship Id="rIdS" Type="${RELS}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rIdT" Type="${RELS}/styles" Target="styles.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(
      `<styleSheet xmlns="${MAIN}"><numFmts>${Object.entries(parts.formats ?? {})
        .map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${escape(code)}"/>`)
        .join(
          '',
        )}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${(parts.styles ?? [0]).map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    ),
    'xl/sharedStrings.xml': strToU8(
      `<sst xmlns="${MAIN}">${(parts.strings ?? []).map((s) => `<si>${s.startsWith('<') ? s : `<t xml:space="preserve">${escape(s)}</t>`}</si>`).join('')}</sst>`,
    ),
    ...parts.extra,
  }
  parts.sheets.forEach((s, i) => {
    files[`xl/worksheets/sheet${i + 1}.xml`] = strToU8(
      `${parts.prolog ?? ''}<worksheet xmlns="${MAIN}"><sheetData>${s.rows}</sheetData>${s.after ?? ''}</worksheet>`,
    )
  })
  return zipSync(files, { level: 6 })
}

const columnName = (i: number): string =>
  (i < 26 ? '' : columnName(Math.floor(i / 26) - 1)) + String.fromCharCode(65 + (i % 26))

/** Rows of inline text from row `first` on. */
export const textRows = (rows: string[][], first = 1): string =>
  rows
    .map(
      (cells, r) =>
        `<row r="${first + r}">${cells.map((c, i) => (c === '' ? '' : `<c r="${columnName(i)}${first + r}" t="inlineStr"><is><t xml:space="preserve">${escape(c)}</t></is></c>`)).join('')}</row>`,
    )
    .join('')

type RawPart = { name: string; data: Buffer; method: number; crc: number; size: number }

/** A zip whose directory says what the test wants it to say. */
const rawZip = (parts: RawPart[]): Buffer => {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const p of parts) {
    const name = Buffer.from(p.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(p.method, 4)
    common.writeUInt32LE(p.crc, 10)
    common.writeUInt32LE(p.data.length, 14)
    common.writeUInt32LE(p.size, 18)
    common.writeUInt16LE(name.length, 22)
    locals.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, name, p.data)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, tail.subarray(0, 14), name)
    at += 30 + name.length + p.data.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

/** A workbook whose sheet unpacks to `size` bytes of blanks; `claimed` is what its directory says. */
export const buildBomb = (size: number, claimed = size): Buffer => {
  const packed = deflateRawSync(Buffer.alloc(size, 32), { level: 9 })
  const stored = (name: string, text: string): RawPart => {
    const data = Buffer.from(text)
    return { name, data, method: 0, crc: 0, size: data.length }
  }
  return rawZip([
    stored('[Content_Types].xml', '<Types/>'),
    stored(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    stored(
      'xl/_rels/workbook.xml.rels',
      `<Relationships><Relationship Id="rId1" Type="${RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    { name: 'xl/worksheets/sheet1.xml', data: packed, method: 8, crc: 0, size: claimed },
  ])
}

/** A compound file with the given stream names in its directory: an old workbook, or an encrypted new one. */
export const buildCompound = (streams: string[]): Buffer => {
  const file = Buffer.alloc(512 * 4)
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(file)
  file.writeUInt16LE(0x3e, 24)
  file.writeUInt16LE(3, 26)
  file.writeUInt16LE(0xfffe, 28)
  file.writeUInt16LE(9, 30)
  file.writeUInt32LE(1, 48)
  for (const [i, name] of ['Root Entry', ...streams].entries()) {
    file.write(name, 1024 + i * 128, 'utf16le')
    file.writeUInt16LE((name.length + 1) * 2, 1024 + i * 128 + 64)
  }
  return file
}
