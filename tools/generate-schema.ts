/**
 * Writes src/platform/db/schema.gen.ts from the migrations: they run on an empty database in memory, whose catalog is then
 * read. `--check` writes nothing and fails when the file is not fresh.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../src/platform/db/index.ts'
import { migrate } from '../src/platform/migrate.ts'

const TARGET = fileURLToPath(new URL('../src/platform/db/schema.gen.ts', import.meta.url))
const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

type Column = {
  schema: string
  table: string
  column: string
  type: string
  kind: string
  nullable: boolean
  /** The database fills it in when an insert leaves it out. */
  filled: boolean
  /** The database always fills it in. */
  computed: boolean
}

const readColumns = async (db: Db): Promise<Column[]> =>
  (
    await sql<Column>`
      select n.nspname as schema, c.relname as table, a.attname as column, t.typname as type, c.relkind::text as kind,
        case when c.relkind in ('v', 'm') then not coalesce(v.not_null, false) else not a.attnotnull end as nullable,
        a.atthasdef or a.attidentity <> '' as filled,
        a.attgenerated <> '' or a.attidentity = 'a' as computed
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      left join lateral (
        -- The catalog does not know whether a view's column may be null. Without an outer join it is as the column it reads,
        -- which we know by its name.
        select bool_and(b.attnotnull) as not_null
        from pg_rewrite r
        join pg_depend d on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
        join pg_attribute b on b.attrelid = d.refobjid and b.attnum = d.refobjsubid and b.attname = a.attname
        where r.ev_class = c.oid and d.refobjid <> c.oid and pg_get_viewdef(c.oid) !~* '(left|right|full) (outer )?join'
      ) v on c.relkind in ('v', 'm')
      where c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
        and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public')
      order by 1, 2, a.attnum`.execute(db)
  ).rows

/** What the driver gives for each column type; see src/platform/db/parse.ts. */
const SELECTED: Record<string, string> = {
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  uuid: 'string',
  date: 'string',
  timestamptz: 'string',
  numeric: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  bytea: 'Uint8Array',
  tsvector: 'string',
}
/** What may be written where it is not the same. */
const WRITTEN: Record<string, string> = { numeric: 'string | number', int8: 'number | string' }
const JSON_TYPES = new Set(['json', 'jsonb'])

const typeOf = (c: Column): string => {
  const isArray = c.type.startsWith('_')
  const base = isArray ? c.type.slice(1) : c.type
  const or = c.nullable ? ' | null' : ''
  if (JSON_TYPES.has(base) && !isArray) {
    if (c.nullable) return 'NullableJsonColumn'
    return c.filled ? 'Generated<JsonColumn>' : 'JsonColumn'
  }
  const selected = SELECTED[base]
  if (!selected) throw new Error(`${c.schema}.${c.table}.${c.column}: the type ${c.type} is not mapped`)
  if (c.kind === 'v' || c.kind === 'm') return `${selected}${isArray ? '[]' : ''}${or}`
  if (isArray) {
    const list = `ColumnType<${selected}[]${or}, readonly ${selected}[]${or}, readonly ${selected}[]${or}>`
    return c.filled ? `Generated<${list}>` : list
  }
  if (c.computed) return `ColumnType<${selected}${or}, never, never>`
  const written = WRITTEN[base]
  const plain = written ? `ColumnType<${selected}${or}, ${written}${or}, ${written}${or}>` : `${selected}${or}`
  return c.filled ? `Generated<${plain}>` : plain
}

const HEAD = `// Generated from migrations/ by tools/generate-schema.ts; do not edit.
import type { ColumnType } from 'kysely'

/** JSON text (\`json(value)\`) or a plain object. A bare array would be sent as a PostgreSQL array, so it does not compile. */
export type JsonInput = string | { readonly [key: string]: unknown }
export type JsonColumn = ColumnType<unknown, JsonInput, JsonInput>
type NullableJsonColumn = ColumnType<unknown, JsonInput | null | undefined, JsonInput | null>
/** The database fills it in when an insert leaves it out. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>
`

const pascal = (name: string) => name.replaceAll(/(?:^|[._])([a-z0-9])/g, (_, c: string) => c.toUpperCase())

const generate = (columns: readonly Column[]): string => {
  const tables = Map.groupBy(columns, (c) => `${c.schema}.${c.table}`)
  const names = [...tables.keys()]
  const interfaces = names.map((name) => {
    const lines = tables.get(name)!.map((c) => `  ${c.column}: ${typeOf(c)}`)
    return `interface ${pascal(name)} {\n${lines.join('\n')}\n}`
  })
  const schema = `export interface Schema {\n${names.map((name) => `  '${name}': ${pascal(name)}`).join('\n')}\n}`
  const body = `${HEAD}\n${interfaces.join('\n\n')}\n\n${schema}\n`
  // A helper type that no column needs would be reported as unused.
  return ['NullableJsonColumn', 'Generated']
    .filter((helper) => body.split(new RegExp(`\\b${helper}\\b`)).length === 2)
    .reduce(
      (text, helper) =>
        text.replace(
          new RegExp(`(/\\*\\*[^\\n]*\\*/\\n)?type ${helper}\\b[^]*?(?=\\n(?:/\\*\\*|type|interface|export|\\n))`),
          '',
        ),
      body,
    )
}

/** The text of schema.gen.ts as the migrations in `dir` make it. */
export const generateSchema = async (dir: string): Promise<string> => {
  const db = await openDatabase({ dataDir: ':memory:' })
  try {
    await migrate(db, dir)
    return generate(await readColumns(db.kysely))
  } finally {
    await db.close()
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const text = await generateSchema(MIGRATIONS)
  if (!values.check) {
    writeFileSync(TARGET, text)
  } else if (readFileSync(TARGET, 'utf8') !== text) {
    process.stderr.write('src/platform/db/schema.gen.ts is not what the migrations make: run npm run generate\n')
    process.exitCode = 1
  }
}
