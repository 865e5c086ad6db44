/** Rows of the demonstration's files, under catalog keys; pure. Days are relative to the day of the first start. */
import { type LocalDate, addDays, addMonths, daysBetween } from '../kernel/time.ts'
import type { DemoSubject, Random } from './world.ts'

export type DemoRow = {
  authority: string
  item: 'licence' | 'penalty' | 'abnormal_list' | 'serious_list' | 'evaluation' | 'coercive_measure'
  /** The day on which the authority hands it in. */
  handedIn: LocalDate
  fields: Record<string, string>
}
type Place = { name: string; code: string; word: string }
type Places = Record<string, Place>

/** Whoever acts twice a month hands in twice a month; old history comes in larger heaps. */
const handInDay = (decided: LocalDate, today: LocalDate): LocalDate => {
  const age = daysBetween(decided, today)
  const every = age < 100 ? 12 : age < 460 ? 60 : 300
  return addDays(today, -Math.max(1, Math.floor(age / every) * every))
}

const subjectFields = (s: DemoSubject): Record<string, string> => ({
  subject_name: s.name,
  subject_category: s.category === '92' ? '个体工商户' : '法人及非法人组织',
  uscc: s.code,
  legal_representative: s.legal,
})
const authorityFields = (a: Place): Record<string, string> => ({
  authority_name: a.name,
  authority_code: a.code,
  source_name: a.name,
  source_code: a.code,
})

const FIELD_AUTHORITY: Record<string, string> = {
  食品: 'market',
  医疗器械: 'market',
  化妆品: 'market',
  特种设备: 'market',
  生态环境: 'environment',
  工程建设: 'safety',
  交通运输: 'city',
  文化旅游: 'culture',
  其他: 'labour',
}
const LICENCES: Record<string, string> = {
  market: '食品经营许可证',
  environment: '排污许可证',
  safety: '安全生产许可证',
  city: '城市建筑垃圾处置核准',
  culture: '营业性演出许可证',
  labour: '劳务派遣经营许可证',
  fire: '公众聚集场所投入使用、营业前消防安全检查合格证',
}

export const licenceRow = (
  s: DemoSubject,
  n: number,
  decided: LocalDate,
  today: LocalDate,
  places: Places,
  key?: string,
): DemoRow => {
  const authority = key ?? FIELD_AUTHORITY[s.field] ?? 'market'
  const place = places[authority]!
  const name = LICENCES[authority]!
  const no = `${place.word}许字〔${decided.slice(0, 4)}〕第${n}号`
  return {
    authority,
    item: 'licence',
    handedIn: handInDay(decided, today),
    fields: {
      ...subjectFields(s),
      document_name: `准予${name}决定书`,
      doc_no: no,
      licence_kind: '普通',
      certificate_name: name,
      licence_no: `XK${decided.slice(0, 4)}${String(n).padStart(6, '0')}`,
      content: `准予从事${name}所列范围内的活动`,
      decided_on: decided,
      valid_from: decided,
      valid_to: addMonths(decided, 60),
      status: '有效',
      ...authorityFields(place),
    },
  }
}

export type Kind = 'warning' | 'minor_fine' | 'fine' | 'gains' | 'suspend' | 'revoke' | 'barred'
const PENALTIES: Record<
  Kind,
  {
    kinds: string
    content: string
    fine?: string
    confiscated?: string
    licence?: string
    procedure: string
    discretion: string
    tier?: string
    months?: number
  }
