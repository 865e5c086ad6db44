import { ACT_WORDS as ACCESS_ACTS } from '../../../../src/capabilities/access/words.ts'
import { REMINDER_ACTION_WORDS } from '../../../../src/capabilities/reminders/words.ts'
import { ACT_WORDS as QUALITY_ACTS } from '../../../../src/capabilities/quality/words.ts'
import { ACTION_WORDS } from '../../../../src/capabilities/repair/words.ts'
import { ACT_WORDS as TERRITORY_ACTS } from '../../../../src/capabilities/territory/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'

/** What stands in the audit, in words. Acts of access and of repair items have theirs in the capability. */
const OTHER_ACTS: Record<string, Words> = {
  'subjects.look': { zh: '查阅信用档案', en: 'Looked at a credit file' },
  'subjects.open_conflict': { zh: '发现主体信息冲突', en: 'Found a conflict of code and name' },
  'subjects.close_conflict': { zh: '处理主体信息冲突', en: 'Closed a conflict of code and name' },
  'records.annul': { zh: '撤销信息', en: 'Annulled a record' },
  'records.reinstate': { zh: '恢复误撤销的信息', en: 'Reinstated a record' },
  'collection.accept_proposals': { zh: '采纳修改建议', en: 'Accepted proposals' },
  'collection.annul_list': { zh: '按清单撤销信息', en: 'Annulled by a list' },
  'collection.submit': { zh: '报送数据', en: 'Handed in data' },
  'collection.take': { zh: '数据入库', en: 'Took in rows' },
  'collection.finish': { zh: '报送处理完毕', en: 'Finished a submission' },
  'collection.refuse_file': { zh: '退回报送文件', en: 'Returned a file' },
  'collection.decide_row': { zh: '核实待定数据', en: 'Decided a pending row' },
  'collection.remember_mapping': { zh: '保存表头对应关系', en: 'Remembered how a table is read' },
  'messages.post': { zh: '发送消息', en: 'Posted a message' },
  'messages.send_again': { zh: '重新发送消息', en: 'Sent a message again' },
  'reminders.raise': { zh: '发出提醒', en: 'Raised a reminder' },
  'reminders.answer': REMINDER_ACTION_WORDS.answer,
  'balance.prove': { zh: '核验数据平衡', en: 'Proved the balance' },
  'balance.find_difference': { zh: '数据平衡核验发现差异', en: 'Found a difference in the balance' },
  'repair.begin': { zh: '新建修复申请', en: 'Began an application' },
  'repair.put_in': { zh: '申请中加入记录', en: 'Put a record into an application' },
  'repair.take_out': { zh: '申请中移出记录', en: 'Took a record out of an application' },
  'repair.declare': { zh: '填写申请情况', en: 'Declared facts' },
  'repair.discard': { zh: '删除申请草稿', en: 'Discarded a draft' },
  'repair.attach': { zh: '上传申请材料', en: 'Attached material' },
  'repair.detach': { zh: '删除申请材料', en: 'Removed material' },
  'repair.sign': { zh: '签署信用承诺', en: 'Signed the commitment' },
  'repair.decide_batch': { zh: '批量办理修复事项', en: 'Decided several items at once' },
  'repair.link': { zh: '登记关联信息', en: 'Linked records' },
  'repair.push_province': { zh: '登记跨省推送', en: 'Recorded a push to another province' },
  'repair.deregister': { zh: '登记主体注销', en: 'Recorded a deregistration' },
  'repair.keep_shown': { zh: '按行业规定继续公示', en: 'Kept a record shown by its sector’s rule' },
  'publicity.open_notice': { zh: '查看公示与修复告知书', en: 'Opened the notice of publicity and repair' },
  'certificates.register_letters': { zh: '登记文书文号', en: 'Numbered letters' },
  'certificates.receive_letter': { zh: '文书送达', en: 'A letter was delivered' },
  'certificates.issue': { zh: '开具信用修复证明', en: 'Issued a certificate of repair' },
  'certificates.withdraw': { zh: '收回信用修复证明', en: 'Withdrew a certificate of repair' },
  'exchange.hand_over': { zh: '向共享对象提供数据', en: 'Handed data to a peer' },
  'exchange.acknowledge': { zh: '共享对象确认处理', en: 'A peer acknowledged' },
  'inbound.take_in': { zh: '接收共享对象的报文', en: 'Took in messages of a peer' },
  'inbound.carry_out': { zh: '办理接收的报文', en: 'Carried out what a peer sent' },
  'inbound.refuse': { zh: '拒收共享对象的请求', en: 'Refused a request of a peer' },
  'inbound.decide': { zh: '处理待办报文', en: 'Decided about a message that waited' },
  'exchange.create_peer': { zh: '新增共享对象', en: 'Added a peer' },
  'exchange.set_peer_state': { zh: '暂停或者恢复共享', en: 'Suspended or resumed a peer' },
  'exchange.edit_peer': { zh: '修改共享对象资料', en: 'Changed a peer' },
  'exchange.set_way': { zh: '设置交换方式', en: 'Set how a peer is reached' },
  'exchange.allow_unsigned_folder': { zh: '对共享对象的文件夹免签名', en: 'Trusted a folder without a signature' },
  'exchange.require_signed_folder': {
    zh: '恢复共享对象文件夹的签名要求',
    en: 'Required a signature in a folder again',
  },
  'exchange.look_now': { zh: '立即交换', en: 'Looked at once' },
  'exchange.take_file': { zh: '读取对方送来的文件', en: 'Took in a file of a peer' },
  'exchange.answer_effects': {
    zh: '读取共享对象关于惩戒和评价的答复',
    en: 'Read what a peer answered about measures and evaluations',
  },
  'exchange.take_rows': { zh: '读取对方送来的库表数据', en: 'Took in rows of a peer' },
  'exchange.add_peer_key': { zh: '登记对方签名公钥', en: 'Registered a key of a peer' },
  'exchange.revoke_peer_key': { zh: '撤销对方签名公钥', en: 'Revoked a key of a peer' },
  'exchange.rotate_key': { zh: '更换本平台签名密钥', en: 'Changed the key that we sign with' },
  'exchange.dead_letter': { zh: '多次发送失败，停止发送', en: 'Stopped sending after many attempts' },
  'exchange.replay': { zh: '重新发送', en: 'Sent again' },
  'exchange.give_up': { zh: '不再发送', en: 'Gave a delivery up' },
  'exchange.chase': { zh: '催办共享对象', en: 'Chased a peer' },
  'exchange.set_served_until': { zh: '设置供数截止日期', en: 'Set until when a peer is served' },
  'exchange.serve_again': { zh: '恢复供数', en: 'Served a peer again' },
  'exchange.unmake_batches': { zh: '收回尚未送出的批次', en: 'Took apart batches that had not gone out' },
  'onboarding.step': { zh: '办理接入步骤', en: 'A step of a connection' },
}
const REPAIR_ACTS = Object.fromEntries(
  Object.entries(ACTION_WORDS).map(([action, words]) => [`repair.${action}`, words]),
)
export const ACTS: Record<string, Words> = {
  ...ACCESS_ACTS,
  ...OTHER_ACTS,
  ...REPAIR_ACTS,
  ...QUALITY_ACTS,
  ...TERRITORY_ACTS,
}

