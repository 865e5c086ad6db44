import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { folderRefusals } from '../../kernel/dropped-file.ts'
import { tableRefusals } from '../../kernel/foreign-table.ts'
import { PAGE_LIMIT } from '../../kernel/page.ts'
import {
  GATEWAY_ACTIONS,
  GATEWAY_HEALTH,
  GATEWAY_KINDS,
  GATEWAY_STATES,
  INTAKE_STATES,
  MARKERS,
  RECEIVER_FORMATS,
} from './words.ts'
import { count, id, pageAsk, seen, words } from '../../kernel/shapes.ts'

const item = z.string().regex(/^[a-z][a-z_]{1,40}$/)
const page = pageAsk({ usual: PAGE_LIMIT })
const told = z.object({ code: z.string(), message: z.string() })

export const gatewayView = z.object({
  id,
  kind: z.enum(GATEWAY_KINDS),
  name: z.string(),
  authority: z.object({ id, name: z.string() }),
  item,
  itemName: words,
  state: z.enum(GATEWAY_STATES),
  health: z.enum(GATEWAY_HEALTH),
  backfill: z.boolean(),
  pollSeconds: count,
  /** Below the platform's root for folders. */
  folder: z.object({ path: z.string(), marker: z.enum(MARKERS) }).nullable(),
  /** Where the table lies; the password is never told. */
  table: z
    .object({
      host: z.string(),
      port: z.int(),
      database: z.string(),
      user: z.string(),
      schema: z.string(),
      table: z.string(),
    })
    .nullable(),
  /** Files or rows that wait to be taken. */
  waiting: count,
  /** Files or stretches of rows that were taken and not yet answered; what an end left unanswered counts no more. */
  unanswered: count,
  readAt: z.string().nullable(),
  /** When something was last taken in. */
  takenAt: z.string().nullable(),
  /** Why the last look failed. */
  problem: told.nullable(),
  failures: count,
  nextAt: z.string().nullable(),
  ended: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  actions: z.array(z.enum(GATEWAY_ACTIONS)),
  mayEdit: z.boolean(),
  version: z.int().min(1),
})
export type GatewayView = z.infer<typeof gatewayView>

export const intakeView = z.object({
  id,
  state: z.enum(INTAKE_STATES),
  /** The file, or the stretch of rows. */
  name: z.string(),
  rows: count.nullable(),
  firstSeq: z.string().nullable(),
  lastSeq: z.string().nullable(),
  submission: z.object({ id, no: z.string() }).nullable(),
  /** The same content had come before; the receipt is that of the first time. */
  repeated: z.boolean(),
  problem: told.nullable(),
  takenAt: z.string(),
  answeredAt: z.string().nullable(),
})
export type IntakeView = z.infer<typeof intakeView>

export const tableCheckView = z.object({
  version: z.string(),
  columns: z.array(z.object({ column: z.string(), field: words })),
  /** Columns that belong to no field and are left alone. */
  unread: z.array(z.string()),
  waiting: count,
})
export type TableCheckView = z.infer<typeof tableCheckView>

export const receiverView = z.object({
  code: z.string(),
  name: words,
  basis: z.object({ instrument: words, article: z.string() }),
  format: z.enum(RECEIVER_FORMATS),
  /** The format's names are still to be compared with the receiver's own document. */
  unsure: z.boolean(),
  note: words.nullable(),
  fields: z.array(z.object({ key: z.string(), label: words, name: z.string(), masked: z.boolean() })),
  /** One row as it will arrive there. */
  sample: z.string(),
})
export type ReceiverView = z.infer<typeof receiverView>

/** So many characters tell why, at least. */
export const REASON_MIN = 2
const keepers = { roles: ['territory_admin', 'security_admin'] } as const
const lookers = {
  roles: ['territory_admin', 'security_admin', 'credit_office', 'auditor', 'collector', 'head'],
} as const
const collectors = { roles: ['collector', 'head', 'credit_office'] } as const

