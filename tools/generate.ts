/**
 * Writes everything that is made from the code: the table types and the pages under docs/generated. Made twice, it is the
 * same to the byte. `--check` writes nothing and fails with the names of the files that are not fresh.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { capabilities } from '../src/app.ts'
import type { Endpoint } from '../src/kernel/api.ts'
import type { RefusalCatalogue } from '../src/kernel/decision.ts'
import type { CatalogField, CatalogItem, FieldCondition } from '../src/kernel/policy.ts'
import { type UnsureRow, listUnsure } from '../src/kernel/policy-view.ts'
import { commonRefusals } from '../src/kernel/refusals.ts'
import { ROLES, ROLE_WORDS, type Role } from '../src/kernel/roles.ts'
import type { Words } from '../src/kernel/words.ts'
import { jurisdictionCodes, loadPolicy } from '../src/platform/policy-files.ts'
import { STATUS } from '../src/platform/problem.ts'
import { generateSchema } from './generate-schema.ts'
import { type AnyMove, isMoves } from './move-tables.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()
const both = (w: Words): string => cell(`${w.zh} / ${w.en}`)
const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((r) => `| ${r.join(' | ')} |`).join('\n')
const page = (title: string, about: string, parts: string[]): string =>
  `${[`# ${title}`, about, ...parts].join('\n\n')}\n\n<!-- made by npm run generate -->\n`

// ---- endpoints × roles

const mayCall = ({ allowed }: Endpoint, role: Role): boolean =>
  Boolean(allowed.anyone || allowed.signedIn || allowed.roles?.includes(role))
const endpointRow = ([name, e]: [string, Endpoint]): string[] => [
  `\`${name}\``,
  e.method,
  `\`${e.reply === 'html' ? '' : '/api/v1'}${e.path}\``,
  both(e.summary),
  e.allowed.anyone ? '●' : '',
  ...ROLES.map((role) => (mayCall(e, role) ? '●' : '')),
  (e.allowed.scopes ?? []).join(', '),
]
const endpointsPage = (): string =>
  page(
    '接口与角色 / Endpoints and roles',
    '● 可以调用 / may call. 最后一列为接口密钥的权限范围 / the last column: scopes of keys for systems.',
    capabilities.map((c) =>
      [
        `## ${c.name}`,
        table(
          [
            '接口 endpoint',
            '方法 method',
            '路径 path',
            '用途 about',
            '任何人 anyone',
            ...ROLES.map((r) => `${ROLE_WORDS[r].zh} ${ROLE_WORDS[r].en}`),
            '密钥 keys',
          ],
          Object.entries<Endpoint>(c.endpoints).map(endpointRow),
        ),
      ].join('\n\n'),
    ),
  )

// ---- refusals

const refusalRows = (catalogue: RefusalCatalogue): string[][] =>
  Object.entries(catalogue)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, r]) => [`\`${code}\``, String(STATUS[r.kind]), cell(r.zh), cell(r.en)])
const refusalsPage = (): string => {
  const head = ['code', 'HTTP', '中文', 'English']
  return page('拒绝原因 / Refusals', '代码与含义长期不变 / one code, one meaning, for ever.', [
    `## 通用 / common\n\n${table(head, refusalRows(commonRefusals))}`,
    ...capabilities
      .filter((c) => Object.keys(c.refusals).length)
      .map((c) => `## ${c.name}\n\n${table(head, refusalRows(c.refusals))}`),
  ])
}

// ---- moves

/** Who moves: a role, the platform itself, or the one whom a message is for. */
const MOVERS: Record<string, Words> = {
  ...ROLE_WORDS,
  system: { zh: '平台', en: 'The platform' },
  platform: { zh: '平台', en: 'The platform' },
  reader: { zh: '收件人', en: 'The reader' },
}
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && 'zh' in value && 'en' in value

const open = async (capability: string, file: string): Promise<Record<string, unknown>> =>
  (await import(pathToFileURL(join(ROOT, 'src/capabilities', capability, file)).href)) as Record<string, unknown>
const lengthOf = (labels: Record<string, Words>, codes: string[]) =>
  codes.reduce((sum, c) => sum + labels[c]!.zh.length, 0)
/** The labels of a capability that name every one of these codes; of several, those with the fewest words. */
const labelsFor = (words: Record<string, unknown>, codes: string[]): Record<string, Words> => {
  const [shortest] = Object.values(words)
    .map((labels) => labels as Record<string, Words>)
    .filter((labels) => typeof labels === 'object' && labels !== null && codes.every((c) => isWords(labels[c])))
    .toSorted((x, y) => lengthOf(x, codes) - lengthOf(y, codes))
  if (!shortest) throw new Error(`no labels name all of ${codes.join(', ')}`)
  return shortest
}

