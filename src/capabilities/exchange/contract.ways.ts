import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { folderRefusals } from '../../kernel/dropped-file.ts'
import { tableRefusals } from '../../kernel/foreign-table.ts'
import { CURSOR_MAX, PAGE_LIMIT } from '../../kernel/page.ts'
import { wayFields } from './contract.settings.ts'
import { DIRECTIONS, FORMATS, WAYS } from './words.ts'
import { PARCEL_KINDS, PARCEL_STATES, WAY_HEALTH } from './words.ways.ts'
import { count, id, words } from '../../kernel/shapes.ts'

/** Of batches in any format, and of the ways of files and exchange tables. */
export const wayRefusals = {
  ...folderRefusals,
  ...tableRefusals,
  FORMAT_UNKNOWN: {
    kind: 'unsupported',
    zh: '不支持“{format}”这种报文格式。',
    en: 'The format “{format}” is not supported.',
  },
  BATCH_NOT_UTF8: {
    kind: 'invalid',
    zh: '内容的字符编码无法识别，请使用 UTF-8。',
    en: 'The text cannot be decoded; use UTF-8.',
  },
  BATCH_NOT_READABLE: {
    kind: 'invalid',
    zh: '第 {line} 行无法解析，请检查格式后重新发送。',
    en: 'Line {line} cannot be parsed; check the format and send it again.',
  },
  BATCH_PART_MISSING: {
    kind: 'invalid',
    zh: '缺少必要的内容或者填写有误：{part}。',
    en: 'Something that is needed is missing or wrong: {part}.',
  },
  BATCH_COLUMN_UNKNOWN: {
    kind: 'invalid',
    zh: '无法识别列“{column}”。',
    en: 'The column “{column}” is not known.',
  },
  BATCH_COLUMN_TWICE: {
    kind: 'invalid',
    zh: '列“{column}”出现两次，请只保留一列。',
    en: 'The column “{column}” stands twice; keep one.',
  },
  EVENT_NOT_VALID: {
    kind: 'invalid',
    zh: '第 {n} 条（行）的“{field}”缺失或者不符合要求，整批没有接收。',
    en: 'Event {n}: “{field}” is missing or not valid; nothing of the batch was taken.',
  },
  BATCH_COUNT_DIFFERS: {
    kind: 'invalid',
    zh: '报文头写明 {said} 条，实际有 {found} 条，可能没有传完。',
    en: 'The header says {said} events, {found} are there; it may be cut short.',
  },
  BATCH_DIGEST_DIFFERS: {
    kind: 'invalid',
    zh: '报文体与报文头中的摘要不符，内容在传输中有变化。',
    en: 'The body does not agree with the digest in the header; it was changed on its way.',
  },
  MANIFEST_NOT_VALID: {
    kind: 'invalid',
    zh: '清单“{name}”无法识别：{part} 缺失或者不符合要求。',
    en: 'The manifest “{name}” cannot be used: {part} is missing or not valid.',
  },
  MANIFEST_FILE_MISSING: {
    kind: 'invalid',
    zh: '清单写明的数据文件“{name}”没有找到。',
    en: 'The data file “{name}” that the manifest names is not there.',
  },
  MANIFEST_NOT_SIGNED: {
    kind: 'invalid',
    zh: '清单“{name}”没有有效的签名，或者签名密钥未登记、已停用。',
    en: 'The manifest “{name}” has no valid signature, or its key is not registered or not valid any more.',
  },
  NO_FOLDER_TO_TRUST: {
    kind: 'refused',
    zh: '该共享对象不以文件方式交换，没有可以免签名的文件夹。',
    en: 'This peer exchanges no files; it has no folder to trust.',
  },
  FOLDER_IS_SIGNED: {
    kind: 'refused',
    zh: '该共享对象已登记有效的签名公钥，放入的文件须有签名的清单，不能免签名。',
    en: 'A key of this peer is registered and valid: what it puts there is signed, and its folder is not trusted without.',
  },
  ACK_NOT_READABLE: {
    kind: 'invalid',
    zh: '确认文件“{name}”无法识别：应有“事件编号”和“结果”两列，或者为约定的 JSON、JSON 行、XML。',
    en: 'The acknowledgements in “{name}” cannot be read: a column for the event and one for the outcome are needed, or the JSON, JSON lines or XML agreed.',
  },
  ACK_NOT_SIGNED: {
    kind: 'invalid',
    zh: '确认文件“{name}”没有签名的清单，信用办也没有对该文件夹免签名，没有读取。请随文件放入“{name}.manifest.json”。',
    en: 'The acknowledgements in “{name}” have no signed manifest, and the folder is not trusted without; they were not read. Put “{name}.manifest.json” beside the file.',
  },
  ACK_EFFECT_WRONG: {
    kind: 'invalid',
    zh: '第 {n} 行“{part}”的答复“{value}”不能识别，应为 done 或者 none；该行的其他内容已经读取。',
    en: 'Line {n}: “{value}” is no answer about “{part}”; write done or none. The rest of the line was read.',
  },
  ACK_OUTCOME_WRONG: {
    kind: 'invalid',
    zh: '第 {n} 行的结果“{value}”不能识别，应为 applied、already 或者 refused。',
    en: 'Line {n}: the outcome “{value}” is not known; write applied, already or refused.',
  },
  ACK_EVENT_UNKNOWN: {
    kind: 'invalid',
    zh: '第 {n} 行的事件编号“{value}”不是提供给本对象的事件。',
    en: 'Line {n}: “{value}” is no event that was handed to this peer.',
  },
  ACK_STATUS_WRONG: {
    kind: 'invalid',
    zh: '交换表中有 {count} 行的 status 不是 0、1、2、3，没有读取。',
    en: 'In {count} rows status is none of 0, 1, 2, 3; they were not read.',
  },
  ACK_EFFECTS_WRONG: {
    kind: 'invalid',
    zh: '交换表中有 {count} 行的 measures 或者 evaluation 不是 0、1、2，没有读取。',
    en: 'In {count} rows measures or evaluation is none of 0, 1, 2; they were not read.',
  },
  ROW_NOT_READABLE: {
    kind: 'invalid',
    zh: '第 {n} 行含有不能识别的字符，没有读取。请更正后重新提供。',
    en: 'Row {n} holds characters that cannot be read. It was not taken: mend it and hand it in again.',
  },
  ROW_TOO_LARGE: {
    kind: 'invalid',
    zh: '第 {n} 行的内容约 {found}，超过单行 {limit} 的上限，没有读取。请缩减内容后重新提供。',
    en: 'Row {n} holds about {found}; a row may hold {limit}. It was not read: make it smaller and hand it in again.',
  },
  EXCHANGE_FOLDER_INVALID: {
    kind: 'invalid',
    zh: '文件夹“{folder}”不能使用：请填写交换目录之下的相对路径，各级名称用汉字、字母、数字、下划线或者连字符。',
    en: 'The folder “{folder}” cannot be used: give a path of plain names below the exchange folder.',
  },
  EXCHANGE_FOLDER_TAKEN: {
    kind: 'conflict',
    zh: '该文件夹已由“{name}”使用，每个共享对象使用各自的文件夹。',
    en: '“{name}” uses this folder; each peer has its own.',
  },
  CONNECTION_NEEDED: {
    kind: 'refused',
    zh: '请填写对方交换库的连接地址。',
    en: 'Give the connection of the peer’s exchange database.',
  },
  NOT_THIS_WAY: {
    kind: 'refused',
    zh: '该共享对象不以文件或者库表方式交换。',
    en: 'This peer exchanges neither files nor tables.',
  },
  NO_SUCH_PARCEL: { kind: 'not_found', zh: '没有这个文件。', en: 'There is no such file.' },
  WAY_FAULT: {
    kind: 'refused',
    zh: '处理时出现系统故障，将自动重试；如持续出现请联系运维人员。',
    en: 'Something went wrong on our side; it is tried again. If it goes on, tell the operator.',
  },
} as const satisfies RefusalCatalogue

