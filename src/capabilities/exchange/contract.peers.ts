import { z } from 'zod'
import { defineEndpoints } from '../../kernel/api.ts'
import type { RefusalCatalogue } from '../../kernel/decision.ts'
import { CURSOR_MAX } from '../../kernel/page.ts'
import { ALGORITHMS, DIRECTIONS, DUTIES, FORMATS, KEY_STATES, PEER_KINDS, PEER_STATES, WAYS } from './words.ts'
import { id } from '../../kernel/shapes.ts'
import { wayFields } from './contract.settings.ts'

const words = z.object({ zh: z.string().trim().min(1).max(500), en: z.string().trim().min(1).max(500) })
const page = z.coerce.number().int().min(1).max(200).default(50)

export const peerRefusals = {
  NO_SUCH_PEER: { kind: 'not_found', zh: '没有这个共享对象。', en: 'There is no such peer.' },
  PEER_SUSPENDED: {
    kind: 'forbidden',
    zh: '对该对象的共享已暂停，请与信用办联系。',
    en: 'Sharing with this peer is suspended; please contact the credit office.',
  },
  NEEDS_TWO_PEOPLE: {
    kind: 'refused',
    zh: '暂停、取消或者恢复向第三方信用服务机构共享信息，应当由两人办理：请在“第三方机构”页提出，由另一人审定。',
    en: 'Suspending, cutting off or reinstating a third-party credit service takes two people: propose it on the page of third parties, and another decides.',
  },
  PEER_KIND_FIXED: {
    kind: 'refused',
    zh: '已投入使用的共享对象不得变更类型；类型登记有误的，应当另行登记接入。',
    en: 'A peer in service keeps its kind; one that was registered under the wrong kind is connected anew.',
  },
  PEER_ONBOARDING: {
    kind: 'forbidden',
    zh: '接入尚未完成。接入期间只能使用沙箱中的测试数据；完成全部步骤并由信用办启用后，方可正式交换。',
    en: 'You are still being connected. Until the credit office takes you into service only the sandbox with its generated data is open.',
  },
  PEER_CUT_OFF: {
    kind: 'forbidden',
    zh: '对该对象的供数已停止。',
    en: 'This peer has been cut off.',
  },
  NOT_A_PEER: {
    kind: 'forbidden',
    zh: '该接入凭证没有绑定共享对象，不能领取数据。请使用为共享对象签发的凭证。',
    en: 'This key is bound to no peer and cannot pull the feed. Use a key issued for a peer.',
  },
  PEER_STALE: {
    kind: 'conflict',
    zh: '该共享对象已被他人修改，请刷新后重试。',
    en: 'The peer was changed by someone else; reload and try again.',
  },
  PEER_MOVE: {
    kind: 'refused',
    zh: '“{from}”的共享对象不能在此变为“{to}”：接入中的由接入步骤启用，停止供数须经两人办理。',
    en: 'A peer that is “{from}” cannot become “{to}” here: connecting ends with its steps, and cutting off takes two people.',
  },
  UNKNOWN_ITEM: { kind: 'refused', zh: '目录中没有“{item}”这一项。', en: 'The catalog has no item “{item}”.' },
  UNKNOWN_CHANNEL: { kind: 'refused', zh: '没有“{channel}”这一公示渠道。', en: 'There is no channel “{channel}”.' },
  PEER_CODE_TAKEN: {
    kind: 'conflict',
    zh: '代码“{code}”已由另一个共享对象使用。',
    en: 'The code “{code}” belongs to another peer.',
  },
  CODE_MISSING: {
    kind: 'refused',
    zh: '要从对方接收数据，须填写对方的代码，即对方报文中的来源标识。',
    en: 'To take data from it, its code is needed: the “source” of the messages it sends.',
  },
  FORMAT_UNFIT: {
    kind: 'refused',
    zh: '“{way}”方式不使用“{format}”格式。可用的格式：{fit}。',
    en: 'The way “{way}” does not use the format “{format}”. It uses: {fit}.',
  },
  RECEIVER_MISSING: {
    kind: 'refused',
    zh: '主动推送须填写对方的接收地址。',
    en: 'To push, the address of its receiver is needed.',
  },
  RECEIVER_UNFIT: {
    kind: 'refused',
    zh: '接收地址“{url}”不可用：应为完整的 http 或者 https 地址，不带用户名、密码和 # 部分。',
    en: 'The receiver “{url}” cannot be used: a whole http or https address is needed, without user, password or fragment.',
  },
  NETWORK_UNFIT: {
    kind: 'refused',
    zh: '“{network}”不是 IP 地址或者网段，例如 203.0.113.7、203.0.113.0/24、2001:db8::/32。',
    en: '“{network}” is no IP address or network such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.',
  },
  NETWORK_NOT_LISTED: {
    kind: 'forbidden',
    zh: '请求来自 {address}，不在为该共享对象登记的 IP 地址之内。如出口地址有变化，请与信用办联系。',
    en: 'The request came from {address}, which is not among the networks registered for this peer. If your address has changed, tell the credit office.',
  },
  RATE_EXCEEDED: {
    kind: 'throttled',
    zh: '每分钟最多 {limit} 次请求，请在 {seconds} 秒后继续。',
    en: 'At most {limit} requests a minute; go on in {seconds} s.',
  },
  PUBLIC_KEY_UNFIT: {
    kind: 'refused',
    zh: '这不是有效的{algorithm}公钥。可以填写 PEM、JWK，或者十六进制、Base64 的公钥；请勿填写私钥。',
    en: 'This is no valid public key of {algorithm}. Give PEM, a JWK, or the raw key in hex or base64; never a private key.',
  },
  PUBLIC_KEY_HELD: {
    kind: 'conflict',
    zh: '这把公钥已经登记，编号为“{keyId}”。',
    en: 'This key is registered already, as “{keyId}”.',
  },
  NO_SUCH_PEER_KEY: {
    kind: 'not_found',
    zh: '没有这把公钥，或者已经撤销。',
    en: 'There is no such key, or it was revoked already.',
  },
} as const satisfies RefusalCatalogue

