import type {
  BasisLevel,
  CatalogClass,
  CatalogField,
  CatalogItem,
  FieldCondition,
  FieldType,
  Policy,
} from './policy.ts'
import { type LocalDate, addDays } from './time.ts'
import type { Words } from './words.ts'

/** The catalog as people read it: its words, what two versions of an item differ in, and a policy with further versions. */

export const CLASS_WORDS: Record<CatalogClass, Words> = {
  registration: { zh: '登记注册基本信息', en: 'Registration' },
  judicial: { zh: '司法裁判及执行信息', en: 'Judgments and enforcement' },
  administration: { zh: '行政管理信息', en: 'Administration' },
  profession: { zh: '职称和职业信息', en: 'Titles and professions' },
  abnormal: { zh: '经营（活动）异常名录（状态）信息', en: 'Abnormal-operation lists' },
  serious: { zh: '严重失信主体名单信息', en: 'Serious-violator lists' },
  contract: { zh: '合同履行信息', en: 'Contract performance' },
  commitment: { zh: '信用承诺及履行情况信息', en: 'Commitments and their fulfilment' },
  evaluation: { zh: '信用评价结果信息', en: 'Evaluation results' },
  compliance: { zh: '遵守法律法规情况信息', en: 'Compliance with law' },
  honour: { zh: '诚实守信相关荣誉信息', en: 'Honours for good faith' },
  self_provided: { zh: '市场主体自主提供的信用信息', en: 'Provided by the subject' },
  intellectual_property: { zh: '知识产权信息', en: 'Intellectual property' },
  financing: { zh: '融资信用服务共享信息', en: 'Shared for financing' },
}
/** In the order of the national catalog. */
export const CLASSES = Object.keys(CLASS_WORDS) as CatalogClass[]

export const SHARING_WORDS: Record<CatalogItem['sharing'], Words> = {
  unconditional: { zh: '无条件共享', en: 'Shared without condition' },
  conditional: { zh: '有条件共享', en: 'Shared on condition' },
  none: { zh: '不予共享', en: 'Not shared' },
}
export const PUBLICITY_WORDS: Record<CatalogItem['publicity'], Words> = {
  public: { zh: '向社会公开', en: 'Public' },
  by_rule: { zh: '依规则公示，规则未规定的不公示', en: 'Shown by rule; where no rule says so, not shown' },
  none: { zh: '不公示', en: 'Never shown' },
}
export const BASIS_WORDS: Record<BasisLevel, Words> = {
  law: { zh: '法律', en: 'Law' },
  administrative_regulation: { zh: '行政法规', en: 'Administrative regulation' },
  party_central_document: { zh: '党中央政策文件', en: 'Document of the Party Centre' },
  state_council_document: { zh: '国务院政策文件', en: 'Document of the State Council' },
  judicial_interpretation: { zh: '司法解释', en: 'Judicial interpretation' },
  local_regulation: { zh: '地方性法规', en: 'Local regulation' },
  department_rule: { zh: '部门规章', en: 'Rule of a department' },
  normative_document: { zh: '规范性文件', en: 'Other document' },
}
export const TYPE_WORDS: Record<FieldType, Words> = {
  text: { zh: '文字', en: 'Text' },
  date: { zh: '日期', en: 'Date' },
  money_wan: { zh: '金额（万元）', en: 'Amount (10,000 yuan)' },
  choice: { zh: '单选', en: 'One choice' },
  choices: { zh: '多选', en: 'Several choices' },
  code_uscc: { zh: '统一社会信用代码', en: 'Unified code' },
  code_org: { zh: '组织机构代码', en: 'Organisation code' },
  code_registration: { zh: '注册号', en: 'Registration number' },
  code_tax: { zh: '税务登记号', en: 'Tax number' },
  code_institution: { zh: '事业单位证书号', en: 'Institution number' },
  code_social: { zh: '社会组织登记证号', en: 'Social organisation number' },
  person_id: { zh: '证件号码', en: 'Number of a person' },
  flag: { zh: '是否', en: 'Yes or no' },
  period: { zh: '所属期', en: 'Period' },
  number: { zh: '数字', en: 'Number' },
}

const ALWAYS: Words = { zh: '必填', en: 'Always' }
const OPTIONAL: Words = { zh: '选填', en: 'Optional' }
const labelOf = (item: Pick<CatalogItem, 'fields'>, key: string): CatalogField | undefined =>
  item.fields.find((f) => f.key === key)
/** A condition as a sentence: 行政相对人类别为自然人时. */
const conditionWords = (item: Pick<CatalogItem, 'fields'>, condition: FieldCondition): Words => {
  const field = labelOf(item, condition.field)
  const label = field?.label ?? { zh: condition.field, en: condition.field }
  if (!condition.is)
    return condition.filled === false
      ? { zh: `未填“${label.zh}”时`, en: `when “${label.en}” is empty` }
      : { zh: `已填“${label.zh}”时`, en: `when “${label.en}” is filled` }
  const named = (lang: 'zh' | 'en') =>
    condition.is?.map((code) => field?.choices.find((c) => c.code === code)?.label[lang] ?? code) ?? []
  return {
    zh: `“${label.zh}”为${named('zh').join('、')}时`,
    en: `when “${label.en}” is ${named('en').join(' or ')}`,
  }
}
/** When a field must be filled in. */
export const requiredWords = (item: Pick<CatalogItem, 'fields'>, field: CatalogField): Words => {
  if (field.required === 'always') return ALWAYS
  if (field.required === 'never') return OPTIONAL
  const all = field.required.map((c) => conditionWords(item, c))
  return {
    zh: `${all.map((w) => w.zh).join('，或者')}必填`,
    en: `Required ${all.map((w) => w.en).join(', or ')}`,
  }
}

