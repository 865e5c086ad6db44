import type { Words } from '../../kernel/words.ts'

/** What a line of the data set says happened. */
export const LINE_KINDS = ['repaired', 'corrected', 'reversed'] as const
export type LineKind = (typeof LINE_KINDS)[number]
export const LINE_KIND_WORDS: Record<LineKind, Words> = {
  repaired: { zh: '修复', en: 'Repaired' },
  corrected: { zh: '更正', en: 'Corrected' },
  reversed: { zh: '撤销修复', en: 'Repair reversed' },
}

export const FILE_FORMATS = ['csv', 'xlsx', 'json_lines'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]
export const FILE_FORMAT_WORDS: Record<FileFormat, Words> = {
  csv: { zh: 'CSV 文件', en: 'CSV' },
  xlsx: { zh: 'Excel 文件', en: 'Excel' },
  json_lines: { zh: 'JSON 行文件', en: 'JSON lines' },
}

export const SHARINGS = ['unconditional', 'conditional', 'none'] as const
export const SHARING_WORDS: Record<(typeof SHARINGS)[number], Words> = {
  unconditional: { zh: '无条件共享', en: 'Shared without condition' },
  conditional: { zh: '有条件共享', en: 'Shared on condition' },
  none: { zh: '不予共享', en: 'Not shared' },
}

export const TAKEDOWN_STATE_WORDS: Record<
  'open' | 'confirmed' | 'not_shown' | 'verified' | 'returned' | 'void',
  Words
> = {
  open: { zh: '待撤下', en: 'To be taken down' },
  confirmed: { zh: '已确认，待核对', en: 'Confirmed, to be looked at' },
  not_shown: { zh: '未在门户网站公示', en: 'Never on the page' },
  verified: { zh: '已核对撤下', en: 'Seen to be down' },
  returned: { zh: '仍在公示，退回', en: 'Still there, returned' },
  void: { zh: '修复已撤销，不再要求', en: 'Repair reversed, not asked for' },
}

export const LOOK_OUTCOMES = ['gone', 'still_there', 'unreachable', 'cannot_tell'] as const
export type LookOutcome = (typeof LOOK_OUTCOMES)[number]
export const LOOK_OUTCOME_WORDS: Record<LookOutcome, Words> = {
  gone: { zh: '已撤下', en: 'Gone' },
  still_there: { zh: '仍在公示', en: 'Still there' },
  unreachable: { zh: '网页无法访问', en: 'Page unreachable' },
  cannot_tell: { zh: '无法判断', en: 'Cannot tell' },
}

/** Why a look ended as it did. */
export const LOOK_REASONS = [
  'both_found',
  'none_found',
  'page_removed',
  'only_number',
  'only_name',
  'too_little_text',
  'not_a_page',
  'needs_sign_in',
  'too_large',
  'address_not_allowed',
  'no_such_host',
  'timed_out',
  'connection_failed',
  'certificate_wrong',
  'too_many_redirects',
  'server_error',
  'other_status',
  'seen_by_person',
] as const
export type LookReason = (typeof LOOK_REASONS)[number]
export const LOOK_REASON_WORDS: Record<LookReason, Words> = {
  both_found: { zh: '网页上仍有该文号和主体名称', en: 'Document number and name are on the page' },
  none_found: { zh: '网页上没有该文号和主体名称', en: 'Neither document number nor name is on the page' },
  page_removed: { zh: '网页已删除', en: 'The page has been removed' },
  only_number: { zh: '网页上有该文号，没有主体名称', en: 'The number is there without the name' },
  only_name: { zh: '网页上有主体名称，没有该文号', en: 'The name is there without the number' },
  too_little_text: {
    zh: '网页上几乎没有文字，内容可能由脚本加载',
    en: 'Hardly any text; scripts may load the content',
  },
  not_a_page: { zh: '不是网页（文件或者图片）', en: 'Not a page (a file or a picture)' },
  needs_sign_in: { zh: '网页需要登录', en: 'The page asks for a sign-in' },
  too_large: { zh: '网页超过核对的长度上限', en: 'The page is longer than is looked through' },
  address_not_allowed: {
    zh: '网址指向不允许访问的网络',
    en: 'The address leads into a network that may not be reached',
  },
  no_such_host: { zh: '域名无法解析', en: 'The host is not known' },
  timed_out: { zh: '访问超时', en: 'Timed out' },
  connection_failed: { zh: '连接失败', en: 'The connection failed' },
  certificate_wrong: { zh: '网站证书无效', en: 'The certificate is not valid' },
  too_many_redirects: { zh: '跳转次数过多', en: 'Too many redirects' },
  server_error: { zh: '对方网站出错', en: 'The site answered with an error' },
  other_status: { zh: '对方网站返回了无法判断的状态', en: 'The site answered with a status that tells nothing' },
  seen_by_person: { zh: '信用办人工查看', en: 'Looked at by the credit office' },
}

export const RESULT_MESSAGES = {
  lateTitle: { zh: '有{n}条已修复信息逾期未在本单位网站撤下', en: '{n} repaired records are overdue on your page' },
  lateBody: {
    zh: '以下结果应于{day}前在本单位门户网站撤下并确认，目前仍有{n}条未完成。请撤下后在“修复结果”页确认，并填写网页地址。',
    en: '{n} repaired records were to be taken off your page by {day}. Please take them down and confirm it, with the address of the page.',
  },
  stillTitle: { zh: '核对发现已修复信息仍在本单位网站公示', en: 'A repaired record is still on your page' },
  stillBody: {
    zh: '平台访问所填网页，发现“{doc}”仍在公示。请撤下后重新确认。',
    en: 'The platform looked at the page you named; {doc} is still there. Please take it down and confirm again.',
  },
} as const satisfies Record<string, Words>

export const NO_RESULTS: Words = { zh: '当日没有修复结果。', en: 'No repair results on this day.' }
