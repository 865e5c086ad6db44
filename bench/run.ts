/**
 * The figures that the README quotes, each measured against the bare thing in the same run.
 * `npm run bench` prints a table; `npm run bench -- --json FILE [ID…]` also writes them, and measures only those named.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { eligibility } from './eligibility.ts'
import { feed } from './feed.ts'
import type { Figure, FigureId } from './figure.ts'
import { grant } from './grant.ts'
import { importApi } from './import-api.ts'
import { importCsv } from './import-csv.ts'
import { importMillion } from './import-million.ts'
import { importTwo } from './import-two.ts'
import { importXlsx } from './import-xlsx.ts'
import { overview } from './overview.ts'
import { preview } from './preview.ts'
import { propagation, push } from './push.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { subject } from './subject.ts'
import { openYard, type Yard } from './yard.ts'

const FIGURES: readonly { ids: readonly FigureId[]; measure: (yard: Yard) => Promise<Figure[]> }[] = [
  { ids: ['import_csv', 'import_csv_memory'], measure: importCsv },
  { ids: ['import_two'], measure: importTwo },
  { ids: ['xlsx_100k'], measure: importXlsx },
  { ids: ['api_batch'], measure: importApi },
  { ids: ['import_1m'], measure: importMillion },
  { ids: ['start'], measure: start },
  { ids: ['grant'], measure: grant },
  { ids: ['eligibility'], measure: eligibility },
  { ids: ['subject_json', 'subject_page'], measure: subject },
  { ids: ['search_2', 'search_3'], measure: search },
  { ids: ['overview'], measure: overview },
  { ids: ['preview'], measure: preview },
  { ids: ['feed'], measure: feed },
  { ids: ['push'], measure: push },
  { ids: ['propagation', 'takeover'], measure: propagation },
]

const IDS = FIGURES.flatMap((f) => f.ids)
const isId = (text: string): text is FigureId => (IDS as readonly string[]).includes(text)

type Asked = { json: string | null; ids: ReadonlySet<FigureId> }
const askedFor = (args: readonly string[]): Asked => {
  const at = args.indexOf('--json')
  const json = at < 0 ? null : (args[at + 1] ?? null)
  const named = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1))
  const unknown = named.find((a) => !isId(a))
  if ((at >= 0 && !json) || unknown !== undefined) {
    process.stderr.write(
      `npm run bench [-- --json FILE] [ID…]\n${unknown ? `no figure ${unknown}; ` : ''}figures: ${IDS.join(' ')}\n`,
    )
    process.exit(2)
  }
  return { json, ids: new Set(named.length ? named.filter(isId) : IDS) }
}

const number = (n: number | null): string => (n === null ? '' : n.toLocaleString('en', { maximumFractionDigits: 3 }))
const goalOf = (f: Figure): string =>
  `${f.better === 'more' ? '≥' : '≤'} ${number(f.goal)}${f.against === 'ratio' ? ' × bare' : ''}`
const rowOf = (f: Figure): string[] => [
  f.id,
  `${number(f.value)} ${f.unit}`,
  number(f.floor),
  number(f.ratio),
  goalOf(f),
  f.ok ? 'yes' : 'NO',
  f.note,
]
const printTable = (figures: readonly Figure[]): void => {
  const rows = [['figure', 'value', 'bare', 'ratio', 'goal', 'met', 'note'], ...figures.map(rowOf)]
  const widths = (rows[0] as string[]).map((_, i) => Math.max(...rows.map((r) => (r[i] as string).length)))
  const last = widths.length - 1
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((c, i) => (i === last ? c : c.padEnd(widths[i] as number)))
        .join('  ')
        .trimEnd()}\n`,
    )
}

const { json, ids } = askedFor(process.argv.slice(2))
const yard = openYard()
const figures: Figure[] = []
const began = performance.now()
try {
  for (const { ids: made, measure } of FIGURES) {
    if (!made.some((id) => ids.has(id))) continue
    process.stderr.write(`${made.join(', ')} …\n`)
    figures.push(...(await measure(yard)).filter((f) => ids.has(f.id)))
  }
} catch (error) {
  // Told before the server goes, which its clients would complain of.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
await yard.close()
printTable(figures)
const minutes = (performance.now() - began) / 60_000
process.stdout.write(
  `\n${cpus().length} cores, Node ${process.versions.node}, PostgreSQL ${yard.version()}, ${minutes.toFixed(1)} minutes\n`,
)
if (json) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`)
process.exit(0)
