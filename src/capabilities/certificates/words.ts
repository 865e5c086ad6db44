import type { Words } from '../../kernel/words.ts'
import type { CertificateState, EndedBy, LetterOf, ReceiptWay, ShownPart, Truth } from './states.ts'

export const CERTIFICATE_STATE_WORDS: Record<CertificateState, Words> = {
  valid: { zh: '有效', en: 'in force' },
  withdrawn: { zh: '已失效', en: 'withdrawn' },
}
export const ENDED_BY_WORDS: Record<EndedBy, Words> = {
  all_updated: {
    zh: '全部持有单位均已更新，证明自动收回',
    en: 'every holder has updated; withdrawn by itself',
  },
  subject: { zh: '信用主体已收回', en: 'withdrawn by the subject' },
  grant_gone: {
    zh: '准予修复的决定不再有效，证明随之失效',
    en: 'the grant no longer stands, and so neither does this',
  },
}
export const RECEIPT_WAY_WORDS: Record<ReceiptWay, Words> = {
  online: { zh: '信用主体已查阅', en: 'opened by the subject' },
  window: { zh: '窗口当面送达', en: 'handed over at the window' },
}
export const SHOWN_PART_WORDS: Record<ShownPart, Words> = {
  kind: { zh: '信息类别', en: 'kind of information' },
  content: { zh: '主要内容', en: 'main content' },
}
export const TRUTH_WORDS: Record<Truth, Words> = {
  in_force: { zh: '真实有效', en: 'Genuine and in force' },
  ended: { zh: '真实，已不再适用', en: 'Genuine, no longer in use' },
  void: { zh: '真实，已失效', en: 'Genuine, no longer in force' },
}

/** 文号 of letters and certificates. */
const SERIES: Record<LetterOf, Words> = {
  repair_item: { zh: '信修', en: 'Credit repair' },
  objection: { zh: '信异', en: 'Objection' },
  application: { zh: '信告', en: 'Window notice' },
}
export const letterNumber = ({ of, year, n }: { of: LetterOf; year: number; n: number }): Words => ({
  zh: `${SERIES[of].zh}〔${year}〕第${n}号`,
  en: `${SERIES[of].en} [${year}] No. ${n}`,
})
export const certificateNumber = (year: number, n: number): Words => ({
  zh: `信修证〔${year}〕第${n}号`,
  en: `Certificate of repair [${year}] No. ${n}`,
})

export const LETTER_POSTED = {
  title: { zh: '您有一份新文书：{title}', en: 'A letter for you: {title}' },
  body: {
    zh: '关于修复申请（编号{no}）的《{title}》（{number}）已经作出，请登录平台查阅、下载。平台记录首次查阅的时间作为送达时间。',
    en: '“{title}” ({number}) on application {no} has been issued. Sign in to read and download it. The time it is first opened is recorded as the time of delivery.',
  },
} satisfies Record<string, Words>

export const CERTIFICATE = {
  title: { zh: '信用修复证明', en: 'Certificate of Credit Repair' },
  opening: {
    zh: '兹证明：{subject}的下列信用信息已经依法修复，自{day}起停止公示，停止共享和使用。',
    en: 'This is to certify that the following information about {subject} has been repaired as the law provides; from {day} it is no longer shown, shared or used.',
  },
  use: {
    zh: '持有、使用该信息的网站和单位尚未更新的，请凭本证明及时更新；更新前请以本证明为准。',
    en: 'Whoever still holds or uses the information is asked to update it on this certificate, which prevails until then.',
  },
  forParty: {
    zh: '本证明应信用主体申请，供向{party}出示。',
    en: 'Given at the subject’s request, to be shown to {party}.',
  },
  end: {
    zh: '全部持有单位更新完毕后，本证明自动收回；准予修复的决定被撤销的，本证明同时失效。当前效力请以查验结果为准。',
    en: 'It is withdrawn by itself once every holder has updated, and at once if the grant is revoked. Verify it to see whether it still holds.',
  },
  subject: { zh: '信用主体', en: 'Subject' },
  code: { zh: '主体代码', en: 'Code of the subject' },
  docNo: { zh: '文书文号', en: 'Document number' },
  authority: { zh: '认定单位', en: 'Deciding authority' },
  decidedOn: { zh: '认定日期', en: 'Decided on' },
  decision: { zh: '修复决定', en: 'Decision of repair' },
  decisionText: { zh: '{authority} {number}', en: '{authority}, {number}' },
  grantedOn: { zh: '准予修复日期', en: 'Granted on' },
  basis: { zh: '依据', en: 'Basis' },
  codeLine: { zh: '查验码：{code}', en: 'Verification code: {code}' },
  scan: {
    zh: '扫描二维码可以查验当前效力。二维码中含有电子签名，没有网络时也可以用平台公布的公钥核对。',
    en: 'Scan the code to see whether it still holds. It carries a signature that can be checked offline with the key that the platform publishes.',
  },
  alt: { zh: '信用修复证明的查验二维码', en: 'QR code that verifies this certificate' },
} satisfies Record<string, Words>