const told = z.object({ code: z.string(), message: z.string() })

export const wayView = z
  .object({
    peerId: id,
    way: z.enum(WAYS),
    direction: z.enum(DIRECTIONS),
    format: z.enum(FORMATS),
    health: z.enum(WAY_HEALTH),
    everySeconds: count,
    /** Below the exchange folder; the folders in it that we write and read. */
    folder: z.string().nullable(),
    folders: z.array(z.object({ path: z.string(), for: words })),
    /** Where the tables lie; the password is never told. */
    table: z
      .object({
        host: z.string(),
        port: z.int(),
        database: z.string(),
        user: z.string(),
        schema: z.string(),
        out: z.string(),
        in: z.string(),
      })
      .nullable(),
    url: z.string().nullable(),
    ackUrl: z.string().nullable(),
    /** A token is held; it is never told. */
    hasToken: z.boolean(),
    /** Of a folder, for acknowledgements as for what is handed in: whether a key of its own is valid, or why it need not sign. */
    signing: z
      .object({ hasKey: z.boolean(), unsigned: z.object({ reason: z.string(), since: z.string() }).nullable() })
      .nullable(),
    /** Why the last look failed, or what it found wrong. */
    problem: told.nullable(),
    lookedAt: z.string().nullable(),
    nextAt: z.string().nullable(),
    lastBatch: count,
    mayEdit: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'ExchangeWay' })