> = {
  warning: { kinds: '警告', content: '给予警告', procedure: '简易程序', discretion: '从轻' },
  minor_fine: {
    kinds: '罚款',
    content: '罚款人民币3000元',
    fine: '0.3',
    procedure: '普通程序',
    discretion: '从轻',
    tier: '较小数额',
  },
  fine: {
    kinds: '罚款',
    content: '罚款人民币60000元',
    fine: '6',
    procedure: '普通程序',
    discretion: '一般',
    tier: '较大数额',
  },
  gains: {
    kinds: '罚款;没收违法所得',
    content: '没收违法所得8000元，并处罚款人民币20000元',
    fine: '2',
    confiscated: '0.8',
    procedure: '普通程序',
    discretion: '一般',
    tier: '较大数额',
  },
  suspend: {
    kinds: '责令停产停业',
    content: '责令停业整顿三十日',
    procedure: '普通程序',
    discretion: '从重',
    months: 1,
  },
  revoke: {
    kinds: '吊销许可证件',
    content: '吊销许可证',
    licence: '食品经营许可证',
    procedure: '普通程序',
    discretion: '从重',
  },
  barred: {
    kinds: '罚款;限制从业',
    content: '罚款人民币50000元，限制从事相关经营活动两年',
    fine: '5',
    procedure: '普通程序',
    discretion: '从重',
    tier: '较大数额',
    months: 24,
  },
}
const VIOLATIONS: Record<string, [string, string]> = {
  market: ['经营标签不符合规定的产品', '违反产品标识管理规定'],
  safety: ['未按规定对从业人员进行安全生产教育和培训', '违反安全生产管理规定'],
  environment: ['未按照规定保存危险废物台账', '违反固体废物污染环境防治规定'],
  city: ['未按照规定运输建筑垃圾', '违反市容环境卫生管理规定'],
  culture: ['未按照备案内容举办演出', '违反营业性演出管理规定'],
  labour: ['未按照规定建立职工名册', '违反劳动保障监察规定'],
  fire: ['占用疏散通道', '违反消防安全管理规定'],
}
const FIELDS_OF: Record<string, string> = {
  safety: '安全生产',
  environment: '生态环境',
  city: '交通运输',
  culture: '文化旅游',
  labour: '劳动保障',
  fire: '消防',
}

export const penaltyRow = (
  s: DemoSubject,
  ask: {
    kind: Kind
    n: number
    decided: LocalDate
    today: LocalDate
    places: Places
    authority?: string
    handedIn?: LocalDate
    field?: string
  },
): DemoRow => {
  const authority = ask.authority ?? FIELD_AUTHORITY[s.field] ?? 'market'
  const place = ask.places[authority]!
  const p = PENALTIES[ask.kind]
  const [facts, violation] = VIOLATIONS[authority]!
  const field =
    ask.field ??
    (authority === 'market'
      ? ['食品', '医疗器械', '化妆品', '特种设备'].includes(s.field)
        ? s.field
        : ''
      : FIELDS_OF[authority]!)
  return {
    authority,
    item: 'penalty',
    handedIn: ask.handedIn ?? handInDay(ask.decided, ask.today),
    fields: {
      ...subjectFields(s),
      doc_no: `${place.word}罚〔${ask.decided.slice(0, 4)}〕${ask.n}号`,
      violation,
      facts: `经查，当事人${facts}。`,
      basis: `依据相关法律法规关于“${violation}”的规定`,
      penalty_kinds: p.kinds,
      content: p.content,
      ...(p.fine ? { fine: p.fine } : {}),
      ...(p.confiscated ? { confiscated: p.confiscated } : {}),
      ...(p.licence ? { licence_affected: `${p.licence} XK000001` } : {}),
      ...(p.months ? { term_ends_on: addMonths(ask.decided, p.months) } : {}),
      decided_on: ask.decided,
      ...authorityFields(place),
      procedure: p.procedure,
      discretion: p.discretion,
      ...(field ? { field } : {}),
      ...(p.tier && authority !== 'market' ? { fine_tier: p.tier } : {}),
    },
  }
}