/** Everything that a way or an agreement can set; each stands in a form. */
const peerSettings = z.strictObject({
  url: wayFields.url,
  ackUrl: wayFields.ackUrl,
  folder: wayFields.folder,
  schema: wayFields.schema,
  out: wayFields.out,
  in: wayFields.in,
  everySeconds: wayFields.everySeconds,
  outsideTerritory: z.boolean().optional().meta({ zh: '接收辖区外信息', en: 'From outside our territory' }),
})

const name = z.string().trim().min(1).max(200).meta({ zh: '名称', en: 'Name' })
const workdays = z.number().int().min(1).max(60)
/** What an administrator sets of a peer. */
const profile = {
  name,
  kind: z.enum(PEER_KINDS).meta({ zh: '类型', en: 'Kind' }),
  division: z
    .string()
    .regex(/^\d{6}$/)
    .meta({ zh: '行政区域', en: 'Territory' }),
  items: z.array(z.string().max(100)).min(1).max(100).meta({ zh: '事项', en: 'Items' }),
  channel: z.string().max(50).meta({ zh: '公示渠道', en: 'Channel' }),
  ackWorkdays: workdays.meta({ zh: '确认期限', en: 'Term of acknowledgement' }),
  legalBasis: words.meta({ zh: '共享依据', en: 'Legal basis' }),
  contact: z.string().max(200).default('').meta({ zh: '联系人', en: 'Contact' }),
  /** Where it hears that it is late. */
  mail: z
    .union([z.literal(''), z.email().max(200)])
    .default('')
    .meta({ zh: '联系邮箱', en: 'E-mail' }),
}
const connection = {
  code: z
    .string()
    .trim()
    .max(100)
    .regex(/^[\w.:/-]*$/)
    .meta({ zh: '代码', en: 'Code' }),
  way: z.enum(WAYS).meta({ zh: '交换方式', en: 'Way' }),
  direction: z.enum(DIRECTIONS).meta({ zh: '交换方向', en: 'Direction' }),
  format: z.enum(FORMATS).meta({ zh: '报文格式', en: 'Format' }),
  algorithm: z.enum(ALGORITHMS).meta({ zh: '签名算法', en: 'Signature algorithm' }),
  takedownWorkdays: workdays.meta({ zh: '撤下期限', en: 'Term of taking down' }),
  ratePerMinute: z.number().int().min(1).max(100_000).meta({ zh: '每分钟请求上限', en: 'Requests a minute' }),
  addresses: z.array(z.string().trim().max(60)).max(50).meta({ zh: 'IP 地址', en: 'Networks' }),
  settings: peerSettings.meta({ zh: '方式参数', en: 'Settings of the way' }),
}
const peerBody = z.object({ ...profile, ...z.object(connection).partial().shape })
const peerEdit = z.object({ ...profile, ...z.object(connection).partial().shape, seen: z.number().int() })

