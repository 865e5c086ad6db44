import type { Words } from '../../kernel/words.ts'

/** What people are told about objections; letters carry the whole text. */
type Message = { title: Words; body: Words }
export const MESSAGES = {
  submitted: {
    title: { zh: '异议已收件（{no}）', en: 'Objection received ({no})' },
    body: {
      zh: '对“{doc}”提出的异议（{ground}）已收件，将于{due}前推送认定单位核查。',
      en: 'The objection about “{doc}” ({ground}) is received and is passed on by {due}.',
    },
  },
  pushed: {
    title: { zh: '异议待核查（{no}）', en: 'An objection to check ({no})' },
    body: {
      zh: '对“{doc}”的异议（{ground}）已推送本单位，请于{due}前完成核查并答复。',
      en: 'An objection about “{doc}” ({ground}) has been passed on to you. Check and answer it by {due}.',
    },
  },
  not_pushed: {
    title: { zh: '异议需要指定认定单位（{no}）', en: 'An objection needs an authority ({no})' },
    body: {
      zh: '“{doc}”的认定单位“{authority}”未在平台启用，请于{due}前指定承接单位并推送。',
      en: '“{authority}”, which found “{doc}”, is not active here. Name who carries on and pass it on by {due}.',
    },
  },
  extended: {
    title: { zh: '异议核查期限延长（{no}）', en: 'The check takes longer ({no})' },
    body: {
      zh: '对“{doc}”的异议因情况复杂，核查期限延长至{due}。理由：{text}',
      en: 'The check of the objection about “{doc}” takes until {due}. Reason: {text}',
    },
  },
  decided: {
    title: { zh: '异议处理结果：{outcome}（{no}）', en: 'Objection {no}: {outcome}' },
    body: {
      zh: '对“{doc}”的异议（{ground}）：{outcome}。理由：{text}',
      en: 'Your objection about “{doc}” ({ground}): {outcome}. Reasons: {text}',
    },
  },
  corrected: {
    title: { zh: '您的信用信息已经更正（{no}）', en: 'A record about you was put right ({no})' },
    body: {
      zh: '“{authority}”依职权对“{doc}”进行核查（{ground}），有关信息已经更正或者撤回。理由：{text}',
      en: '“{authority}” has checked “{doc}” of its own motion ({ground}) and corrected or withdrawn it. Reasons: {text}',
    },
  },
  withdrawn: {
    title: { zh: '异议已撤回（{no}）', en: 'Objection withdrawn ({no})' },
    body: {
      zh: '申请人已撤回对“{doc}”的异议，无需再核查。',
      en: 'The objection about “{doc}” was withdrawn; nothing is left to check.',
    },
  },
  overdue: {
    title: { zh: '异议逾期（{no}）', en: 'An objection is overdue ({no})' },
    body: {
      zh: '对“{doc}”的异议应于{due}前办结（“{authority}”），现已逾期，请督促办理。',
      en: 'The objection about “{doc}” was due on {due} with “{authority}” and is overdue.',
    },
  },
  report: {
    title: { zh: '公众反映待处理（{no}）', en: 'A report of the public ({no})' },
    body: {
      zh: '有人反映公示信息“{doc}”有误，请于{due}前核实是否作为异议办理。',
      en: 'Somebody reports that “{doc}” is wrong. Look into it by {due}.',
    },
  },
  report_overdue: {
    title: { zh: '公众反映逾期未处理（{no}）', en: 'A report is overdue ({no})' },
    body: { zh: '关于“{doc}”的反映应于{due}前处理。', en: 'The report about “{doc}” was due on {due}.' },
  },
  found: {
    title: { zh: '公示自查发现{n}项新问题', en: 'The self-check found {n} new problems' },
    body: {
      zh: '{day}公示自查发现：超期公示{over}项，重复公示{double}项，依据不足{basis}项。请及时核实处理。',
      en: 'On {day}: {over} shown for too long, {double} shown twice, {basis} without an admissible basis.',
    },
  },
  review_due: {
    title: { zh: '复议或者诉讼结果待落实', en: 'A result is to be carried out' },
    body: {
      zh: '“{doc}”的复议（诉讼）已终结，应于{due}前撤销或者修改有关信息。',
      en: 'The review of “{doc}” has ended; withdraw or change the record by {due}.',
    },
  },
  review_overdue: {
    title: { zh: '复议或者诉讼结果逾期未落实', en: 'A result has not been carried out' },
    body: {
      zh: '“{authority}”应于{due}前依复议（诉讼）结果撤销或者修改“{doc}”，现已逾期。',
      en: '“{authority}” was to withdraw or change “{doc}” by {due} and has not.',
    },
  },
} as const satisfies Record<string, Message>
export type MessageKey = keyof typeof MESSAGES