/** An act that has no words of its own yet is named by its field of business. */
export const FIELD_WORDS: Record<string, Words> = {
  access: { zh: '账号与权限', en: 'Accounts and rights' },
  subjects: { zh: '信用主体', en: 'Subjects' },
  records: { zh: '信用信息', en: 'Records' },
  collection: { zh: '数据归集', en: 'Collection' },
  repair: { zh: '信用修复', en: 'Repair' },
  publicity: { zh: '信息公示', en: 'Publicity' },
  certificates: { zh: '文书与证明', en: 'Letters and certificates' },
  exchange: { zh: '信息共享', en: 'Exchange' },
  quality: { zh: '归集质量', en: 'Quality' },
  territory: { zh: '属地信息', en: 'Territory' },
}
const PLATFORM: Words = { zh: '平台运行', en: 'The platform' }
export const fieldOf = (act: string): Words => FIELD_WORDS[act.split('.')[0] ?? ''] ?? PLATFORM
export const actWords = (act: string): Words => {
  const field = fieldOf(act)
  return ACTS[act] ?? { zh: `${field.zh}：其他操作`, en: `${field.en}: another act` }
}

const TARGETS: Record<string, Words> = {
  person: { zh: '用户', en: 'Person' },
  login: { zh: '登录名', en: 'Login' },
  authority: { zh: '单位', en: 'Authority' },
  key: { zh: '接口密钥', en: 'Key' },
  subject: { zh: '信用主体', en: 'Subject' },
  conflict: { zh: '主体信息冲突', en: 'Conflict' },
  record: { zh: '信用信息', en: 'Record' },
  submission: { zh: '报送', en: 'Submission' },
  application: { zh: '修复申请', en: 'Application' },
  repair_item: { zh: '修复事项', en: 'Repair item' },
  peer: { zh: '共享对象', en: 'Peer' },
  letter: { zh: '文书', en: 'Letter' },
  register: { zh: '文书登记簿', en: 'Register of letters' },
  certificate: { zh: '信用修复证明', en: 'Certificate of repair' },
  circular: { zh: '通报', en: 'Circular' },
  territory: { zh: '行政区划', en: 'Division' },
}
const OBJECT: Words = { zh: '平台数据', en: 'Data of the platform' }
export const targetWords = (kind: string): Words => TARGETS[kind] ?? OBJECT