const CAUSES = [
  '未按照规定期限公示年度报告',
  '未按照责令的期限公示有关企业信息',
  '通过登记的住所或者经营场所无法联系',
] as const
export const abnormalRow = (
  s: DemoSubject,
  ask: { n: number; decided: LocalDate; today: LocalDate; places: Places; cause?: number; handedIn?: LocalDate },
): DemoRow => {
  const place = ask.places.market!
  const cause = CAUSES[ask.cause ?? ask.n % CAUSES.length]!
  return {
    authority: 'market',
    item: 'abnormal_list',
    handedIn: ask.handedIn ?? handInDay(ask.decided, ask.today),
    fields: {
      ...subjectFields(s),
      doc_no: `${place.word}异列字〔${ask.decided.slice(0, 4)}〕${ask.n}号`,
      list_cause: cause,
      facts: cause,
      basis: '《企业经营异常名录管理办法》第四条',
      decided_on: ask.decided,
      ...authorityFields(place),
    },
  }
}
const common = (s: DemoSubject, place: Place) => ({ ...subjectFields(s), ...authorityFields(place) })
type Placed = { decided: LocalDate; handedIn: LocalDate; places: Places }
/** A rating that whoever rated may raise. */
const ratingRow = (s: DemoSubject, { decided, handedIn, places }: Placed): DemoRow => ({
  authority: 'environment',
  item: 'evaluation',
  handedIn,
  fields: {
    ...common(s, places.environment!),
    evaluation_kind: '环境信用评价',
    period: decided.slice(0, 4),
    grade: '黄牌（环保警示企业）',
    decided_on: decided,
  },
})
/** Other adverse information, which the rules do not show and whoever determined it repairs. */
const measureRow = (s: DemoSubject, { decided, handedIn, places }: Placed): DemoRow => ({
  authority: 'environment',
  item: 'coercive_measure',
  handedIn,
  fields: {
    ...common(s, places.environment!),
    doc_no: `${places.environment!.word}强字〔${decided.slice(0, 4)}〕1号`,
    measure_kind: '行政强制措施',
    measure_form: '查封场所、设施或者财物',
    facts: '涉嫌违法排放污染物，造成或者可能造成严重污染。',
    basis: '《中华人民共和国环境保护法》第二十五条',
    decided_on: decided,
  },
})
export const seriousRow = (
  s: DemoSubject,
  ask: {
    n: number
    decided: LocalDate
    today: LocalDate
    places: Places
    authority: 'market' | 'safety'
    handedIn?: LocalDate
  },
): DemoRow => {
  const place = ask.places[ask.authority]!
  return {
    authority: ask.authority,
    item: 'serious_list',
    handedIn: ask.handedIn ?? handInDay(ask.decided, ask.today),
    fields: {
      ...subjectFields(s),
      doc_no: `${place.word}严列字〔${ask.decided.slice(0, 4)}〕${ask.n}号`,
      list: ask.authority === 'market' ? '市场监督管理严重违法失信名单' : '安全生产严重失信主体',
      facts: '因严重违法行为受到较重行政处罚，列入名单。',
      basis:
        ask.authority === 'market'
          ? '《市场监督管理严重违法失信名单管理办法》'
          : '《安全生产严重失信主体名单管理办法》',
      decided_on: ask.decided,
      ...authorityFields(place),
      measures: '列为重点监管对象；不适用告知承诺制',
      removal_conditions: '公示期满一年，履行义务并完成整改后可以申请移出',
      remedies: '可以依法申请行政复议或者提起行政诉讼',
    },
  }
}

