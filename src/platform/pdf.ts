import { Worker } from 'node:worker_threads'
import type { LocalDate } from '../kernel/time.ts'
import type { Lang, Words } from '../kernel/words.ts'

/**
 * Papers as PDF: set by Typst in a thread of its own, so that the server never waits for one, and started by the first
 * paper, so that a start does not pay for it. The same paper gives the same bytes: its date is the paper's own.
 */
export type Block =
  | { kind: 'text' | 'heading' | 'note'; text: string }
  | { kind: 'items'; rows: readonly string[] }
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  /** `widths`: how the columns share the page; the same for each where nothing is said. */
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[]; widths?: readonly number[] }
export type Paper = {
  lang: Lang
  /** The heading in red: who it is from. */
  issuer: string
  number: string | null
  title: string
  addressee: string | null
  blocks: readonly Block[]
  signedBy: string | null
  /** Its day: under the signature and in the file. */
  on: LocalDate
  /** How anyone can check it: what the QR code holds, and the words beside it. */
  check: { qr: string; alt: string; lines: readonly string[] } | null
  /** Kept in the file where programs find it. */
  keyword?: string
}

const RENDER_LIMIT_MS = 20_000
/** The thread and its fonts take some 100 MB: it goes when nobody has asked for a while. */
const IDLE_MS = 120_000
type Asked = { resolve: (pdf: Uint8Array) => void; reject: (error: Error) => void; limit: NodeJS.Timeout }
type Setter = { worker: Worker; asked: Map<number, Asked>; idle: NodeJS.Timeout | undefined }
let setter: Setter | undefined
let serial = 0

const stop = (of: Setter, why: string): void => {
  if (setter === of) setter = undefined
  clearTimeout(of.idle)
  void of.worker.terminate()
  for (const { reject, limit } of of.asked.values()) {
    clearTimeout(limit)
    reject(new Error(why))
  }
  of.asked.clear()
}

const start = (): Setter => {
  const worker = new Worker(new URL('./pdf.worker.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const made: Setter = { worker, asked: new Map(), idle: undefined }
  worker.on('message', (said: { id: number; pdf?: Uint8Array; error?: string }) => {
    const asked = made.asked.get(said.id)
    if (!asked) return
    made.asked.delete(said.id)
    clearTimeout(asked.limit)
    if (!made.asked.size) {
      worker.unref()
      made.idle = setTimeout(() => stop(made, 'idle'), IDLE_MS).unref()
    }
    if (said.pdf) asked.resolve(said.pdf)
    else asked.reject(new Error(`the paper could not be set: ${said.error ?? ''}`))
  })
  worker.on('error', (error) => stop(made, `the thread that sets papers has ended: ${error.message}`))
  worker.on('exit', () => stop(made, 'the thread that sets papers has ended'))
  return made
}

export const paperPdf = (paper: Paper): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const of = (setter ??= start())
    clearTimeout(of.idle)
    const id = ++serial
    const limit = setTimeout(() => stop(of, 'setting a paper took too long'), RENDER_LIMIT_MS)
    of.asked.set(id, { resolve, reject, limit })
    of.worker.ref()
    of.worker.postMessage({ id, paper }, [])
  })

/** A letter as plain data, whatever capability wrote it. */
export type PlainLetter = {
  title: Words
  addressee: string
  paragraphs: readonly Words[]
  /** Rules with instrument and article. */
  basis: readonly Words[]
  signedBy: string
  on: LocalDate
}
export type LetterMarks = {
  lang: Lang
  /** 文号 within the authority and the year. */
  number: Words | null
  /** Where its truth is asked for: the code that people type, and the address that the QR code holds. */
  verify: { code: string; url: string } | null
}

const LETTER = {
  basis: { zh: '依据：', en: 'Basis: ' },
  code: { zh: '查验码：{code}', en: 'Verification code: {code}' },
  scan: {
    zh: '扫描二维码，或者在公示网站“文书查验”栏输入查验码，可以核对本文书的真伪和当前效力。',
    en: 'Scan the code, or enter the verification code on the public site, to see whether this paper is genuine and still holds.',
  },
  alt: { zh: '文书查验二维码', en: 'QR code that verifies this paper' },
  translation: {
    zh: '',
    en: 'This is a translation for convenience; the Chinese text prevails.',
  },
} as const satisfies Record<string, Words>

/** Any letter as an official paper. */
export const letterPdf = (letter: PlainLetter, { lang, number, verify }: LetterMarks): Promise<Uint8Array> => {
  const basis = letter.basis.map((b) => b[lang]).join(lang === 'zh' ? '；' : '; ')
  return paperPdf({
    lang,
    issuer: letter.signedBy,
    number: number && number[lang],
    title: letter.title[lang],
    addressee: letter.addressee,
    blocks: [
      ...letter.paragraphs.map((p): Block => ({ kind: 'text', text: p[lang] })),
      ...(basis ? [{ kind: 'text', text: `${LETTER.basis[lang]}${basis}${lang === 'zh' ? '。' : '.'}` } as const] : []),
      ...(lang === 'en' ? [{ kind: 'note', text: LETTER.translation.en } as const] : []),
    ],
    signedBy: letter.signedBy,
    on: letter.on,
    check: verify && {
      qr: verify.url,
      alt: LETTER.alt[lang],
      lines: [LETTER.code[lang].replace('{code}', verify.code), LETTER.scan[lang]],
    },
  })
}
