/** The words of a PDF as a reader program finds them: content streams, decoded by each font's own table to Unicode. */
import { inflateSync } from 'node:zlib'

type Obj = { dict: string; stream: Buffer | null }
const objectsOf = (pdf: Buffer): Map<number, Obj> => {
  const text = pdf.toString('latin1')
  const found = new Map<number, Obj>()
  for (const hit of text.matchAll(/(?:^|[\r\n])(\d+) 0 obj\s/g)) {
    const from = hit.index + hit[0].length
    const streamAt = text.indexOf('stream', from)
    const endAt = text.indexOf('endobj', from)
    if (streamAt < 0 || endAt < streamAt) {
      found.set(Number(hit[1]), { dict: text.slice(from, endAt), stream: null })
      continue
    }
    const dict = text.slice(from, streamAt)
    const body = streamAt + (text[streamAt + 6] === '\r' ? 8 : 7)
    const length = Number(/\/Length (\d+)/.exec(dict)?.[1])
    const raw = pdf.subarray(body, body + length)
    found.set(Number(hit[1]), { dict, stream: dict.includes('/FlateDecode') ? inflateSync(raw) : raw })
  }
  return found
}

const unicodeOf = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le')
const tableOf = (cmap: string): Map<number, string> => {
  const table = new Map<number, string>()
  for (const block of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const row of block[1]!.matchAll(/<([0-9A-F]+)>\s*<([0-9A-F]+)>/gi))
      table.set(Number.parseInt(row[1]!, 16), unicodeOf(row[2]!))
  for (const block of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const row of block[1]!.matchAll(/<([0-9A-F]+)>\s*<([0-9A-F]+)>\s*<([0-9A-F]+)>/gi)) {
      const [first, last, to] = [row[1]!, row[2]!, row[3]!].map((h) => Number.parseInt(h, 16)) as [
        number,
        number,
        number,
      ]
      for (let c = first; c <= last; c++) table.set(c, String.fromCodePoint(to + c - first))
    }
  return table
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
/** A string in brackets from its opening one; brackets inside stand in pairs or behind a backslash. */
const literalAt = (content: string, from: number): { text: string; end: number } => {
  let text = ''
  let depth = 0
  for (let i = from; i < content.length; i++) {
    const c = content[i]!
    if (c === '\\') {
      const octal = /^[0-7]{1,3}/.exec(content.slice(i + 1, i + 4))?.[0]
      const next = content[i + 1] ?? ''
      text += octal ? String.fromCharCode(Number.parseInt(octal, 8)) : (ESCAPES[next] ?? next.replace(/[\r\n]/, ''))
      i += octal ? octal.length : 1
      continue
    }
    if (c === '(' && depth++ === 0) continue
    if (c === ')' && --depth === 0) return { text, end: i + 1 }
    text += c
  }
  return { text, end: content.length }
}

type Token = { font?: string; codes?: Buffer; begin?: true; state?: 'q' | 'Q' }
const tokensOf = (content: string): Token[] => {
  const tokens: Token[] = []
  const next = /\/(\w+)\s+[\d.]+\s+Tf|(\()|<([0-9A-Fa-f]+)>|\b(BT|ET)\b|(?<=^|[\s\]])([qQ])(?=\s|$)/g
  let inside = false
  for (let hit = next.exec(content); hit; hit = next.exec(content)) {
    if (hit[4]) inside = hit[4] === 'BT'
    if (hit[5]) tokens.push({ state: hit[5] as 'q' | 'Q' })
    if (hit[4] === 'BT') tokens.push({ begin: true })
    else if (hit[1]) tokens.push({ font: hit[1] })
    else if (hit[3] && inside) tokens.push({ codes: Buffer.from(hit[3], 'hex') })
    else if (hit[2]) {
      const { text, end } = literalAt(content, hit.index)
      next.lastIndex = end
      if (inside) tokens.push({ codes: Buffer.from(text, 'latin1') })
    }
  }
  return tokens
}

/** Text of all pages in the order it is drawn; a line of text a line. */
export const pdfText = (bytes: Uint8Array): string => {
  const objects = objectsOf(Buffer.from(bytes))
  const ref = (dict: string, key: string): Obj | undefined =>
    objects.get(Number(new RegExp(`/${key} (\\d+) 0 R`).exec(dict)?.[1]))
  let out = ''
  for (const { dict } of objects.values()) {
    if (!/\/Type \/Page\b(?!s)/.test(dict)) continue
    const resources = dict.includes('/Resources <<') ? dict : (ref(dict, 'Resources')?.dict ?? '')
    const fontList = /\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? ref(resources, 'Font')?.dict ?? ''
    const fonts = new Map(
      [...fontList.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name, n]) => {
        const cmap = ref(objects.get(Number(n))?.dict ?? '', 'ToUnicode')?.stream
        return [name!, tableOf(cmap?.toString('latin1') ?? '')] as const
      }),
    )
    const content = ref(dict, 'Contents')?.stream?.toString('latin1') ?? ''
    let table = new Map<number, string>()
    const saved: Map<number, string>[] = []
    for (const { font, codes, begin, state } of tokensOf(content)) {
      if (begin) out += '\n'
      // The font goes with the state that is saved and restored.
      if (state === 'q') saved.push(table)
      if (state === 'Q') table = saved.pop() ?? table
      if (font) table = fonts.get(font) ?? table
      const length = codes?.length ?? 0
      for (let i = 0; i + 1 < length; i += 2) out += table.get(codes?.readUInt16BE(i) ?? 0) ?? '\ufffd'
    }
    out += '\f'
  }
  return out
}
/** Without the breaks of lines and runs. */
export const pdfWords = (bytes: Uint8Array): string => pdfText(bytes).replace(/\s+/g, '')
