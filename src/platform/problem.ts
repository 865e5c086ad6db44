import { z } from 'zod'
import type { Refusal, RefusalCatalogue, RefusalKind } from '../kernel/decision.ts'
import { commonRefusals } from '../kernel/refusals.ts'
import { type Lang, type Words, fill, say } from '../kernel/words.ts'

/** RFC 9457, in the user's language. `code` is stable for ever; `errors` names every point, with its place in the input. */
export type Problem = {
  type: string
  title: string
  status: number
  code: string
  detail: string
  errors: ProblemPoint[]
  requestId: string
}
export type ProblemPoint = { code: string; message: string; path?: string; params?: Record<string, unknown> }

/** The only place where a kind of refusal becomes an HTTP status. */
export const STATUS: Record<RefusalKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  refused: 422,
  throttled: 429,
}
const TITLES: Record<number, Words> = {
  400: { zh: '提交的内容有误', en: 'Bad request' },
  401: { zh: '需要登录', en: 'Sign-in needed' },
  403: { zh: '无权办理', en: 'Not allowed' },
  404: { zh: '未找到', en: 'Not found' },
  409: { zh: '内容有冲突', en: 'Conflict' },
  413: { zh: '内容过大', en: 'Too large' },
  415: { zh: '格式不支持', en: 'Unsupported format' },
  422: { zh: '无法办理', en: 'Refused' },
  429: { zh: '请稍后再试', en: 'Too many attempts' },
  500: { zh: '系统故障', en: 'Something went wrong' },
  503: { zh: '服务暂不可用', en: 'Not available' },
  507: { zh: '存储空间不足', en: 'Storage is full' },
}
const FAULT: Words = {
  zh: '系统处理时出现故障，请稍后重试；如多次出现，请将请求编号告知运维人员。',
  en: 'Something went wrong on our side. Try again later; if it happens again, give the operator the request number.',
}
const BUSY: Words = {
  zh: '服务正在启动或者停止，请稍后重试。',
  en: 'The service is starting or stopping; try again shortly.',
}
const FULL: Words = {
  zh: '服务器存储空间不足，本次提交没有保存；请联系运维人员处理后重新提交。',
  en: 'The storage of the server is full and nothing of this was kept. Tell the operator, then send it again.',
}
const AWAY: Words = {
  zh: '数据库暂时无法连接，请稍后重新提交；已提交成功的内容不受影响。',
  en: 'The database cannot be reached for the moment; try again shortly. What was confirmed before is safe.',
}

const shape = (
  status: number,
  code: string,
  detail: string,
  errors: ProblemPoint[],
  lang: Lang,
  requestId: string,
) => ({
  type: `urn:xinheng:problem:${code.toLowerCase().replaceAll('_', '-')}`,
  title: say(TITLES[status] ?? TITLES[500]!, lang),
  status,
  code,
  detail,
  errors,
  requestId,
})

/** A refusal whose code stands in no catalogue is a fault of ours: the caller gets 500 and the log gets the code. */
export class UnknownRefusal extends Error {}

export const refusalProblem = (
  refusals: readonly Refusal[],
  catalogue: RefusalCatalogue,
  lang: Lang,
  requestId: string,
): Problem => {
  const points = refusals.map((r) => {
    const meaning = catalogue[r.code] ?? (commonRefusals as RefusalCatalogue)[r.code]
    if (!meaning) throw new UnknownRefusal(`no catalogue knows the refusal ${r.code}`)
    return {
      kind: meaning.kind,
      point: { code: r.code, message: fill(meaning[lang], r.params, lang), ...(r.params ? { params: r.params } : {}) },
    }
  })
  const first = points[0]
  if (!first) throw new UnknownRefusal('a refusal without a code')
  const detail = points.map((p) => p.point.message).join(lang === 'zh' ? '' : ' ')
  return shape(
    STATUS[first.kind],
    first.point.code,
    detail,
    points.map((p) => p.point),
    lang,
    requestId,
  )
}