const name = z.string().trim().min(1).max(100).meta({ zh: '名称', en: 'Name' })
const pollSeconds = z.int().min(5).max(86_400).default(15).meta({ zh: '读取间隔（秒）', en: 'Seconds between looks' })
const shared = { name, authorityId: id, item, backfill: z.boolean().default(false), pollSeconds }
const connection = z.string().trim().min(1).max(2000).meta({ zh: '连接地址', en: 'Connection' })
const place = {
  schema: z.string().trim().min(1).max(63).default('public').meta({ zh: '模式', en: 'Schema' }),
  table: z.string().trim().min(1).max(63).meta({ zh: '表名', en: 'Table' }),
}

export const endpoints = defineEndpoints({
  listGateways: {
    method: 'GET',
    path: '/gateways',
    summary: { zh: '文件夹与前置库接入', en: 'Watched folders and exchange tables' },
    allowed: lookers,
    /** Without `state`: those that have not ended. */
    query: z.object({ ...page, kind: z.enum(GATEWAY_KINDS).optional(), state: z.enum(GATEWAY_STATES).optional() }),
    reply: z.object({ rows: z.array(gatewayView), next: z.string().nullable() }),
  },
  getGateway: {
    method: 'GET',
    path: '/gateways/:id',
    summary: { zh: '接入状态', en: 'One way in and how it goes' },
    allowed: lookers,
    params: z.object({ id }),
    reply: gatewayView,
  },
  addFolder: {
    method: 'POST',
    path: '/gateways/folders',
    summary: { zh: '新增接收文件夹', en: 'Add a watched folder' },
    allowed: keepers,
    body: z.object({
      ...shared,
      path: z.string().trim().min(1).max(400).meta({ zh: '文件夹路径', en: 'Folder' }),
      marker: z.enum(MARKERS).default('stable'),
    }),
    reply: gatewayView,
    status: 201,
  },
  addTable: {
    method: 'POST',
    path: '/gateways/tables',
    summary: { zh: '新增前置库交换表', en: 'Add an exchange table' },
    allowed: keepers,
    body: z.object({ ...shared, connection, ...place }),
    reply: gatewayView,
    status: 201,
  },
  tryTable: {
    method: 'POST',
    path: '/gateways/tables/try',
    summary: { zh: '测试前置库连接和表结构', en: 'Try a connection and look at the table' },
    allowed: keepers,
    body: z.object({ item, connection, ...place }),
    reply: tableCheckView,
    idempotent: false,
  },
  tryGateway: {
    method: 'POST',
    path: '/gateways/:id/try',
    summary: { zh: '测试已配置的前置库', en: 'Try an exchange table that is set up' },
    allowed: keepers,
    params: z.object({ id }),
    reply: tableCheckView,
    idempotent: false,
  },
  setConnection: {
    method: 'POST',
    path: '/gateways/:id/connection',
    summary: { zh: '更换前置库连接', en: 'Change the connection of an exchange table' },
    allowed: keepers,
    params: z.object({ id }),
    body: z.object({ connection, seen }),
    reply: gatewayView,
  },
  moveGateway: {
    method: 'POST',
    path: '/gateways/:id/state',
    summary: { zh: '暂停或者恢复接入', en: 'Pause or resume' },
    allowed: keepers,
    params: z.object({ id }),
    body: z.object({ action: z.enum(GATEWAY_ACTIONS).exclude(['end']), seen }),
    reply: gatewayView,
  },
  endGateway: {
    method: 'POST',
    path: '/gateways/:id/end',
    summary: { zh: '终止接入', en: 'End a way in for good' },
    allowed: keepers,
    params: z.object({ id }),
    body: z.object({ reason: z.string().trim().min(REASON_MIN).max(500).meta({ zh: '理由', en: 'Reason' }), seen }),
    reply: gatewayView,
  },
  readGatewayNow: {
    method: 'POST',
    path: '/gateways/:id/read',
    summary: { zh: '立即读取', en: 'Look now' },
    allowed: keepers,
    params: z.object({ id }),
    reply: gatewayView,
  },
  listIntakes: {
    method: 'GET',
    path: '/gateways/:id/intakes',
    summary: { zh: '接收记录', en: 'What was taken' },
    allowed: lookers,
    params: z.object({ id }),
    query: z.object(page),
    reply: z.object({ rows: z.array(intakeView), next: z.string().nullable() }),
  },
  tableScript: {
    method: 'GET',
    path: '/gateways/table-script/:item',
    summary: { zh: '交换表建表语句', en: 'The statements that make an exchange table' },
    allowed: lookers,
    params: z.object({ item }),
    query: z.object({ schema: place.schema, table: place.table.optional() }),
    reply: z.object({ script: z.string() }),
  },
  receivers: {
    method: 'GET',
    path: '/receivers/:item',
    summary: { zh: '一次报送的去向和格式', en: 'Who receives an item, and in which format' },
    allowed: collectors,
    params: z.object({ item }),
    reply: z.object({ rows: z.array(receiverView), next: z.string().nullable() }),
  },
  receiverFile: {
    method: 'GET',
    path: '/submissions/:id/receivers/:receiver',
    summary: { zh: '按接收方格式下载已入库数据', en: 'The accepted rows in a receiver’s format' },
    allowed: collectors,
    params: z.object({ id, receiver: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/) }),
    reply: 'file',
  },
})

