import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { templateInput } from './pdf.fit.ts'
import { FONT_PATHS } from './pdf.glyphs.ts'
import type { Paper } from './pdf.ts'

/** The thread that sets papers. It starts with the first paper and keeps the fonts open. */
const TEMPLATE = readFileSync(new URL('./pdf.typ', import.meta.url), 'utf8')
/** Archived for decades: every font is embedded, and a character without a glyph is refused. */
const STANDARD = 'a-2b'
/** Rounds that what was worked out stays in memory without being used again. */
const KEEP_ROUNDS = 10

const compiler = NodeCompiler.create({ fontArgs: [{ fontPaths: [...FONT_PATHS] }] })

parentPort?.on('message', ({ id, paper }: { id: number; paper: Paper }) => {
  try {
    const pdf = compiler.pdf(
      { mainFileContent: TEMPLATE, inputs: { paper: templateInput(paper) } },
      { pdfStandard: STANDARD },
    )
    parentPort?.postMessage({ id, pdf }, [])
  } catch (error) {
    const said = error as { message?: string; code?: string }
    // What a compiler says may quote the text: a name has no business in a log.
    const words = String(said.code ?? said.message).replaceAll(/`[^`]*`|"[^"]*"/g, '…')
    parentPort?.postMessage({ id, error: words.slice(0, 300) }, [])
  } finally {
    compiler.evictCache(KEEP_ROUNDS)
  }
})
