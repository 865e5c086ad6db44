import { type LocalDate, addDays } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import type { Words } from '../../kernel/words.ts'
import type { Letter } from './contract.ts'
import { type Change, type Missing, articleIn, articleOf } from './rules.ts'
import type { Action } from './states.ts'

/** What a letter is made of. Letters are data; the page and the print lay them out. */
export type LetterFacts = {
  no: string
  addressee: string
  docNo: string
  recordAuthority: string
  signedBy: string
  on: LocalDate
  change: Pick<Change, 'basis' | 'clock' | 'ruled'>
  dueOn: LocalDate | null
  provisional: boolean
  note: string
  missing: Missing[]
  failing: { text: Words; article: string }[]
  /** What follows from false material: no application until when and on what, and until when the finding is shown itself. */
  bar: { validTo: LocalDate; wholeSystem: boolean; shownUntil: LocalDate | null } | null
  /** The period that a revocation lets begin anew; no day where the record has no longest period. */
  restarted: { until: LocalDate | null } | null
  /** It is a rating that is to be raised. */
  rating: boolean
}

const p = (zh: string, en: string): Words => ({ zh, en })

const TITLES: Partial<Record<Action, { kind: Letter['kind']; title: Words }>> = {
  pass: { kind: 'passed', title: p('信用修复初审通过通知书', 'Notice that the first review is passed') },
  return: { kind: 'one_time_notice', title: p('信用修复申请补正告知书', 'Notice of what is missing') },
  accept: { kind: 'acceptance', title: p('信用修复申请受理通知书', 'Notice of acceptance') },
  accept_at_window: { kind: 'acceptance', title: p('信用修复申请受理通知书', 'Notice of acceptance') },
  ask_once: { kind: 'one_time_notice', title: p('信用修复申请一次性补正告知书', 'One-time notice of what is missing') },
  not_accept: { kind: 'not_accepted', title: p('信用修复申请不予受理通知书', 'Notice of non-acceptance') },
  grant: { kind: 'granted', title: p('准予信用修复决定书', 'Decision granting credit repair') },
  refuse: { kind: 'refused', title: p('不予信用修复决定书', 'Decision refusing credit repair') },
  extend: { kind: 'extension', title: p('延长办理期限告知书', 'Notice of extension') },
  forged: { kind: 'forged', title: p('虚假材料认定及终止办理决定书', 'Decision on false material') },
  revoke: { kind: 'revoked', title: p('撤销准予信用修复决定书', 'Decision revoking credit repair') },
  shield: { kind: 'shielded', title: p('临时屏蔽失信信息告知书', 'Notice of temporary shielding') },
  plan_completed: {
    kind: 'plan_completed',
    title: p('重整计划（和解协议）执行完毕登记告知书', 'Notice that the plan is recorded as completed'),
  },
  restore: { kind: 'restored', title: p('恢复公示告知书', 'Notice that publication is restored') },
  lapse: { kind: 'lapsed', title: p('信用修复申请终止办理告知书', 'Notice that the application has lapsed') },
}

const REMEDY = p(
  '对本决定有异议的，可以通过本平台或者直接向本单位提出异议申诉；也可以依法申请行政复议或者提起行政诉讼。',
  'If you disagree you may object through this platform or directly to this authority, or apply for administrative reconsideration or go to court as the law provides.',
)

const opening = (f: LetterFacts): Words =>
  p(
    `你单位（个人）就${f.recordAuthority}“${f.docNo}”提出的信用修复申请（申请编号${f.no}）收悉。`,
    `We have your application ${f.no} on “${f.docNo}” of ${f.recordAuthority}.`,
  )

const noted = (f: LetterFacts): Words[] => (f.note ? [p(`说明：${f.note}`, `Note: ${f.note}`)] : [])

/** By which rule of its own sector the authority decided. */
const ruled = ({ change }: LetterFacts): Words[] =>
  change.ruled
    ? [
        p(
          `本单位依据${change.ruled.basis}核查，所适用的条件为：${change.ruled.condition}`,
          `Checked under ${change.ruled.basis}, by this condition: ${change.ruled.condition}`,
        ),
      ]
    : []

const until = (f: LetterFacts): Words[] => {
  if (!f.dueOn) return []
  const day = dayWords(f.dueOn)
  return [
    p(
      `办理期限至${day.zh}${f.provisional ? '（暂定，待次年节假日安排公布后确定）' : ''}。`,
      `The term ends on ${day.en}${f.provisional ? ' (provisional until the holiday calendar of that year is published)' : ''}.`,
    ),
  ]
}