const SHOWN: Words = { zh: '可公示', en: 'May be shown' }
const NOT_SHOWN: Words = { zh: '不公示', en: 'Never shown' }
const SEALED: Words = { zh: '加密保存，不公示', en: 'Encrypted, never shown' }
export const openWords = (field: Pick<CatalogField, 'secret' | 'public'>): Words =>
  field.secret ? SEALED : field.public ? SHOWN : NOT_SHOWN

const NO_TERM: Words = { zh: '未规定', en: 'None set' }
const PERIOD = /^P(\d+)([DMY])$/
const UNITS: Record<string, Words> = {
  D: { zh: '日', en: 'days' },
  M: { zh: '个月', en: 'months' },
  Y: { zh: '年', en: 'years' },
}
/** By when it is reported, counted from which field's day. */
export const reportingWords = (item: Pick<CatalogItem, 'fields' | 'reporting'>): Words => {
  const { workdays, period, starts } = item.reporting
  const from = labelOf(item, starts)?.label ?? { zh: '决定日期', en: 'the decision' }
  const length: Words | null = workdays
    ? { zh: `${workdays}个工作日`, en: `${workdays} working days` }
    : lengthOf(period)
  if (!length) return NO_TERM
  return { zh: `自${from.zh}起${length.zh}内`, en: `within ${length.en} of “${from.en}”` }
}
const lengthOf = (period: string | null): Words | null => {
  const [, n, unit] = PERIOD.exec(period ?? '') ?? []
  const words = unit ? UNITS[unit] : undefined
  return words ? { zh: `${n}${words.zh}`, en: n === '1' ? `1 ${words.en.slice(0, -1)}` : `${n} ${words.en}` } : null
}

// ---- what two versions of an item differ in

/** One thing that differs, in words on both sides; null = it is not there. */
export type Difference = { what: Words; before: Words | null; after: Words | null }
export type FieldDifference = {
  key: string
  code: string
  label: Words
  change: 'added' | 'removed' | 'changed'
  /** added: how it is asked for. changed: each thing that differs. */
  details: Difference[]
}
export type ItemDifference = { head: Difference[]; fields: FieldDifference[] }

const same = (a: Words | null, b: Words | null): boolean => a?.zh === b?.zh && a?.en === b?.en
const plain = (text: string): Words => ({ zh: text, en: text })
const listed = (all: readonly Words[]): Words | null =>
  all.length ? { zh: all.map((w) => w.zh).join('；'), en: all.map((w) => w.en).join('; ') } : null

type Said = readonly [what: Words, said: Words | null]
const differences = (before: readonly Said[], after: readonly Said[]): Difference[] =>
  before.flatMap(([what, was], i) => {
    const is = after[i]?.[1] ?? null
    return same(was, is) ? [] : [{ what, before: was, after: is }]
  })

const W = {
  name: { zh: '名称', en: 'Name' },
  basis: { zh: '目录依据', en: 'Catalog basis' },
  legal: { zh: '法律依据', en: 'Legal basis' },
  responsible: { zh: '责任单位', en: 'Responsible' },
  term: { zh: '报送时限', en: 'Reporting term' },
  sharing: { zh: '共享属性', en: 'Sharing' },
  publicity: { zh: '公开属性', en: 'Publicity' },
  label: { zh: '字段名称', en: 'Label' },
  code: { zh: '字段代码', en: 'Code' },
  type: { zh: '类型', en: 'Type' },
  length: { zh: '最大长度', en: 'Longest' },
  required: { zh: '填报要求', en: 'Required' },
  open: { zh: '公开要求', en: 'Publicity' },
  choices: { zh: '可选取值', en: 'Choices' },
  headings: { zh: '可识别的表头', en: 'Headings known' },
} as const satisfies Record<string, Words>

const law = (b: { instrument: Words; article: string }): Words => ({
  zh: `${b.instrument.zh}${b.article}`,
  en: `${b.instrument.en}: ${b.article}`,
})
const headSaid = (item: CatalogItem): Said[] => [
  [W.name, item.name],
  [W.basis, law(item)],
  [W.legal, listed(item.legalBasis.map(law))],
  [W.responsible, item.responsible.duty],
  [W.term, { zh: `${reportingWords(item).zh}（${item.reporting.article}）`, en: reportingWords(item).en }],
  [W.sharing, SHARING_WORDS[item.sharing]],
  [W.publicity, PUBLICITY_WORDS[item.publicity]],
]
const fieldSaid = (item: CatalogItem, field: CatalogField): Said[] => [
  [W.label, field.label],
  [W.code, plain(field.code)],
  [W.type, TYPE_WORDS[field.type]],
  [W.length, field.maxLength === null ? null : plain(String(field.maxLength))],
  [W.required, requiredWords(item, field)],
  [W.open, openWords(field)],
  [W.choices, listed(field.choices.map((c) => c.label))],
  [W.headings, listed(field.aliases.map(plain))],
]

