import type { FileHandle } from 'node:fs/promises'
import { FileRefused } from './refusals.ts'
import type { Encoding } from './table.ts'

const SAMPLE_BYTES = 65_536
const CJK = /[\u3400-\u9fff\uff01-\uff5e\u3000-\u303f]/

const decodes = (bytes: Uint8Array, encoding: Encoding): string | null => {
  try {
    // `stream` forgives the character that the sample's end cuts in two.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

const byMark = (b: Uint8Array): Encoding | null => {
  if (b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf) return 'utf-8'
  if (b[0] === 0xff && b[1] === 0xfe) return 'utf-16le'
  if (b[0] === 0xfe && b[1] === 0xff) return 'utf-16be'
  return b[0] === 0x84 && b[1] === 0x31 && b[2] === 0x95 && b[3] === 0x33 ? 'gb18030' : null
}

/** Separators, digits and line ends of a table have a zero half in UTF-16; which half tells the order of bytes. */
const byZeros = (b: Uint8Array): Encoding | null => {
  let even = 0
  let odd = 0
  for (let i = 0; i < b.length; i++) {
    if (b[i] !== 0) continue
    if (i % 2 === 1) odd++
    else even++
  }
  if (even + odd === 0) return null
  const guess = odd > even ? 'utf-16le' : 'utf-16be'
  return decodes(b.subarray(0, b.length & ~1), guess) === null ? null : guess
}

/** Chinese of UTF-8 with a few foreign bytes: to be read as UTF-8 and refused where it breaks, not as nonsense in GBK. */
const isMostlyUtf8 = (sample: Uint8Array): boolean => {
  const text = new TextDecoder('utf-8').decode(sample)
  const chinese = text.match(/[\u4e00-\u9fff]{2}/g)?.length ?? 0
  return chinese * 2 > (text.match(/\ufffd/g)?.length ?? 0)
}

/** The first stretch of a file that says anything about its encoding: pure ASCII does not. */
const tellingSample = async (file: FileHandle): Promise<Uint8Array> => {
  const buffer = Buffer.alloc(SAMPLE_BYTES)
  for (let at = 0; ; at += SAMPLE_BYTES) {
    const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, at)
    const sample = buffer.subarray(0, bytesRead)
    const first = sample.findIndex((c) => c > 127 || c === 0)
    if (first >= 0 && at === 0) return sample
    if (first >= 0) return sample.subarray(first)
    if (bytesRead < SAMPLE_BYTES) return new Uint8Array()
  }
}

/** The encoding a file is read in. It is only a supposition: the reader decodes strictly and refuses where it breaks. */
export const detectEncoding = async (file: FileHandle): Promise<Encoding> => {
  const sample = await tellingSample(file)
  const known = byMark(sample) ?? byZeros(sample)
  if (known) return known
  const utf8 = decodes(sample, 'utf-8')
  // Two-byte pairs of GBK can be valid UTF-8 of Latin or Greek letters (the case of 联通); Chinese text decides.
  if (utf8 !== null && (sample.length === 0 || CJK.test(utf8))) return 'utf-8'
  if (utf8 === null && isMostlyUtf8(sample)) return 'utf-8'
  const gb = decodes(sample, 'gb18030')
  if (gb !== null && CJK.test(gb)) return 'gb18030'
  if (utf8 !== null) return 'utf-8'
  if (gb !== null) return 'gb18030'
  throw new FileRefused('ENCODING_UNKNOWN')
}

export const ENCODING_NAMES: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  gb18030: 'GBK/GB18030',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
}