const failing = (f: LetterFacts): Words[] =>
  f.failing.map((c, i) =>
    p(`${i + 1}．${c.text.zh}（${c.article}）`, `${i + 1}. ${c.text.en} (${articleIn(c.article).en})`),
  )

const accepted = (f: LetterFacts): Words[] => [
  p(
    '经审查，申请材料齐全、符合要求，决定予以受理。',
    'The material is complete and in order; the application is accepted.',
  ),
  ...until(f),
]

const BODIES: Partial<Record<Action, (f: LetterFacts) => Words[]>> = {
  pass: (f) => [
    p(
      '经初审，申请材料齐全，已转认定单位办理。',
      'The application has passed the first review and goes to the deciding authority.',
    ),
    ...until(f),
  ],
  return: (f) => asked(f),
  ask_once: (f) => asked(f),
  accept: (f) => accepted(f),
  accept_at_window: (f) => accepted(f),
  not_accept: (f) => [
    p('经审查，决定不予受理。理由如下：', 'The application is not accepted, for these reasons:'),
    ...failing(f),
    ...ruled(f),
    ...noted(f),
    REMEDY,
  ],
  grant: (f) => [
    f.rating
      ? p(
          `经核查，符合提升信用评价等级的条件，准予提升。自${dayWords(f.on).zh}起原评价结果停止共享和使用，调整后的评价结果由本单位报送。`,
          `The conditions for a higher grade are met. From ${dayWords(f.on).en} the former result is no longer shared or used; this authority reports the new one.`,
        )
      : p(
          `经核实，符合信用修复条件，准予修复。自${dayWords(f.on).zh}起停止公示该信息，停止共享和使用，并依法解除相应管理措施。`,
          `The conditions are met and repair is granted. From ${dayWords(f.on).en} the record is no longer shown, shared or used, and measures that rest on it are lifted as the law provides.`,
        ),
    ...ruled(f),
    ...noted(f),
  ],
  refuse: (f) => [
    p(
      '经核实，不符合信用修复条件，决定不予修复。理由如下：',
      'The conditions are not met and repair is refused, for these reasons:',
    ),
    ...failing(f),
    ...ruled(f),
    ...noted(f),
    REMEDY,
  ],
  extend: (f) => [
    p(
      '因案情复杂或者需要进行核查，不能在规定期限内作出决定，延长办理期限。',
      'The case is complex or needs checking and cannot be decided within the term, which is extended.',
    ),
    ...until(f),
    ...noted(f),
  ],
  forged: (f) => [
    f.rating
      ? p(
          '经查，申请中存在提供虚假材料或者承诺严重不实的情形，决定终止办理。',
          'False material or a seriously untrue commitment was found. The application is ended.',
        )
      : p(
          '经查，申请中存在提供虚假材料或者承诺严重不实的情形，决定不予信用修复，终止办理，并记入信用记录。',
          'False material or a seriously untrue commitment was found. Repair is refused, the application is ended, and the finding enters the credit record.',
        ),
    ...barred(f),
    ...noted(f),
    REMEDY,
  ],
  revoke: (f) => [
    p(
      `经查，信用修复过程中存在隐瞒真实情况、弄虚作假的情形，撤销准予信用修复的决定，自${dayWords(f.on).zh}起恢复公示。`,
      `Concealment or deceit was found in the repair. The grant is revoked and the record is shown again from ${dayWords(f.on).en}.`,
    ),
    ...anew(f),
    ...barred(f),
    ...noted(f),
    REMEDY,
  ],
  shield: (f) => [
    p(
      `依据人民法院批准重整计划或者认可和解协议的裁定，自${dayWords(f.on).zh}起，在计划或者协议执行期间临时屏蔽该信息。`,
      `On the court ruling that approves the plan or recognises the settlement, the record is shielded from ${dayWords(f.on).en} while the plan is carried out.`,
    ),
    p(
      '执行未成功的，将恢复公示；执行完毕后，请持法院裁定申请信用修复。',
      'If the plan fails the record is shown again; when it is completed, apply for repair with the court’s ruling.',
    ),
    ...noted(f),
  ],
  plan_completed: (f) => [
    p(
      '重整计划（和解协议）执行完毕已登记，请持人民法院确认执行完毕的裁定书申请信用修复。',
      'The plan is recorded as completed. Apply for repair with the court ruling that confirms it.',
    ),
    ...noted(f),
  ],
  lapse: (f) => [
    p(
      '因下列情形，本项申请终止办理；记录仍在公示的，条件具备后可以重新申请：',
      'This item has lapsed for the reason below. If the record is still shown you may apply again once the conditions hold:',
    ),
    ...noted(f),
    REMEDY,
  ],
  restore: (f) => [
    p(
      `临时屏蔽结束，自${dayWords(f.on).zh}起恢复公示。`,
      `The shield ends; the record is shown again from ${dayWords(f.on).en}.`,
    ),
    ...noted(f),
  ],
}