export const faultProblem = (lang: Lang, requestId: string): Problem =>
  shape(500, 'FAULT', say(FAULT, lang), [], lang, requestId)
export const busyProblem = (lang: Lang, requestId: string): Problem =>
  shape(503, 'BUSY', say(BUSY, lang), [], lang, requestId)

const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100'])
/** SQLSTATE classes of a connection that failed and of a server that shuts down, and the codes of the sockets. */
const AWAY_CODE = /^(?:08...|57P0[123]|CONNECTION_LOST|ECONNREFUSED|ECONNRESET|EPIPE)$/
/** Not ours to mend in code and not the caller's fault: said as what it is; null for any other fault. */
export const outageProblem = (error: unknown, lang: Lang, requestId: string): Problem | null => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (FULL_CODES.has(code)) return shape(507, 'STORAGE_FULL', say(FULL, lang), [], lang, requestId)
  return AWAY_CODE.test(code) ? shape(503, 'DATABASE_AWAY', say(AWAY, lang), [], lang, requestId) : null
}

/** Input that the endpoint's schemas do not accept: every issue, with the schema it came from (for its labels). */
export class InvalidInput extends Error {
  readonly found: { issue: z.core.$ZodIssue; schema: z.ZodType | undefined }[]
  constructor(found: { issue: z.core.$ZodIssue; schema: z.ZodType | undefined }[]) {
    super('invalid input')
    this.found = found
  }
}

const isOfId = (issue: z.core.$ZodIssue): boolean => issue.code === 'invalid_format' && /^[ug]uid$/.test(issue.format)

export const inputProblem = (error: InvalidInput, lang: Lang, requestId: string): Problem => {
  const errors = error.found.slice(0, 100).map(({ issue, schema }): ProblemPoint => {
    const path = issue.path.map(String).join('.')
    // A mangled address: the sentence says what is wrong, the name of the place would tell a reader nothing.
    const label = labelOf(schema, issue.path)?.[lang] ?? (lang === 'zh' && isOfId(issue) ? '' : path)
    const sentence = issueSentence(issue, lang)
    return { code: 'BAD_INPUT', path, message: label ? `${label}${lang === 'zh' ? '：' : ': '}${sentence}` : sentence }
  })
  const lead = say(commonRefusals.BAD_INPUT, lang)
  const detail = errors.length === 1 ? errors[0]!.message : lead
  return shape(400, 'BAD_INPUT', detail, errors, lang, requestId)
}

type Def = {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
}
const defOf = (schema: z.ZodType) => schema.def as unknown as Def
const metaOf = (schema: z.ZodType): Words | undefined => {
  const meta = z.globalRegistry.get(schema)
  return meta && typeof meta.zh === 'string' && typeof meta.en === 'string' ? { zh: meta.zh, en: meta.en } : undefined
}

/** The label that a schema gives the field at a path by `.meta({ zh, en })`; wrappers are looked through. */
const labelOf = (schema: z.ZodType | undefined, path: readonly PropertyKey[]): Words | undefined => {
  let at: z.ZodType | undefined = schema
  let label: Words | undefined
  for (let i = 0; at; ) {
    const found = metaOf(at)
    const def = defOf(at)
    if (found && i === path.length) return found
    if (def.innerType) at = def.innerType
    else if (def.in) at = def.in
    else if (i === path.length) return found ?? label
    else if (def.shape) at = def.shape[String(path[i++])]
    else if (def.element) {
      label = found
      at = def.element
      i++
    } else return undefined
  }
  return label
}

