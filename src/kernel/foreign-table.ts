import { type Decision, type RefusalCatalogue, allow, refuse } from './decision.ts'

/** Tables in somebody else's PostgreSQL (前置库): how they are named and reached, and what can keep them from being used. */

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_$]*$/u
const LONGEST_NAME = 63
export const isIdentifier = (name: string): boolean =>
  IDENTIFIER.test(name) && new TextEncoder().encode(name).length <= LONGEST_NAME
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`

export type Connection = {
  host: string
  port: number
  database: string
  user: string
  password: string
  ssl: 'disable' | 'require' | 'verify-full'
}
const DEFAULT_PORT = 5432
const SSL = ['disable', 'require', 'verify-full'] as const
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
/** Host, port, database, user and password; nothing that would read files of this machine or change how it connects. */
export const readConnection = (text: string): Decision<Connection> => {
  const bad = refuse('CONNECTION_INVALID')
  if (!/^postgres(ql)?:\/\//.test(text.trim()) || !URL.canParse(text.trim())) return bad
  const url = new URL(text.trim())
  const names = [...url.searchParams.keys()]
  const sslText = url.searchParams.get('sslmode') ?? 'disable'
  const ssl = SSL.find((s) => s === sslText)
  const host = decoded(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const database = decoded(url.pathname.slice(1))
  const user = decoded(url.username)
  const good =
    ssl && names.every((n) => n === 'sslmode') && /^[\w.:-]+$/.test(host) && database && !database.includes('/') && user
  if (!good) return bad
  const port = url.port ? Number(url.port) : DEFAULT_PORT
  return allow({ host, port, database, user, password: decoded(url.password), ssl })
}

export type TableColumn = { name: string; type: string; notNull: boolean; mayUpdate: boolean; unique: boolean }

export const tableRefusals = {
  CONNECTION_INVALID: {
    kind: 'invalid',
    zh: '连接地址应写作 postgres://用户:密码@主机:端口/数据库，除 sslmode（disable、require、verify-full）外不接受其他参数。',
    en: 'Write the connection as postgres://user:password@host:port/database; no parameter but sslmode (disable, require, verify-full).',
  },
  CONNECTION_OWN: {
    kind: 'refused',
    zh: '这是平台自身的数据库，不能作为前置库。',
    en: 'This is the platform’s own database; it cannot be an exchange table’s.',
  },
  TABLE_NAME_INVALID: {
    kind: 'invalid',
    zh: '“{name}”不能用作模式名或者表名。',
    en: '“{name}” cannot be the name of a schema or table.',
  },
  NO_CONNECTION: {
    kind: 'refused',
    zh: '无法连接前置库 {host}（{why}），请检查网络、地址和数据库是否运行。',
    en: 'No connection to {host} ({why}); check the network, the address and whether the database runs.',
  },
  CONNECTION_LOST: {
    kind: 'refused',
    zh: '与前置库 {host} 的连接中断，将自动重试。',
    en: 'The connection to {host} was lost; it is tried again.',
  },
  SIGN_IN_REFUSED: {
    kind: 'refused',
    zh: '前置库 {host} 不接受账户“{user}”的登录，请检查用户名、密码和访问控制。',
    en: '{host} does not let “{user}” in; check name, password and access rules.',
  },
  DATABASE_MISSING: {
    kind: 'refused',
    zh: '{host} 上没有数据库“{database}”。',
    en: '{host} has no database “{database}”.',
  },
  TABLE_MISSING: {
    kind: 'refused',
    zh: '前置库中没有表 {table}，或者所用账户看不到它。',
    en: 'There is no table {table}, or the account cannot see it.',
  },
  TABLE_NO_RIGHT: {
    kind: 'refused',
    zh: '所用账户对表 {table} 缺少查询或者更新权限。',
    en: 'The account may not read or update {table}.',
  },
  TABLE_NOT_ANSWERED: {
    kind: 'refused',
    zh: '处理结果未能写入表 {table}（可能被触发器或者规则拦截），已接收的数据不会重复入库。',
    en: 'The answers did not stay in {table} (perhaps a trigger or rule); what was taken in is not taken in twice.',
  },
  TABLE_BUSY: {
    kind: 'refused',
    zh: '表 {table} 正被长时间锁定或者响应过慢，将自动重试。',
    en: '{table} is locked or slow; it is tried again.',
  },
  COLUMN_MISSING: {
    kind: 'refused',
    zh: '表中缺少列 {column}：应为{needs}。',
    en: 'The table has no column {column}: {needs}.',
  },
  COLUMN_WRONG: {
    kind: 'refused',
    zh: '列 {column} 的类型或者约束不对（现为 {type}）：应为{needs}。',
    en: 'Column {column} is {type}; it should be {needs}.',
  },
  COLUMN_NOT_WRITABLE: {
    kind: 'refused',
    zh: '所用账户没有更新列 {column} 的权限，无法回写结果。',
    en: 'The account may not update column {column}, so nothing can be answered.',
  },
  TABLE_FAULT: {
    kind: 'refused',
    zh: '前置库报告错误（{why}），将自动重试。',
    en: 'The exchange database reports an error ({why}); it is tried again.',
  },
} as const satisfies RefusalCatalogue
