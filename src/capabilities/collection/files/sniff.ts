import { open } from 'node:fs/promises'

/** What a file is by its bytes; the name only decides where bytes cannot. */
export type FileKind =
  | 'csv'
  | 'xlsx'
  | 'xls'
  | 'encrypted'
  | 'zip'
  | 'pdf'
  | 'image'
  | 'html'
  | 'xml'
  | 'json'
  | 'doc'
  | 'archive'
  | 'ods'
  | 'binary'
  | 'empty'

const HEAD_BYTES = 65_536

const starts = (b: Uint8Array, ...bytes: number[]): boolean => bytes.every((v, i) => b[i] === v)
const ascii = (b: Uint8Array, from: number, to: number): string =>
  Buffer.from(b.buffer, b.byteOffset + from, Math.max(0, Math.min(to, b.length) - from)).toString('latin1')
const holds = (b: Uint8Array, text: string, encoding: 'latin1' | 'utf16le' = 'latin1'): boolean =>
  Buffer.from(b.buffer, b.byteOffset, b.length).includes(Buffer.from(text, encoding))

const isImage = (b: Uint8Array): boolean =>
  starts(b, 0x89, 0x50, 0x4e, 0x47) ||
  starts(b, 0xff, 0xd8, 0xff) ||
  ascii(b, 0, 4) === 'GIF8' ||
  (starts(b, 0x42, 0x4d) && b[5] === 0) ||
  (ascii(b, 0, 4) === 'RIFF' && ascii(b, 8, 12) === 'WEBP') ||
  starts(b, 0x49, 0x49, 0x2a, 0) ||
  starts(b, 0x4d, 0x4d, 0, 0x2a)

const ofZip = (b: Uint8Array): FileKind => {
  if (holds(b, 'mimetypeapplication/vnd.oasis')) return 'ods'
  if (holds(b, 'word/document')) return 'doc'
  return holds(b, '[Content_Types].xml') || holds(b, 'xl/') ? 'xlsx' : 'zip'
}

/** A compound file: an old workbook, an encrypted new one, or an old document, told apart by its stream names. */
const ofCompound = (b: Uint8Array, name: string): FileKind => {
  if (holds(b, 'EncryptedPackage', 'utf16le') || holds(b, 'EncryptionInfo', 'utf16le')) return 'encrypted'
  if (holds(b, 'Workbook', 'utf16le') || holds(b, 'Book\u0000', 'utf16le')) return 'xls'
  if (holds(b, 'WordDocument', 'utf16le')) return 'doc'
  return /\.xlsx$/i.test(name) ? 'encrypted' : 'xls'
}

const ofMarkup = (b: Uint8Array): FileKind | null => {
  const text = ascii(b, 0, 1024)
    .replaceAll('\0', '')
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .trimStart()
    .toLowerCase()
  if (/^<(?:!doctype html|html|head|body|table|meta|script|!--)/.test(text) || text.startsWith('mime-version:'))
    return 'html'
  if (text.startsWith('<?xml')) return /<html|<table/.test(text) ? 'html' : 'xml'
  return /^(?:\{\s*"|\[\s*[{["])/.test(text) ? 'json' : null
}

/** Text has no NUL unless it is UTF-16, where one half of the pairs has nearly all of them. */
const isText = (b: Uint8Array): boolean => {
  if (starts(b, 0xff, 0xfe) || starts(b, 0xfe, 0xff)) return true
  const nul = [0, 0]
  let control = 0
  for (let i = 0; i < b.length; i++) {
    const c = b[i] as number
    if (c === 0) nul[i & 1] = (nul[i & 1] as number) + 1
    else if (c < 32 && c !== 9 && c !== 10 && c !== 13 && c !== 26 && c !== 27) control++
  }
  const [even = 0, odd = 0] = nul
  if (even + odd === 0) return control * 100 <= b.length
  return Math.min(even, odd) * 4 <= Math.max(even, odd) && Math.max(even, odd) * 50 >= b.length
}

export const sniff = (head: Uint8Array, name: string): FileKind => {
  if (head.length === 0) return 'empty'
  if (starts(head, 0x50, 0x4b, 3, 4)) return ofZip(head)
  if (starts(head, 0x50, 0x4b, 5, 6) || starts(head, 0x50, 0x4b, 7, 8)) return 'zip'
  if (starts(head, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) return ofCompound(head, name)
  if (ascii(head, 0, 1024).includes('%PDF-')) return 'pdf'
  if (isImage(head)) return 'image'
  if (
    ascii(head, 0, 4) === 'Rar!' ||
    starts(head, 0x37, 0x7a, 0xbc, 0xaf) ||
    starts(head, 0x1f, 0x8b) ||
    starts(head, 0x42, 0x5a, 0x68) ||
    ascii(head, 257, 262) === 'ustar'
  )
    return 'archive'
  // A workbook of Excel 2–4 has no container at all: a BOF record stands first.
  if (
    head[0] === 9 &&
    [0, 2, 4, 8].includes(head[1] as number) &&
    [4, 6, 8].includes(head[2] as number) &&
    head[3] === 0
  )
    return 'xls'
  if (ascii(head, 0, 5) === '{\\rtf') return 'doc'
  return ofMarkup(head) ?? (isText(head) ? 'csv' : 'binary')
}

/** Reads what `sniff` needs, the directory of a compound file included, wherever in the file that lies. */
export const sniffFile = async (path: string, name: string): Promise<FileKind> => {
  const file = await open(path)
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0)
    let seen = head.subarray(0, bytesRead)
    if (bytesRead >= 512 && starts(seen, 0xd0, 0xcf, 0x11, 0xe0)) {
      const sector = seen.readUInt16LE(30) === 12 ? 4096 : 512
      const directory = Buffer.alloc(4096)
      const { bytesRead: more } = await file.read(directory, 0, 4096, (seen.readUInt32LE(48) + 1) * sector)
      seen = Buffer.concat([seen, directory.subarray(0, more)])
    }
    return sniff(seen, name)
  } finally {
    await file.close()
  }
}