const TYPES: Record<string, Words> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: '是或否', en: 'yes or no' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '对象', en: 'an object' },
  record: { zh: '对象', en: 'an object' },
  date: { zh: '日期', en: 'a date' },
}
const FORMATS: Record<string, Words> = {
  date: { zh: '日期应为 YYYY-MM-DD 格式且真实存在', en: 'a real day written YYYY-MM-DD' },
  datetime: { zh: '时间应为 ISO 8601 格式', en: 'an instant in ISO 8601' },
  uuid: { zh: '编号格式不正确', en: 'a valid id' },
  guid: { zh: '编号格式不正确', en: 'a valid id' },
  email: { zh: '电子邮箱格式不正确', en: 'an e-mail address' },
  url: { zh: '网址格式不正确', en: 'a web address' },
  regex: { zh: '格式不正确', en: 'in the expected form' },
}
const UNITS: Record<string, { zh: string; en: string }> = {
  string: { zh: '个字符', en: ' characters' },
  array: { zh: '项', en: ' entries' },
  set: { zh: '项', en: ' entries' },
  number: { zh: '', en: '' },
  int: { zh: '', en: '' },
}

/** zod's issue in a sentence. A refine brings its own words with `params: { zh, en }`. */
const issueSentence = (issue: z.core.$ZodIssue, lang: Lang): string => {
  const zh = lang === 'zh'
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) return zh ? '此项必填。' : 'this is required.'
      const type = TYPES[issue.expected]
      if (!type) return zh ? '类型不正确。' : 'not of the expected type.'
      return zh ? `应为${type.zh}。` : `should be ${type.en}.`
    }
    case 'too_small': {
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return zh ? '不能为空。' : 'this cannot be empty.'
      const unit = UNITS[issue.origin]?.[lang] ?? ''
      const sign =
        issue.inclusive === false
          ? { zh: '应大于 ', en: 'should be more than ' }
          : { zh: '不能少于 ', en: 'should be at least ' }
      return `${sign[lang]}${String(issue.minimum)}${zh && unit ? ' ' : ''}${unit}${zh ? '。' : '.'}`
    }
    case 'too_big': {
      const unit = UNITS[issue.origin]?.[lang] ?? ''
      const sign =
        issue.inclusive === false
          ? { zh: '应小于 ', en: 'should be less than ' }
          : { zh: '不能超过 ', en: 'should be at most ' }
      return `${sign[lang]}${String(issue.maximum)}${zh && unit ? ' ' : ''}${unit}${zh ? '。' : '.'}`
    }
    case 'invalid_format': {
      const format = FORMATS[issue.format] ?? FORMATS.regex!
      return zh ? `${format.zh}。` : `should be ${format.en}.`
    }
    case 'invalid_value': {
      if (issue.input === undefined) return zh ? '此项必填。' : 'this is required.'
      const values = issue.values.map(String).join(zh ? '、' : ', ')
      return zh ? `应为以下之一：${values}。` : `should be one of ${values}.`
    }
    case 'unrecognized_keys': {
      const keys = issue.keys.join(zh ? '、' : ', ')
      return zh ? `不认识的字段：${keys}。` : `unknown fields: ${keys}.`
    }
    case 'not_multiple_of':
      return zh ? `应为 ${issue.divisor} 的倍数。` : `should be a multiple of ${issue.divisor}.`
    case 'invalid_union': {
      const expected = issue.errors.map(([first]) =>
        first?.code === 'invalid_type' ? TYPES[first.expected] : undefined,
      )
      const types = expected.flatMap((type) => (type ? [type[lang]] : []))
      if (types.length)
        return zh
          ? `应为${types.join('、')}，不能是嵌套的内容。`
          : `should be ${types.join(', ')}, not something nested.`
      return zh ? '内容不符合要求。' : 'not in any of the expected forms.'
    }
    case 'invalid_key':
    case 'invalid_element':
      return zh ? '内容不符合要求。' : 'not in any of the expected forms.'
    default: {
      const own = issue.params as Partial<Words> | undefined
      return own?.zh && own.en ? own[lang]! : zh ? '内容不符合要求。' : 'not as expected.'
    }
  }
}