export const VERIFY = {
  title: { zh: '文书查验', en: 'Verify a paper' },
  lead: {
    zh: '核对本平台出具的信用修复文书和信用修复证明的真伪以及当前效力。',
    en: 'See whether a letter or a certificate of this platform is genuine and still holds.',
  },
  label: { zh: '查验码', en: 'Verification code' },
  hint: {
    zh: '查验码印在文书末页二维码旁，共16位字母和数字，不区分大小写。',
    en: 'It stands beside the QR code at the end of the paper: 16 letters and digits, in any case.',
  },
  do: { zh: '查验', en: 'Verify' },
  result: { zh: '查验结果', en: 'Result' },
  unknown: { zh: '没有查到', en: 'Not found' },
  busy: { zh: '查验次数过多', en: 'Too many attempts' },
  busyHelp: { zh: '请在{seconds}秒后再试。', en: 'Try again in {seconds} seconds.' },
  again: { zh: '查验另一份文书', en: 'Verify another paper' },
  name: { zh: '文书名称', en: 'Title' },
  number: { zh: '文号', en: 'Number' },
  issuer: { zh: '出具单位', en: 'Issued by' },
  on: { zh: '出具日期', en: 'Issued on' },
  addressee: { zh: '致', en: 'To' },
  about: { zh: '涉及文书', en: 'About' },
  at: { zh: '查验时间：{at}', en: 'Verified {at}' },
  compare: {
    zh: '请将以上内容与您手中的文书逐项核对；不一致的，该文书不可采信。',
    en: 'Compare this with the paper in your hands, line by line; if they differ, do not rely on the paper.',
  },
  keys: {
    zh: '公钥地址：{path}',
    en: 'Public key: {path}',
  },
} satisfies Record<string, Words>

export const SENTENCES = {
  letter: { zh: '本文书由本平台出具，内容未经改动。', en: 'This letter is from this platform and stands as issued.' },
  grant: {
    zh: '本决定由本平台出具，准予修复的决定目前有效。',
    en: 'This decision is from this platform, and the repair it grants is in force.',
  },
  grantGone: {
    zh: '本决定曾由本平台出具，但准予修复的决定已于{day}失去效力。',
    en: 'This decision was issued by this platform, but the repair it granted is no longer in force since {day}.',
  },
  shield: {
    zh: '本文书由本平台出具，临时屏蔽目前有效。',
    en: 'This letter is from this platform, and the temporary shield is in force.',
  },
  shieldEnded: {
    zh: '本文书曾由本平台出具，临时屏蔽已于{day}结束。',
    en: 'This letter was issued by this platform; the temporary shield ended on {day}.',
  },
  certificate: {
    zh: '本证明由本平台出具，目前有效。',
    en: 'This certificate is from this platform and is in force.',
  },
  all_updated: {
    zh: '本证明曾由本平台出具。全部持有单位均已更新相关信息，本证明已自动收回，无需再出示。',
    en: 'This certificate was issued by this platform. Every holder has since updated; it was withdrawn by itself and need not be shown any more.',
  },
  subject: {
    zh: '本证明曾由本平台出具，已由信用主体收回，不再有效。',
    en: 'This certificate was issued by this platform and has been withdrawn by the subject; it is no longer in force.',
  },
  grant_gone: {
    zh: '本证明曾由本平台出具，因其所依据的决定不再有效而失效，请勿采信。',
    en: 'This certificate was issued by this platform, but the decision it rests on no longer stands. Do not rely on it.',
  },
} satisfies Record<string, Words>
