import type { Html } from '../../kernel/html.ts'
import type { Block } from '../../platform/pdf.ts'

/**
 * The notice as blocks of a paper, read from the page's own article, so that page and paper cannot say different things.
 * It knows the few elements that our pages are made of, and nothing else is ever given to it.
 */
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' }
const plain = (text: string): string => text.replace(/&(#?\w+);/g, (all, name: string) => ENTITIES[name] ?? all)
const TOKEN = /<(\/?)(\w+)([^>]*)>|([^<]+)/g

export const blocksOf = (article: Html): { first: string; blocks: Block[] } => {
  const blocks: Block[] = []
  let text = ''
  let quiet = false
  let items: string[] = []
  let facts: [string, string][] = []
  let label = ''
  let head: string[] = []
  let rows: string[][] = []
  let row: string[] = []
  let inHead = false
  const take = (): string => {
    const said = plain(text)
      .replaceAll(/[ \t]*\n[ \t]*/g, '\n')
      .trim()
    text = ''
    return said
  }
  const close = (name: string): void => {
    const said = ['p', 'h2', 'h3', 'h4', 'li', 'dt', 'dd', 'th', 'td', 'h1'].includes(name) ? take() : ''
    if (name === 'p' && said && !quiet) blocks.push({ kind: 'text', text: said })
    else if (/^h[234]$/.test(name)) blocks.push({ kind: 'heading', text: said })
    else if (name === 'li') items.push(said)
    else if (name === 'ul' || name === 'ol') {
      if (items.length) blocks.push({ kind: 'items', rows: items })
      items = []
    } else if (name === 'dt') label = said
    else if (name === 'dd') facts.push([label, said])
    else if (name === 'dl') {
      if (facts.length) blocks.push({ kind: 'facts', rows: facts })
      facts = []
    } else if (name === 'th' || name === 'td') (inHead ? head : row).push(said)
    else if (name === 'thead') inHead = false
    else if (name === 'tr' && row.length) {
      rows.push(row)
      row = []
    } else if (name === 'table') {
      if (rows.length) blocks.push({ kind: 'table', head, rows })
      ;[head, rows] = [[], []]
    }
  }
  for (const [, end, name, attributes, words] of article.text.matchAll(TOKEN)) {
    if (words !== undefined) text += words.replaceAll('\n', ' ')
    else if (name === 'br') text += '\n'
    else if (end) close(name!)
    else if (name === 'thead') inHead = true
    else if (name === 'p') {
      text = ''
      // The signature is set by the paper itself.
      quiet = attributes!.includes('sign')
    } else if (/^(h[1-4]|li|dt|dd|th|td)$/.test(name!)) text = ''
  }
  const [opening, ...rest] = blocks
  const first = opening?.kind === 'text' ? opening.text.replace(/[：:]\s*$/, '') : ''
  return { first, blocks: rest }
}