const dutyView = z.object({ part: z.enum(DUTIES), basis: words })
export const peerView = z.object({
  id,
  name: z.string(),
  kind: z.enum(PEER_KINDS),
  division: z.string(),
  items: z.array(z.string()),
  channel: z.string(),
  ackWorkdays: z.number(),
  takedownWorkdays: z.number(),
  legalBasis: z.object({ zh: z.string(), en: z.string() }),
  contact: z.string(),
  mail: z.string(),
  code: z.string(),
  way: z.enum(WAYS),
  direction: z.enum(DIRECTIONS),
  format: z.enum(FORMATS),
  algorithm: z.enum(ALGORITHMS),
  settings: z.record(z.string(), z.unknown()),
  ratePerMinute: z.number(),
  addresses: z.array(z.string()),
  state: z.enum(PEER_STATES),
  /** What it is asked for with each withdrawal, beside taking down. */
  duties: z.array(dutyView.extend({ since: z.string() })),
  /** Until when it may be served, where an agreement ends. */
  servedUntil: z.string().nullable(),
  version: z.number(),
  pulledAt: z.string().nullable(),
  sent: z.number(),
  acknowledged: z.number(),
  open: z.number(),
  dead: z.number(),
  late: z.number(),
})
export type PeerView = z.infer<typeof peerView>

const instant = z.string()
const peerKeyView = z.object({
  id,
  keyId: z.string(),
  algorithm: z.enum(ALGORITHMS),
  state: z.enum(KEY_STATES),
  validFrom: instant,
  validUntil: instant.nullable(),
  revokedAt: instant.nullable(),
  addedAt: instant,
})
export type PeerKeyView = z.infer<typeof peerKeyView>
const ownKeyView = z.object({
  algorithm: z.enum(ALGORITHMS),
  generation: z.number(),
  keyId: z.string(),
  state: z.enum(KEY_STATES),
  signsFrom: instant.nullable(),
  signsUntil: instant.nullable(),
  publishedUntil: instant.nullable(),
})
export type OwnKeyView = z.infer<typeof ownKeyView>

const READERS = ['credit_office', 'auditor', 'security_admin'] as const
const KEEPERS = ['credit_office', 'security_admin'] as const