export type WayView = z.infer<typeof wayView>

export const parcelView = z
  .object({
    id,
    kind: z.enum(PARCEL_KINDS),
    state: z.enum(PARCEL_STATES),
    number: z.int().nullable(),
    name: z.string(),
    hash: z.string().nullable(),
    bytes: count.nullable(),
    events: count,
    /** Of what we handed over: how many events the peer has acknowledged. */
    acknowledged: count,
    /** Of what came: lines that could not be used. */
    faulty: count,
    problem: told.nullable(),
    madeAt: z.string(),
    doneAt: z.string().nullable(),
    hasFile: z.boolean(),
  })
  .meta({ id: 'ExchangeParcel' })
export type ParcelView = z.infer<typeof parcelView>

export const wayCheck = z
  .object({
    /** What was found well, line by line. */
    found: z.array(words),
    /** Columns that are filled, where there is a table. */
    columns: z.array(z.string()),
    waiting: count,
  })
  .meta({ id: 'ExchangeWayCheck' })
export type WayCheck = z.infer<typeof wayCheck>

export const sampleView = z
  .object({
    /** A real change in the peer's scope, or a made-up one where there is none. */
    madeUp: z.boolean(),
    fileName: z.string(),
    /** What people read of it; `more` columns of ids and structures stand in the file alone. */
    rows: z.array(z.object({ column: z.string(), label: words, value: words })),
    more: count,
  })
  .meta({ id: 'ExchangeSample' })
export type SampleView = z.infer<typeof sampleView>

const READERS = { roles: ['credit_office', 'auditor', 'security_admin'] } as const
const OFFICE = { roles: ['credit_office'] } as const
const params = z.object({ id })
const connection = z.string().trim().min(1).max(2000).meta({ zh: '连接地址', en: 'Connection' })
const ofWay = {
  way: z.enum(WAYS).meta({ zh: '交换方式', en: 'Way' }),
  format: z.enum(FORMATS).meta({ zh: '报文格式', en: 'Format' }),
  ...wayFields,
  connection: connection.optional(),
  /** With which we sign in there; sealed. An empty one takes it away. */
  token: z.string().trim().max(1000).optional().meta({ zh: '访问令牌', en: 'Access token' }),
}
export const SCHEMAS = ['envelope.xsd', 'event.schema.json', 'envelope.schema.json', 'manifest.schema.json'] as const