const diagram = (moves: AnyMove[], states: Record<string, Words>, actions: Record<string, Words>): string => {
  const entered = new Set(moves.map((m) => m.to))
  const left = new Set(moves.map((m) => m.from))
  const names = [...new Set(moves.flatMap((m) => [m.from, m.to]))]
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...names.map((n) => `  ${n} : ${states[n]!.zh} ${states[n]!.en}`),
    ...names.filter((n) => !entered.has(n)).map((n) => `  [*] --> ${n}`),
    ...moves.map((m) => `  ${m.from} --> ${m.to} : ${actions[m.action]!.zh} ${actions[m.action]!.en}`),
    ...names.filter((n) => !left.has(n)).map((n) => `  ${n} --> [*]`),
    '```',
  ].join('\n')
}
const movesPage = async (): Promise<string> => {
  const parts: string[] = []
  for (const { name } of capabilities) {
    if (!readdirSync(join(ROOT, 'src/capabilities', name)).includes('states.ts')) continue
    const states = await open(name, 'states.ts')
    // Labels stand beside the states where only they need them.
    const words = { ...states, ...(await open(name, 'words.ts')) }
    for (const [title, moves] of Object.entries(states).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!isMoves(moves)) continue
      const stateWords = labelsFor(words, [...new Set(moves.flatMap((m) => [m.from, m.to]))])
      const actionWords = labelsFor(words, [...new Set(moves.map((m) => m.action))])
      const rows = moves.map((m) => [
        both(stateWords[m.from]!),
        both(actionWords[m.action]!),
        m.by.map((r) => MOVERS[r]?.zh ?? r).join('、'),
        both(stateWords[m.to]!),
      ])
      const heads = ['从 from', '动作 action', '由 by', '到 to']
      parts.push(`## ${name}: ${title}\n\n${diagram(moves, stateWords, actionWords)}\n\n${table(heads, rows)}`)
    }
  }
  return page(
    '状态与动作 / States and moves',
    '页面按钮、文书与测试用的是同一张表 / buttons, letters and tests come from the same table.',
    parts,
  )
}

// ---- policy

const unsureTable = (rows: UnsureRow[]): string =>
  table(
    ['id', '条款 article', '说明', 'note', '文件 file'],
    rows.map((u) => [
      `\`${u.id}\``,
      cell(u.article ?? ''),
      cell(u.note?.zh ?? ''),
      cell(u.note?.en ?? ''),
      cell(u.source.replace(/:\d+$/, '')),
    ]),
  )
const unsurePage = (): string => {
  const places = jurisdictionCodes().map((code) => {
    const policy = loadPolicy(code)
    return { name: `${both(policy.jurisdiction.name)} ${code}`, rows: listUnsure(policy) }
  })
  const isNational = (u: UnsureRow) => u.source.startsWith('policy/national/')
  const national = new Map(places.flatMap((p) => p.rows.filter(isNational).map((u) => [u.id, u] as const)))
  const parts = places.map(({ name, rows }) => {
    const held = new Set(rows.filter(isNational).map((u) => u.id))
    const own = rows.filter((u) => !isNational(u))
    const replaced = [...national.keys()].filter((id) => !held.has(id)).map((id) => `\`${id}\``)
    return [
      `## ${name}`,
      own.length ? unsureTable(own) : '本地没有另外的存疑事项 / nothing of its own.',
      ...(replaced.length
        ? [`全国事项中本地另有规定的 / settled here by a rule of its own: ${replaced.join('、')}`]
        : []),
    ].join('\n\n')
  })
  return page(
    '存疑规则 / Unsure rules',
    '依据尚不充分、需要向主管部门确认的取值；与 `xinheng policy show` 所列相同 / values whose basis is still to be confirmed; the same as `xinheng policy show` lists.',
    [`## 全国 / National\n\n${unsureTable([...national.values()])}`, ...parts],
  )
}

const when = (c: FieldCondition): string =>
  `${c.field} ${c.is ? `= ${c.is.join(' / ')}` : c.filled ? '≠ ∅' : ''}`.trim()
const required = (f: CatalogField): string =>
  typeof f.required === 'string' ? { always: '●', never: '' }[f.required] : f.required.map(when).join('; ')
const fieldRow = (f: CatalogField): string[] => [
  `\`${f.key}\``,
  cell(f.code),
  both(f.label),
  f.type,
  f.maxLength === null ? '' : String(f.maxLength),
  cell(required(f)),
  f.secret ? '★' : '',
  f.public ? '●' : '',
  cell(f.choices.map((c) => c.label.zh).join('、')),
]
const itemPart = (i: CatalogItem): string =>
  [
    `## ${both(i.name)} \`${i.code}\``,
    `${cell(i.instrument.zh)} ${cell(i.article)}，${i.validFrom} – ${i.validTo ?? ''}${i.origin === 'national' ? '' : ` [${i.origin}]`}`,
    table(
      ['key', '编码 code', '名称 label', 'type', '长度 length', '必填 required', '★', '公开 public', '可选值 choices'],
      i.fields.map(fieldRow),
    ),
  ].join('\n\n')
const catalogPage = (): string => {
  const items = new Map(
    jurisdictionCodes().flatMap((code) =>
      loadPolicy(code).catalog.map((i) => [`${i.origin}/${i.id}/${i.validFrom}`, i] as const),
    ),
  )
  return page(
    '信用信息目录 / Catalog',
    '★ 加密保存，对外只以掩码出现 / kept sealed, shown masked only.',
    [...items.values()].map(itemPart),
  )
}

/** Every generated file by its path, as it should be now. */
const generateAll = async (): Promise<Map<string, string>> =>
  new Map([
    ['src/platform/db/schema.gen.ts', await generateSchema(join(ROOT, 'migrations'))],
    ['docs/generated/endpoints.md', endpointsPage()],
    ['docs/generated/refusals.md', refusalsPage()],
    ['docs/generated/moves.md', await movesPage()],
    ['docs/generated/policy-unsure.md', unsurePage()],
    ['docs/generated/catalog.md', catalogPage()],
  ])

const held = (path: string): string | null => {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return null
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const stale = [...(await generateAll())].filter(([path, text]) => held(path) !== text)
  if (values.check && stale.length) {
    process.stderr.write(`not fresh, run npm run generate:\n${stale.map(([path]) => `  ${path}\n`).join('')}`)
    process.exitCode = 1
  }
  if (!values.check) {
    for (const [path, text] of stale) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true })
      writeFileSync(join(ROOT, path), text)
      process.stdout.write(`${path}\n`)
    }
  }
}