/** What changes from one version of an item to another, in the order of the later one. */
export const differenceOf = (before: CatalogItem, after: CatalogItem): ItemDifference => {
  const old = new Map(before.fields.map((f) => [f.key, f]))
  const now = new Set(after.fields.map((f) => f.key))
  const told = (field: CatalogField, change: FieldDifference['change'], details: Difference[]): FieldDifference => ({
    key: field.key,
    code: field.code,
    label: field.label,
    change,
    details,
  })
  const present = after.fields.flatMap((field): FieldDifference[] => {
    const was = old.get(field.key)
    const said = fieldSaid(after, field)
    if (!was) {
      const details = said.flatMap(([what, is]) =>
        is && what !== W.headings && what !== W.code && what !== W.label ? [{ what, before: null, after: is }] : [],
      )
      return [told(field, 'added', details)]
    }
    const details = differences(fieldSaid(before, was), said)
    return details.length ? [told(field, 'changed', details)] : []
  })
  const gone = before.fields.filter((f) => !now.has(f.key)).map((f) => told(f, 'removed', []))
  return { head: differences(headSaid(before), headSaid(after)), fields: [...present, ...gone] }
}

/**
 * What a new version of an item may not change, because records are held by it or rules rest on it: that belongs into the
 * pack, with a release that looks after what is held. Answers what it would change.
 */
export const fixedParts = (before: CatalogItem, after: CatalogItem): Words[] => {
  const keyWords = (item: CatalogItem) =>
    item.naturalKey.flatMap((key) => {
      const field = labelOf(item, key)
      return [field?.type ?? '', ...(field?.choices.map((c) => `${c.code}=${c.label.zh}`) ?? [])]
    })
  const keptChoices = new Set(keyWords(after))
  return [
    ...(before.naturalKey.join() === after.naturalKey.join() && keyWords(before).every((w) => keptChoices.has(w))
      ? []
      : [{ zh: '记录的唯一标识', en: 'what identifies a record' }]),
    ...(before.negative === after.negative ? [] : [{ zh: '是否属于失信信息', en: 'whether it is adverse' }]),
    ...(before.publicity === after.publicity ? [] : [W.publicity]),
    ...(before.class === after.class ? [] : [{ zh: '所属类别', en: 'its class' }]),
    ...(before.reporting.starts === after.reporting.starts
      ? []
      : [{ zh: '报送时限的起算日', en: 'the day from which its term runs' }]),
    ...(after.fields.some((f) => f.secret && before.fields.some((o) => o.key === f.key && !o.secret))
      ? [{ zh: '已有字段改为加密', en: 'a held field becoming secret' }]
      : []),
    ...(after.fields.some((f) => !f.secret && before.fields.some((o) => o.key === f.key && o.secret))
      ? [{ zh: '加密字段改为不加密', en: 'a secret field becoming open' }]
      : []),
  ]
}

// ---- a policy with further versions of its items

/** The version of an item in force on a day. */
export const itemOn = (catalog: readonly CatalogItem[], code: string, on: LocalDate): CatalogItem | null =>
  catalog.find((c) => c.code === code && c.validFrom <= on && (c.validTo === null || on <= c.validTo)) ?? null

/** As the national catalog is ordered; of one item, what stood in front (a jurisdiction's own version) stays in front. */
export const inOrder = (catalog: readonly CatalogItem[]): CatalogItem[] =>
  catalog.toSorted((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) || a.order - b.order)

/** All versions of an item, oldest first. */
export const versionsOf = (catalog: readonly CatalogItem[], code: string): CatalogItem[] =>
  catalog.filter((c) => c.code === code).toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))

/** One more version, from its first day on: whatever was in force on that day ends the day before. */
const withVersion = (catalog: readonly CatalogItem[], added: CatalogItem): CatalogItem[] => {
  const later = versionsOf(catalog, added.code).find((c) => c.validFrom > added.validFrom)
  const last = addDays(added.validFrom, -1)
  const kept = catalog.flatMap((c) => {
    if (c.code !== added.code || c.validFrom > added.validFrom) return [c]
    if (c.validFrom === added.validFrom) return []
    return [c.validTo === null || c.validTo > last ? { ...c, validTo: last } : c]
  })
  return [{ ...added, validTo: later ? addDays(later.validFrom, -1) : null }, ...kept]
}

/** The policy with versions that were put in force beside the pack; the same object when there are none. */
export const withVersions = (policy: Policy, added: readonly CatalogItem[], version: string): Policy =>
  added.length === 0
    ? policy
    : {
        ...policy,
        version,
        catalog: inOrder(
          added
            .toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
            .reduce<CatalogItem[]>((catalog, item) => withVersion(catalog, item), policy.catalog),
        ),
      }