const asked = (f: LetterFacts): Words[] => [
  p('经审查，需要补正以下全部材料，现一次性告知：', 'The following is missing; this is all that will be asked for:'),
  ...f.missing.map((m, i) =>
    p(`${i + 1}．${m.name.zh}${m.text ? `：${m.text}` : ''}`, `${i + 1}. ${m.name.en}${m.text ? `: ${m.text}` : ''}`),
  ),
  ...noted(f),
  p('补正期间不计入办理期限。', 'The time you take does not count towards the term.'),
]

/** The last day on which something is shown that ends before a day. */
const lastDay = (until: LocalDate): Words => dayWords(addDays(until, -1))

/** Order 107 art. 23(1): the period begins anew and admits no early end. */
const anew = ({ restarted }: LetterFacts): Words[] => {
  if (!restarted) return []
  const last = restarted.until && lastDay(restarted.until)
  return [
    last
      ? p(
          `公示期自本决定作出之日起重新计算，至${last.zh}止，不得提前停止公示。`,
          `The period of publicity begins anew with this decision and runs until ${last.en}, without an early end.`,
        )
      : p(
          '公示期自本决定作出之日起重新计算，不得提前停止公示。',
          'The period of publicity begins anew with this decision, without an early end.',
        ),
  ]
}

const barred = ({ bar, on }: LetterFacts): Words[] => {
  if (!bar) return []
  const day = dayWords(bar.validTo)
  return [
    ...(bar.shownUntil
      ? [
          p(
            `本决定认定的情况自${dayWords(on).zh}起公示，至${lastDay(bar.shownUntil).zh}止，不得提前停止公示。`,
            `The finding is itself shown from ${dayWords(on).en} until ${lastDay(bar.shownUntil).en}, without an early end.`,
          ),
        ]
      : []),
    bar.wholeSystem
      ? p(`${day.zh}以前不得再次申请信用修复。`, `No new application is possible before ${day.en}.`)
      : p(
          `${day.zh}以前不得就该信息再次申请信用修复。`,
          `No new application about this record is possible before ${day.en}.`,
        ),
  ]
}

/** The window's one notice of all that the form lacks. */
export const windowNotice = (f: {
  no: string
  addressee: string
  missing: readonly Words[]
  note: string
  basis: readonly Words[]
  signedBy: string
  on: LocalDate
}): Letter => ({
  kind: 'one_time_notice',
  title: p('信用修复申请一次性告知书', 'One-time notice of what is missing'),
  no: f.no,
  addressee: f.addressee,
  paragraphs: [
    p(
      '经审查，你单位（个人）提交的信用修复申请尚缺以下内容，请一次补齐：',
      'The application lacks the following. Please bring all of it at once:',
    ),
    ...f.missing.map((m, i) => p(`${i + 1}．${m.zh}`, `${i + 1}. ${m.en}`)),
    ...(f.note ? [p(`说明：${f.note}`, `Note: ${f.note}`)] : []),
  ],
  basis: [...f.basis],
  signedBy: f.signedBy,
  on: f.on,
})

/** The letter of an action; null where none is sent (handing in, withdrawing, proposing). */
export const letterOf = (action: Action, f: LetterFacts): Letter | null => {
  const [head, body] = [TITLES[action], BODIES[action]]
  if (!head || !body) return null
  const { basis, clock } = f.change
  const rules = [
    basis,
    ...(clock && clock.rule !== basis.rule && action !== 'return' && action !== 'ask_once' ? [clock] : []),
  ]
  return {
    kind: head.kind,
    title: head.title,
    no: f.no,
    addressee: f.addressee,
    paragraphs: [opening(f), ...body(f)],
    basis: rules.filter((r) => r.article).map(articleOf),
    signedBy: f.signedBy,
    on: f.on,
  }
}