export const wayEndpoints = defineEndpoints({
  way: {
    method: 'GET',
    path: '/exchange/peers/:id/way',
    summary: { zh: '交换方式及运行情况', en: 'How a peer is reached, and how that goes' },
    allowed: READERS,
    params,
    reply: wayView,
  },
  setWay: {
    method: 'POST',
    path: '/exchange/peers/:id/way',
    summary: { zh: '设置交换方式', en: 'Set how a peer is reached' },
    allowed: OFFICE,
    params,
    body: z.object({ ...ofWay, seen: z.int().min(1) }),
    reply: wayView,
  },
  tryWay: {
    method: 'POST',
    path: '/exchange/peers/:id/way/try',
    summary: { zh: '测试文件夹或者交换表', en: 'Try the folder or the exchange tables' },
    allowed: OFFICE,
    params,
    body: z.object(ofWay),
    reply: wayCheck,
    idempotent: false,
  },
  setUnsigned: {
    method: 'POST',
    path: '/exchange/peers/:id/way/unsigned',
    summary: { zh: '设置来文是否免签名', en: 'Trust a folder without a signature, or no longer' },
    allowed: OFFICE,
    params,
    body: z.object({
      allowed: z.boolean(),
      reason: z.string().trim().min(2).max(500).meta({ zh: '理由', en: 'Reason' }),
      seen: z.int().min(1),
    }),
    reply: wayView,
  },
  lookNow: {
    method: 'POST',
    path: '/exchange/peers/:id/way/look',
    summary: { zh: '立即交换', en: 'Look now' },
    allowed: OFFICE,
    params,
    reply: wayView,
  },
  parcels: {
    method: 'GET',
    path: '/exchange/peers/:id/parcels',
    summary: { zh: '交换的文件和批次', en: 'Files and runs of rows that went over' },
    allowed: READERS,
    params,
    query: z.object({
      after: z.string().max(CURSOR_MAX).optional(),
      limit: z.coerce.number<string | number>().int().min(1).max(200).default(PAGE_LIMIT),
    }),
    reply: z.object({ rows: z.array(parcelView), next: z.string().nullable() }),
  },
  parcelFile: {
    method: 'GET',
    path: '/exchange/peers/:id/parcels/:parcelId/file',
    summary: { zh: '下载交换的文件', en: 'One file as it went over' },
    allowed: READERS,
    params: z.object({ id, parcelId: id }),
    reply: 'file',
  },
  sample: {
    method: 'GET',
    path: '/exchange/peers/:id/sample',
    summary: { zh: '按格式预览一条数据', en: 'What one event looks like to the peer' },
    allowed: READERS,
    params,
    query: z.object({ format: z.enum(FORMATS).optional() }),
    reply: sampleView,
  },
  sampleFile: {
    method: 'GET',
    path: '/exchange/peers/:id/sample/file',
    summary: { zh: '下载样例文件', en: 'The same as a file' },
    allowed: READERS,
    params,
    query: z.object({ format: z.enum(FORMATS).optional() }),
    reply: 'file',
  },
  wayScript: {
    method: 'GET',
    path: '/exchange/peers/:id/table-script',
    summary: { zh: '交换表建表语句', en: 'The statements that make the exchange tables' },
    allowed: READERS,
    params,
    query: z.object({ schema: wayFields.schema, out: wayFields.out, in: wayFields.in }),
    reply: z.object({ script: z.string() }),
  },
  exchangeSchema: {
    method: 'GET',
    path: '/exchange/schemas/:name',
    summary: { zh: '报文格式定义', en: 'Published schemas of the formats' },
    allowed: { anyone: true },
    params: z.object({ name: z.enum(SCHEMAS) }),
    reply: 'file',
  },
})