export const peerEndpoints = defineEndpoints({
  feedKeys: {
    method: 'GET',
    path: '/exchange/keys',
    summary: { zh: '签名公钥', en: 'Public keys that we sign with' },
    allowed: { anyone: true },
    query: z.object({ algorithm: z.enum(ALGORITHMS).default('ed25519') }),
    reply: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
  },
  peers: {
    method: 'GET',
    path: '/exchange/peers',
    summary: { zh: '共享对象', en: 'Peers' },
    allowed: { roles: READERS },
    query: z.object({ after: z.string().max(CURSOR_MAX).optional(), limit: page }),
    reply: z.object({ rows: z.array(peerView), next: z.string().nullable() }),
  },
  peer: {
    method: 'GET',
    path: '/exchange/peers/:id',
    summary: { zh: '一个共享对象', en: 'One peer' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    reply: peerView,
  },
  createPeer: {
    method: 'POST',
    path: '/exchange/peers',
    summary: { zh: '新增共享对象', en: 'Add a peer' },
    allowed: { roles: ['credit_office'] },
    body: peerBody,
    reply: peerView,
    status: 201,
  },
  editPeer: {
    method: 'PUT',
    path: '/exchange/peers/:id',
    summary: { zh: '修改共享对象', en: 'Change a peer' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: peerEdit,
    reply: peerView,
  },
  setPeerState: {
    method: 'POST',
    path: '/exchange/peers/:id/state',
    summary: { zh: '暂停或恢复共享', en: 'Suspend or resume a peer' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({ state: z.enum(PEER_STATES), reason: z.string().trim().min(2).max(500), seen: z.number().int() }),
    reply: peerView,
  },
  setPeerDuties: {
    method: 'POST',
    path: '/exchange/peers/:id/duties',
    summary: { zh: '登记共享对象的惩戒、评价职责', en: 'Set whether a peer applies measures or evaluates' },
    allowed: { roles: ['credit_office'] },
    params: z.object({ id }),
    body: z.object({
      duties: z
        .array(dutyView)
        .max(DUTIES.length)
        .refine((all) => new Set(all.map((d) => d.part)).size === all.length),
      seen: z.number().int(),
    }),
    reply: peerView,
  },
  peerKeys: {
    method: 'GET',
    path: '/exchange/peers/:id/keys',
    summary: { zh: '共享对象的签名公钥', en: 'Keys that a peer signs with' },
    allowed: { roles: READERS },
    params: z.object({ id }),
    reply: z.object({ rows: z.array(peerKeyView) }),
  },
  addPeerKey: {
    method: 'POST',
    path: '/exchange/peers/:id/keys',
    summary: { zh: '登记签名公钥', en: 'Register a key of a peer' },
    allowed: { roles: KEEPERS },
    params: z.object({ id }),
    body: z.object({
      algorithm: z.enum(ALGORITHMS).meta({ zh: '签名算法', en: 'Algorithm' }),
      publicKey: z.string().trim().min(1).max(2000).meta({ zh: '公钥', en: 'Public key' }),
      /** Keys registered before stay good for so many days more. */
      overlapDays: z.number().int().min(0).max(90).default(7).meta({ zh: '新旧并用天数', en: 'Days of overlap' }),
    }),
    reply: peerKeyView,
    status: 201,
  },
  revokePeerKey: {
    method: 'POST',
    path: '/exchange/peers/:id/keys/:keyId/revoke',
    summary: { zh: '撤销签名公钥', en: 'Revoke a key of a peer' },
    allowed: { roles: KEEPERS },
    params: z.object({ id, keyId: id }),
    body: z.object({ reason: z.string().trim().min(2).max(500).meta({ zh: '理由', en: 'Reason' }) }),
    reply: peerKeyView,
  },
  ownKeys: {
    method: 'GET',
    path: '/exchange/own-keys',
    summary: { zh: '本平台的签名密钥', en: 'Keys that we sign with, by generation' },
    allowed: { roles: READERS },
    reply: z.object({ rows: z.array(ownKeyView) }),
  },
  rotateOwnKey: {
    method: 'POST',
    path: '/exchange/own-keys',
    summary: { zh: '更换本平台的签名密钥', en: 'Change the key that we sign with' },
    allowed: { roles: ['security_admin'] },
    body: z.object({
      algorithm: z.enum(ALGORITHMS),
      /** The new key is published at once and signs after so many days; 0 where the old one is lost to others. */
      afterDays: z.number().int().min(0).max(60).default(7).meta({ zh: '启用前天数', en: 'Days before it signs' }),
    }),
    reply: z.object({ rows: z.array(ownKeyView) }),
  },
})
