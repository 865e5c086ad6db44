import type { RefusalCatalogue } from './decision.ts'

/** Refusals that every capability may give, and those of the edge itself. One code, one meaning, for ever. */
export const commonRefusals = {
  BAD_INPUT: {
    kind: 'invalid',
    zh: '提交的内容有误，请按提示修改后重新提交。',
    en: 'Something in the request is not right; see each point below.',
  },
  BAD_JSON: {
    kind: 'invalid',
    zh: '请求正文不是有效的 JSON，请检查格式后重新提交。',
    en: 'The body is not valid JSON.',
  },
  BAD_TEXT: {
    kind: 'invalid',
    zh: '提交的内容含有不能保存的字符（空字符或者不完整的字符），请删除后重新提交。',
    en: 'The request holds characters that cannot be stored (NUL or half a character).',
  },
  BAD_ADDRESS: {
    kind: 'invalid',
    zh: '网址中含有无法识别的字符。',
    en: 'The address holds characters that cannot be read.',
  },
  BAD_CURSOR: {
    kind: 'invalid',
    zh: '翻页参数无效，请从第一页重新查询。',
    en: 'The page cursor is not valid; begin again at the first page.',
  },
  BAD_IDEMPOTENCY_KEY: {
    kind: 'invalid',
    zh: '幂等键（Idempotency-Key）应为 1 至 200 个可见的英文字符。',
    en: 'An Idempotency-Key is 1 to 200 visible ASCII characters.',
  },
  MISSING_FILE: {
    kind: 'invalid',
    zh: '没有收到文件，请选择要上传的文件。',
    en: 'No file was received; choose the file to upload.',
  },
  ONE_FILE_ONLY: { kind: 'invalid', zh: '一次只能上传一个文件。', en: 'Send one file at a time.' },
  BAD_UPLOAD: {
    kind: 'invalid',
    zh: '上传的内容不完整或者格式有误，请重新上传。',
    en: 'The upload is incomplete or malformed; send it again.',
  },
  UNAUTHENTICATED: { kind: 'unauthenticated', zh: '请先登录。', en: 'Please sign in first.' },
  SESSION_EXPIRED: {
    kind: 'unauthenticated',
    zh: '登录已失效，请重新登录。',
    en: 'Your session has ended; please sign in again.',
  },
  BAD_KEY: {
    kind: 'unauthenticated',
    zh: '接口密钥无效、已过期或者已撤销。',
    en: 'The key is not valid, has expired or was revoked.',
  },
  FORBIDDEN: { kind: 'forbidden', zh: '您没有办理此项业务的权限。', en: 'You are not allowed to do this.' },
  BAD_CSRF: {
    kind: 'forbidden',
    zh: '页面已过期，请刷新页面后重新提交。',
    en: 'The page is out of date; reload it and try again.',
  },
  WRONG_ORIGIN: {
    kind: 'forbidden',
    zh: '请求不是从本平台的页面发出的，已拒绝。',
    en: 'The request did not come from a page of this platform.',
  },
  PASSWORD_MUST_CHANGE: {
    kind: 'forbidden',
    zh: '首次登录或者密码被重置后，请先修改密码。',
    en: 'Change your password before you go on.',
  },
  NOT_FOUND: { kind: 'not_found', zh: '您访问的内容不存在。', en: 'What you asked for does not exist.' },
  STALE: {
    kind: 'conflict',
    zh: '该内容已被他人修改，请刷新后重新办理。',
    en: 'Someone else has changed this in the meantime; reload and try again.',
  },
  NO_SUCH_MOVE: {
    kind: 'conflict',
    zh: '当前状态下不能办理此项操作，请刷新后查看。',
    en: 'This cannot be done in the present state; reload and look again.',
  },
  NOT_YOUR_MOVE: {
    kind: 'forbidden',
    zh: '此项操作应当由其他岗位的人员办理。',
    en: 'This step belongs to another role.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'conflict',
    zh: '该幂等键（Idempotency-Key）已用于另一项内容不同的请求，请更换。',
    en: 'This Idempotency-Key was used for a different request.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    kind: 'conflict',
    zh: '相同的请求正在办理，请稍后用同一幂等键（Idempotency-Key）查询结果。',
    en: 'The same request is being worked on; try again shortly with the same Idempotency-Key.',
  },
  IDEMPOTENCY_REPLY_LOST: {
    kind: 'conflict',
    zh: '相同的请求此前已经执行，但办理结果未能保存，请查询办理情况，不要重复提交。',
    en: 'The same request was carried out before, but its reply was not kept; look at the result instead of sending it again.',
  },
  TOO_LARGE: {
    kind: 'too_large',
    zh: '提交的内容超过 {limit} 的上限。',
    en: 'The request is larger than the limit of {limit}.',
  },
  UNSUPPORTED_TYPE: {
    kind: 'unsupported',
    zh: '不支持这种格式的请求正文，请使用 JSON。',
    en: 'This kind of body is not supported; send JSON.',
  },
  THROTTLED: {
    kind: 'throttled',
    zh: '尝试次数过多，请在 {seconds} 秒后再试。',
    en: 'Too many attempts; try again in {seconds} seconds.',
  },
} satisfies RefusalCatalogue