export const refusals = {
  ...folderRefusals,
  ...tableRefusals,
  NO_SUCH_GATEWAY: {
    kind: 'not_found',
    zh: '没有这项接入，或不在管理范围内。',
    en: 'There is no such way in, or it is not yours to see.',
  },
  NO_SUCH_ITEM: { kind: 'not_found', zh: '信用信息目录中没有“{item}”事项。', en: 'The catalog has no item “{item}”.' },
  NO_SUCH_SUBMISSION: {
    kind: 'not_found',
    zh: '没有这份报送，或不属于本单位。',
    en: 'There is no such submission, or it is not of your authority.',
  },
  NO_SUCH_RECEIVER: {
    kind: 'not_found',
    zh: '该事项没有这一接收方。',
    en: 'This item has no such receiver.',
  },
  AUTHORITY_NOT_YOURS: {
    kind: 'forbidden',
    zh: '该单位不在管理范围内。',
    en: 'This authority does not lie in your territory.',
  },
  AUTHORITY_NOT_ACTIVE: {
    kind: 'refused',
    zh: '单位“{name}”已停用，暂不读取。',
    en: 'The authority “{name}” is not active; nothing is read for it.',
  },
  GATEWAY_TAKEN: {
    kind: 'conflict',
    zh: '该位置已由“{name}”接入，同一位置只能配置一次。',
    en: '“{name}” already reads this place; it can be set up once only.',
  },
  GATEWAY_ENDED: {
    kind: 'conflict',
    zh: '这项接入已于{day}终止。需要继续接收的，请重新新增。',
    en: 'This way in was ended on {day}. Add it again if it is needed.',
  },
  NOT_A_TABLE: { kind: 'refused', zh: '这项接入不是前置库交换表。', en: 'This way in is not an exchange table.' },
  FOLDER_PATH_INVALID: {
    kind: 'invalid',
    zh: '文件夹路径“{path}”不能使用：请填写平台接收目录之下的相对路径，各级名称用汉字、字母、数字、下划线或者连字符，不能包含 “..”，也不能叫 done 或者 refused。',
    en: 'The folder “{path}” cannot be used: give a path below the platform’s folder root, of plain names, without “..”, and not called done or refused.',
  },
  FILE_KIND_UNKNOWN: {
    kind: 'refused',
    zh: '“{name}”的类型不支持，请使用 .xlsx 或者 .csv。',
    en: 'The type of “{name}” is not supported; use .xlsx or .csv.',
  },
  COLUMN_TWICE: {
    kind: 'refused',
    zh: '列 {column} 与另一列同为“{field}”，请只保留一列。',
    en: 'Column {column} and another are both “{field}”; keep one.',
  },
  FIELD_COLUMN_MISSING: {
    kind: 'refused',
    zh: '缺少必填字段“{field}”对应的列 {column}。',
    en: 'The required field “{field}” has no column ({column}).',
  },
  GATEWAY_FAULT: {
    kind: 'refused',
    zh: '处理时出现系统故障，将自动重试；如持续出现请联系运维人员。',
    en: 'Something went wrong on our side; it is tried again. If it goes on, tell the operator.',
  },
} as const satisfies RefusalCatalogue
