import type { Words } from '../../kernel/words.ts'

/** record: of one record; application: of everything that one application brought about. */
export const RECEIPT_SCOPES = ['record', 'application'] as const
export type ReceiptScope = (typeof RECEIPT_SCOPES)[number]

export const RECEIPT_STATES = ['open', 'final'] as const
export type ReceiptState = (typeof RECEIPT_STATES)[number]
export const RECEIPT_STATE_WORDS: Record<ReceiptState, Words> = {
  open: { zh: '同步中', en: 'Under way' },
  final: { zh: '已定稿', en: 'Final' },
}

export const RECEIPT_OUTCOMES = ['all_acknowledged', 'with_laggards', 'shown_again'] as const
export type ReceiptOutcome = (typeof RECEIPT_OUTCOMES)[number]
export const RECEIPT_OUTCOME_WORDS: Record<ReceiptOutcome, Words> = {
  all_acknowledged: { zh: '全部持有单位已确认撤下', en: 'Every holder has confirmed that it is down' },
  with_laggards: {
    zh: '部分持有单位未确认或者未答复，已列明情况',
    en: 'Some have not confirmed or not answered; each is named with where it stands',
  },
  shown_again: { zh: '该信息已依法恢复公示，本回执终止', en: 'Shown again as the law provides; this receipt ends' },
}

/** Where one holder stands on a receipt. The last three are final although nobody confirmed. */
export const HOLDER_MARKS = ['done', 'told', 'waiting', 'cut_off', 'suspended', 'reported'] as const
export type HolderMark = (typeof HOLDER_MARKS)[number]
export const HOLDER_MARK_WORDS: Record<HolderMark, Words> = {
  done: { zh: '已确认撤下', en: 'Confirmed: it is down' },
  told: { zh: '已通知，待确认', en: 'Told, not confirmed yet' },
  waiting: { zh: '待送达', en: 'Not delivered yet' },
  cut_off: { zh: '未确认，已停止向其供数', en: 'Not confirmed; it is given no data any more' },
  suspended: { zh: '未确认，已暂停向其供数', en: 'Not confirmed; data to it are suspended' },
  reported: { zh: '逾期未确认，已列入逾期名单通报', en: 'Late; it is named in the list of laggards' },
}

export const receiptNumber = (year: number, n: number): Words => ({
  zh: `信修同〔${year}〕第${n}号`,
  en: `Propagation receipt [${year}] No. ${n}`,
})

export const RECEIPT = {
  title: { zh: '信用修复同步回执', en: 'Receipt of Propagation' },
  lead: {
    zh: '列明停止公示后，通知了哪些持有单位、何时送达、何时确认撤下，以及各项效力的办理情况。',
    en: 'Who held the information when it stopped being shown, when each was told, when each confirmed that it is down, and what it brought about.',
  },
  opening: {
    zh: '申请编号{no}所涉信息自{at}起停止公示。各持有单位的撤下情况如下：',
    en: 'What application {no} is about stopped being shown on {at}. Those who held it have taken it down as follows:',
  },
  openingPlain: {
    zh: '所涉信息自{at}起停止公示。各持有单位的撤下情况如下：',
    en: 'The information stopped being shown on {at}. Those who held it have taken it down as follows:',
  },
  part: { zh: '第{n}项（{at}停止公示）', en: 'Item {n} (stopped {at})' },
  number: { zh: '回执编号', en: 'Number' },
  no: { zh: '申请编号', en: 'Application' },
  code: { zh: '查验码', en: 'Verification code' },
  issuer: { zh: '出具单位', en: 'Issued by' },
  state: { zh: '状态', en: 'State' },
  finalAt: { zh: '定稿时间', en: 'Final since' },
  withdrawnAt: { zh: '停止公示时间', en: 'Stopped being shown' },
  progress: { zh: '{done}/{all}个持有单位已确认', en: '{done} of {all} holders have confirmed' },
  holder: { zh: '持有单位', en: 'Holder' },
  mark: { zh: '撤下情况', en: 'Where it stands' },
  sentAt: { zh: '通知时间', en: 'Told' },
  ackedAt: { zh: '确认时间', en: 'Confirmed' },
  verifiedAt: { zh: '核查时间', en: 'Seen to be down' },
  takeDownBy: { zh: '撤下期限', en: 'Down by' },
  effect: { zh: '修复效力', en: 'What the repair brought about' },
  effectPlain: { zh: '停止公示的效力', en: 'What the withdrawal brought about' },
  effectPart: { zh: '事项', en: 'Matter' },
  effectState: { zh: '办理情况', en: 'Where it stands' },
  effectProof: { zh: '凭据', en: 'Proof' },
  effectAt: { zh: '完成时间', en: 'Since' },
  none: { zh: '—', en: '—' },
  onlyHere: { zh: '除本平台外没有其他单位持有该信息。', en: 'No one but this platform held the information.' },
  finalRule: {
    zh: '全部持有单位确认并答复，或者未确认、未答复的单位超过期限{days}个工作日后列名并注明情况，本回执即定稿；定稿后内容不再变化。',
    en: 'The receipt is final once every holder has confirmed and answered, or once those who have not are named, {days} working days after their term. It does not change afterwards.',
  },
  openRule: {
    zh: '本回执尚未定稿，以上为查验时的情况。',
    en: 'The receipt is not final yet; this is how things stand now.',
  },
  compare: {
    zh: '请将以上内容与您手中的回执核对；不一致的，以本页为准。',
    en: 'Compare this with the paper in your hands; where they differ, this page prevails.',
  },
  codeLine: { zh: '查验码：{code}', en: 'Verification code: {code}' },
  scan: {
    zh: '扫描二维码可以查看最新情况。定稿的回执含有电子签名，没有网络时也可以用平台公布的公钥核对。',
    en: 'Scan the code to see how things stand. A final receipt carries a signature that can be checked offline with the published key.',
  },
  alt: { zh: '同步回执的查验二维码', en: 'QR code that verifies this receipt' },
  pdf: { zh: '下载PDF', en: 'Download as PDF' },
  at: { zh: '查验时间：{at}', en: 'Looked up {at}' },
  truth: { zh: '本回执由本平台出具。', en: 'This receipt is from this platform.' },
} satisfies Record<string, Words>

/** Of a case it is a repair that brought it about; else a withdrawal by those who decided. */
export const effectTitle = ({ applicationNo }: { applicationNo: string }): Words =>
  applicationNo ? RECEIPT.effect : RECEIPT.effectPlain
