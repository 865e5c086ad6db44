import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import type { Words } from '../../../kernel/words.ts'
import { type HeaderField, headingKey, type Mapping, NO_MAPPING } from './header.ts'
import { FileRefused } from './refusals.ts'

const KEYS = ['item', 'sheet', 'header_row', 'columns', 'constants', 'ignore']
const MAX_LENGTH = 100_000

type Fail = (node: Node | null | undefined, problem: Words) => never

const text = (node: unknown, fail: Fail, what: Words): string => {
  if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value.trim()
  return fail(node as Node, { zh: `${what.zh}应为一项文字`, en: `${what.en} must be one text` })
}

const pairs = (node: unknown, fail: Fail, name: string): { key: string; value: string; at: Node }[] => {
  if (!isMap(node))
    return fail(node as Node, { zh: `${name} 应为“名称: 取值”的列表`, en: `${name} must be a list of “name: value”` })
  return (node as YAMLMap<Node, Node>).items.map((pair) => ({
    key: text(pair.key, fail, { zh: `${name} 中的名称`, en: `a name under ${name}` }),
    value: text(pair.value, fail, { zh: `${name} 中的取值`, en: `a value under ${name}` }),
    at: pair.key,
  }))
}

/** Field keys by everything that names a field. */
const fieldNames = (fields: readonly HeaderField[]): Map<string, string> =>
  new Map(
    fields.flatMap((f) =>
      [...f.aliases, f.label.en, f.label.zh, f.key, f.code].map((name) => [headingKey(name), f.key] as const),
    ),
  )

/**
 * Reads a mapping file. Every scalar is text (codes keep their zeros). With `fields` given, each field that is named
 * must exist, and columns and constants come back under the fields' keys.
 */
export const readMapping = (source: string, fields?: readonly HeaderField[]): Mapping => {
  const lines = new LineCounter()
  const at = (offset: number | undefined) => lines.linePos(offset ?? 0).line
  const refuse = (line: number, problem: Words): never => {
    throw new FileRefused('MAPPING_INVALID', { line, problem })
  }
  const fail: Fail = (node, problem) => refuse(at(node?.range?.[0]), problem)
  if (source.length > MAX_LENGTH) refuse(1, { zh: '文件过长', en: 'the file is too long' })
  const document = parseDocument(source, { schema: 'failsafe', lineCounter: lines })
  const [error] = document.errors
  if (error?.code === 'DUPLICATE_KEY')
    refuse(at(error.pos[0]), { zh: '同一名称出现了两次', en: 'the same name stands here twice' })
  if (error)
    refuse(at(error.pos[0]), {
      zh: '格式有误，请检查缩进、冒号后的空格和引号',
      en: 'the form is not right: check indents, the blank after colons, and quotes',
    })
  const root = document.contents
  if (!isMap(root))
    return fail(root, {
      zh: '文件应以 columns、constants 等项开头',
      en: 'the file must begin with entries such as columns and constants',
    })

  const names = fields ? fieldNames(fields) : null
  const fieldOf = (name: string, node: Node): string =>
    names === null
      ? name
      : (names.get(headingKey(name)) ??
        fail(node, { zh: `没有名为“${name}”的字段`, en: `there is no field named “${name}”` }))
  const mapping: Mapping = { ...NO_MAPPING, columns: {}, constants: {}, ignore: [] }
  for (const { key, value } of (root as YAMLMap<Node, Node>).items) {
    const name = text(key, fail, { zh: '项目名', en: 'an entry' })
    switch (name) {
      case 'item':
      case 'sheet':
        mapping[name] = text(value, fail, { zh: name, en: name })
        break
      case 'header_row': {
        const n = Number(text(value, fail, { zh: 'header_row', en: 'header_row' }))
        if (!Number.isInteger(n) || n < 1)
          fail(value, {
            zh: 'header_row 应为表头所在的行号',
            en: 'header_row must be the number of the row of headings',
          })
        mapping.headerRow = n
        break
      }
      case 'columns':
        for (const p of pairs(value, fail, 'columns')) mapping.columns[p.key] = fieldOf(p.value, p.at)
        break
      case 'constants':
        for (const p of pairs(value, fail, 'constants')) mapping.constants[fieldOf(p.key, p.at)] = p.value
        break
      case 'ignore':
        if (!isSeq(value)) fail(value, { zh: 'ignore 应为列名的列表', en: 'ignore must be a list of headings' })
        else
          mapping.ignore = value.items.map((v) =>
            text(v, fail, { zh: 'ignore 中的列名', en: 'a heading under ignore' }),
          )
        break
      default:
        fail(key, {
          zh: `不认识的项“${name}”，可用的有：${KEYS.join('、')}`,
          en: `unknown entry “${name}”; there are: ${KEYS.join(', ')}`,
        })
    }
  }
  const both = Object.values(mapping.columns).find((f) => f in mapping.constants)
  if (both !== undefined)
    refuse(1, {
      zh: `字段“${both}”同时出现在 columns 和 constants 中`,
      en: `the field “${both}” stands under both columns and constants`,
    })
  return mapping
}