/** The first subjects have a part to play; the others fill the district. */
export const worldRows = (random: Random, subjects: DemoSubject[], today: LocalDate, places: Places): DemoRow[] => {
  const rows: DemoRow[] = []
  let n = 0
  const ago = (days: number) => addDays(today, -days)
  for (const s of subjects) rows.push(licenceRow(s, ++n, ago(15 + random.int(700)), today, places))
  for (let i = 0; i < 380; i++)
    rows.push(
      licenceRow(
        random.pick(subjects),
        ++n,
        ago(3 + random.int(400)),
        today,
        places,
        random.pick(['fire', 'labour', 'environment']),
      ),
    )
  const others = subjects.slice(40)
  const KINDS: Kind[] = [
    'warning',
    'minor_fine',
    'minor_fine',
    'fine',
    'fine',
    'fine',
    'gains',
    'suspend',
    'revoke',
    'barred',
  ]
  for (let i = 0; i < 1100; i++) {
    const s = random.pick(others)
    const kind = random.pick(KINDS)
    const own = FIELD_AUTHORITY[s.field] ?? 'market'
    const authority =
      kind === 'revoke' ? 'market' : random.chance(0.75) ? own : random.pick(['fire', 'safety', 'environment'])
    rows.push(
      penaltyRow(s, {
        kind,
        n: ++n,
        decided: ago(4 + random.int(random.chance(0.8) ? 330 : 900)),
        today,
        places,
        authority,
      }),
    )
  }
  const companies = others.filter((s) => s.category === '91')
  for (let i = 0; i < 150; i++)
    rows.push(abnormalRow(random.pick(companies), { n: ++n, decided: ago(10 + random.int(400)), today, places }))
  for (let i = 0; i < 36; i++)
    rows.push(
      seriousRow(random.pick(companies), {
        n: ++n,
        decided: ago(20 + random.int(700)),
        today,
        places,
        authority: random.chance(0.7) ? 'market' : 'safety',
      }),
    )

  // The company of the first journey: two penalties, an abnormal-operation entry and a list entry, all repairable today.
  const [first, second, third, fourth] = subjects as [DemoSubject, DemoSubject, DemoSubject, DemoSubject]
  rows.push(
    penaltyRow(first, {
      kind: 'fine',
      n: ++n,
      decided: ago(140),
      handedIn: ago(138),
      today,
      places,
      authority: 'market',
      field: '广告',
    }),
    penaltyRow(first, {
      kind: 'fine',
      n: ++n,
      decided: ago(150),
      handedIn: ago(147),
      today,
      places,
      authority: 'safety',
    }),
    abnormalRow(first, { n: ++n, decided: ago(60), handedIn: ago(58), today, places, cause: 0 }),
    seriousRow(first, { n: ++n, decided: ago(400), handedIn: ago(397), today, places, authority: 'market' }),
    // Who comes to the window with a rating and with other adverse information.
    ratingRow(fourth, { decided: ago(120), handedIn: ago(118), places }),
    measureRow(fourth, { decided: ago(90), handedIn: ago(88), places }),
    // One of each class for the second and the third.
    penaltyRow(second, {
      kind: 'fine',
      n: ++n,
      decided: ago(30),
      handedIn: ago(28),
      today,
      places,
      authority: 'market',
      field: '食品',
    }),
    penaltyRow(second, {
      kind: 'revoke',
      n: ++n,
      decided: ago(200),
      handedIn: ago(197),
      today,
      places,
      authority: 'market',
    }),
    penaltyRow(third, {
      kind: 'minor_fine',
      n: ++n,
      decided: ago(40),
      handedIn: ago(38),
      today,
      places,
      authority: 'market',
    }),
    penaltyRow(third, {
      kind: 'barred',
      n: ++n,
      decided: ago(300),
      handedIn: ago(297),
      today,
      places,
      authority: 'safety',
    }),
  )
  // Cases in every state rest on these.
  for (let i = 10; i < 40; i++) {
    const authority = i % 2 ? 'market' : 'safety'
    rows.push(
      penaltyRow(subjects[i]!, {
        kind: 'fine',
        n: ++n,
        decided: ago(150),
        handedIn: ago(146),
        today,
        places,
        authority,
        ...(authority === 'market' ? { field: '广告' } : {}),
      }),
    )
  }
  return rows
}

/** A hand-in with everything that comes back: a damaged code, a fine without an amount, a name that differs. */
export const faultyRows = (subjects: DemoSubject[], today: LocalDate, places: Places): DemoRow[] => {
  const at = addDays(today, -1)
  const make = (i: number, n: number, change: Record<string, string>): DemoRow => {
    const row = penaltyRow(subjects[i]!, {
      kind: 'fine',
      n,
      decided: addDays(today, -4),
      handedIn: at,
      today,
      places,
      authority: 'safety',
    })
    return { ...row, fields: { ...row.fields, ...change } }
  }
  return [
    make(50, 90001, {}),
    make(51, 90002, { uscc: subjects[51]!.code.slice(0, 17) }),
    make(52, 90003, { fine: '' }),
    make(53, 90004, { subject_name: `${subjects[53]!.name}（旧名）` }),
    make(54, 90005, { decided_on: addDays(today, 20) }),
    make(55, 90006, { uscc: slip(subjects[55]!.code) }),
    make(56, 90007, { decided_on: chineseDay(addDays(today, -4)).replace('日', '') }),
    make(57, 90008, { decided_on: addDays(today, -4).split('-').toReversed().join('/') }),
    make(58, 90009, { uscc: swapped(subjects[58]!.code) }),
    several(make(59, 90010, {})),
  ]
}
const slip = (code: string): string => `${code.slice(0, 12)}${code[12] === '7' ? '4' : '7'}${code.slice(13)}`
const swapped = (code: string): string => {
  const at = Array.from(code).findIndex((c, i) => i > 9 && i < code.length - 1 && c !== code[i + 1])
  return at < 0 ? code : `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`
}
const chineseDay = (day: LocalDate): string => {
  const [y, m, d] = day.split('-').map(Number)
  return `${y}年${m}月${d}日`
}
/** One cell with the numbers of three decisions. */
const several = (row: DemoRow): DemoRow => ({
  ...row,
  fields: {
    ...row.fields,
    doc_no: (row.fields['doc_no'] ?? '').replace(/(\d+)号$/, (_, n: string) => `${n}-${Number(n) + 2}号`),
  },
})
