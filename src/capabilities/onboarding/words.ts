import type { Words } from '../../kernel/words.ts'

/** The steps of a connection, in their order. */
export const STEPS = ['profile', 'keys', 'conformance', 'sandbox', 'service'] as const
export type Step = (typeof STEPS)[number]
export const STEP_WORDS: Record<Step, Words> = {
  profile: { zh: '登记资料', en: 'Profile' },
  keys: { zh: '交换密钥', en: 'Keys exchanged' },
  conformance: { zh: '对接测试', en: 'Conformance kit' },
  sandbox: { zh: '沙箱核对', en: 'Sandbox confirmed' },
  service: { zh: '启用', en: 'Taken into service' },
}
export const STEP_HINTS: Record<Step, Words> = {
  profile: {
    zh: '信用办核对名称、共享范围、交换方式、期限、联系人和共享依据是否齐全。',
    en: 'The credit office checks that name, scope, way, terms, contact and legal basis are complete.',
  },
  keys: {
    zh: '安全管理员在“接口密钥”中为对方生成接口密钥，信用办或者安全管理员在“密钥”页登记对方的签名公钥；本平台收到对方签名正确的第一个请求后自动完成。',
    en: 'The security administrator makes a key for the interface under “Keys” in the menu; its public key is registered on the tab “Keys” here. Done by itself with the first rightly signed request.',
  },
  conformance: {
    zh: '对方自行运行 xinheng peer test，全部检查通过后由工具签名上报；本平台同时核对自己的记录。',
    en: 'It runs “xinheng peer test” by itself; the kit reports the result, signed, and the platform holds it against its own log.',
  },
  sandbox: {
    zh: '信用办查看沙箱中的送达和确认情况，确认对方处理无误。',
    en: 'The credit office looks at what was handed out and acknowledged in the sandbox and confirms it.',
  },
  service: {
    zh: '信用办核对共享依据后启用，开始交换正式数据。',
    en: 'The credit office checks the legal basis and takes the peer into service: real data begins to flow.',
  },
}
export const STEP_OUTCOMES = ['passed', 'failed'] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]
export const STEP_STATES = ['open', 'passed', 'failed', 'outdated'] as const
export type StepState = (typeof STEP_STATES)[number]
export const STEP_STATE_WORDS: Record<StepState, Words> = {
  open: { zh: '待办', en: 'Open' },
  passed: { zh: '已完成', en: 'Done' },
  failed: { zh: '未通过', en: 'Failed' },
  outdated: { zh: '已有变化，须重新办理', en: 'Changed since: to be done again' },
}

/** What the conformance kit looks at. */
export const CHECKS = [
  'reach',
  'keys',
  'signed_request',
  'pull',
  'page_signature',
  'replay',
  'acknowledge',
  'duplicate',
  'withdrawal',
  'bad_signature',
  'clock_skew',
  'nonce_replay',
  'push',
  'push_again',
  'push_bad_signature',
  'ack_file',
] as const
export type Check = (typeof CHECKS)[number]
/** Of those who exchange files; others need not show one. */
export const ONLY_IF_GIVEN: readonly Check[] = ['ack_file']
export const CHECK_WORDS: Record<Check, Words> = {
  reach: { zh: '能够连接平台，接口密钥有效', en: 'The platform is reached and the key is good' },
  keys: { zh: '能够取得平台的签名公钥', en: 'The public keys of the platform are had' },
  signed_request: { zh: '签名的请求被平台接受', en: 'A signed request is taken' },
  pull: { zh: '按游标领取到沙箱的全部事件', en: 'Every event of the sandbox is pulled by cursor' },
  page_signature: { zh: '每一页的签名验证通过', en: 'The signature of every page holds' },
  replay: { zh: '用旧游标重新领取，得到同样的事件', en: 'The same cursor gives the same events again' },
  acknowledge: { zh: '确认被平台记录', en: 'Acknowledgements are recorded' },
  duplicate: { zh: '重复的确认不改变结果', en: 'The same acknowledgement twice changes nothing' },
  withdrawal: { zh: '停止公示的事件被识别并确认撤下', en: 'A withdrawal is recognised and acknowledged' },
  bad_signature: { zh: '被篡改的签名遭到拒绝', en: 'A broken signature is refused' },
  clock_skew: { zh: '时间偏差过大的签名遭到拒绝', en: 'A signature with a wrong time is refused' },
  nonce_replay: { zh: '重放的请求遭到拒绝', en: 'A request sent twice is refused' },
  push: { zh: '对方的接收地址接受推送并确认', en: 'The receiver takes a push and acknowledges it' },
  push_again: { zh: '重复推送的事件，对方答复为已处理', en: 'The receiver answers “already” to the same events' },
  push_bad_signature: { zh: '签名错误的推送，对方予以拒绝', en: 'The receiver refuses a push with a broken signature' },
  ack_file: {
    zh: '确认文件及其签名清单能够读取',
    en: 'A file of acknowledgements and its signed manifest can be read',
  },
}
export const CHECK_RESULTS = ['passed', 'failed', 'skipped'] as const
export type CheckResult = (typeof CHECK_RESULTS)[number]
export const CHECK_RESULT_WORDS: Record<CheckResult, Words> = {
  passed: { zh: '通过', en: 'passed' },
  failed: { zh: '未通过', en: 'failed' },
  skipped: { zh: '不适用', en: 'not applicable' },
}
