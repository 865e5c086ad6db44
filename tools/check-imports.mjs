// The import rules of the architecture, read from the sources themselves. Every rule is an error.
// `node tools/check-imports.mjs [ROOT]` prints each breach as file:line rule target, and exits 1 when there is one.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

const root = process.argv[2] ?? '.'
export const TIERS = {
  access: 0,
  subjects: 1,
  messages: 1,
  records: 2,
  collection: 3,
  repair: 3,
  corrections: 3,
  declarations: 3,
  objections: 3,
  publicity: 4,
  catalog: 4,
  gateways: 4,
  timeliness: 4,
  territory: 4,
  balance: 4,
  policies: 4,
  quality: 5,
  reminders: 5,
  oversight: 5,
  exchange: 6,
  certificates: 7,
  inbound: 7,
  onboarding: 7,
  reconciliation: 7,
  results: 7,
  agreements: 7,
  transfers: 7,
}
const PURE = /^(contract|states|rules|words|checks)(\.[\w-]+)?\.ts$/
const ENTRY = new Set(['src/app.ts', 'src/server.ts', 'src/worker.ts', 'src/cli.ts'])
const IO_MODULES =
  /^(node:|kysely|pg|fastify|@fastify\/|pino|nodemailer|@electric-sql\/|yauzl|saxes|iconv-lite|fflate|csv-parse)/

const files = (dir) =>
  readdirSync(join(root, dir), { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name)
    if (e.isDirectory()) return ['node_modules', 'dist'].includes(e.name) ? [] : files(path)
    return /\.tsx?$/.test(e.name) ? [path.split(sep).join('/')] : []
  })
const exists = (dir) => {
  try {
    readdirSync(join(root, dir))
    return true
  } catch {
    return false
  }
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g
const importsOf = (file) => {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(IMPORT)].map((m) => ({
    spec: m[1] ?? m[2],
    typeOnly: /^\s*(?:import|export)\s+type\b/.test(m[0].trimStart()),
    line: text.slice(0, (m.index ?? 0) + m[0].search(/\S/)).split('\n').length,
  }))
}
const capabilityOf = (file) => /^src\/capabilities\/([^/]+)\//.exec(file)?.[1]
const isTest = (file) => /\.test\.tsx?$/.test(file)
const isPure = (file) => {
  if (file.startsWith('src/kernel/')) return true
  const inside = /^src\/capabilities\/[^/]+\/([^/]+)$/.exec(file)?.[1]
  return inside !== undefined && PURE.test(inside)
}

const breaches = []
const graph = new Map()
const breach = (file, line, rule, target) => breaches.push(`${file}:${line} ${rule} ${target}`)

for (const file of ['src', 'web/src'].filter(exists).flatMap(files)) {
  const capability = capabilityOf(file)
  if (capability !== undefined && !(capability in TIERS)) breach(file, 1, 'every-capability-has-a-tier', capability)
  const edges = []
  for (const { spec, line, typeOnly } of importsOf(file)) {
    if (!spec.startsWith('.')) {
      if (isPure(file) && !isTest(file) && IO_MODULES.test(spec)) breach(file, line, 'pure-files-do-no-io', spec)
      continue
    }
    const target = normalize(join(dirname(file), spec))
      .split(sep)
      .join('/')
    if (!typeOnly && !isTest(file)) edges.push(target)
    if (isTest(file)) continue
    const other = capabilityOf(target)
    if (file.startsWith('src/kernel/') && !target.startsWith('src/kernel/'))
      breach(file, line, 'kernel-is-a-leaf', target)
    if (file.startsWith('src/platform/') && (other || ENTRY.has(target)))
      breach(file, line, 'platform-knows-no-capability', target)
    if (ENTRY.has(target) && !ENTRY.has(file) && !file.startsWith('src/demo/') && !file.startsWith('src/cli/'))
      breach(file, line, 'nobody-imports-the-entry-points', target)
    if (file.startsWith('web/') && target.startsWith('src/') && !isPure(target))
      breach(file, line, 'web-sees-only-pure', target)
    if (isPure(file) && target.startsWith('src/platform/') && !typeOnly)
      breach(file, line, 'pure-files-do-no-io', target)
    if (capability && file.endsWith('/routes.ts') && /src\/platform\/db\//.test(target))
      breach(file, line, 'routes-touch-no-database', target)
    if (
      capability &&
      /\/store(\.[\w-]+)?\.ts$/.test(file) &&
      /\/(rules|service)\.ts$/.test(target) &&
      other === capability &&
      !typeOnly
    ) {
      breach(file, line, 'store-decides-nothing', target)
    }
    if (capability && other && other !== capability) {
      if (TIERS[other] === TIERS[capability]) breach(file, line, 'peers-are-strangers', target)
      else if (TIERS[other] > TIERS[capability]) breach(file, line, 'tier-imports-only-lower', target)
      else if (!/\/(index|contract|words|states)\.ts$/.test(target)) breach(file, line, 'doors-only', target)
    }
  }
  graph.set(file, edges)
}

// no-cycle: depth-first over runtime imports
const state = new Map()
const visit = (file, path) => {
  if (state.get(file) === 'done') return
  if (state.get(file) === 'open') {
    const cycle = [...path.slice(path.indexOf(file)), file]
    breach(file, 1, 'no-cycle', cycle.map((f) => relative('src', f)).join(' → '))
    return
  }
  state.set(file, 'open')
  for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...path, file])
  state.set(file, 'done')
}
for (const file of graph.keys()) visit(file, [])

if (!graph.size) {
  console.error('no source files were read: the check would pass on nothing')
  process.exit(1)
}
if (breaches.length) {
  console.error(breaches.toSorted((a, b) => (a < b ? -1 : 1)).join('\n'))
  process.exit(1)
}
console.log(`${graph.size} files, no breach`)
