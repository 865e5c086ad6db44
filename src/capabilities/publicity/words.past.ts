import type { Words } from '../../kernel/words.ts'

/** What was shown on a past day. */
export const PAST = {
  title: { zh: '查看某一天的公示情况', en: 'What was shown on a day' },
  label: { zh: '日期', en: 'Day' },
  hint: {
    zh: '选择今天以前的任意一天，查看本平台当日终了时的公示情况。',
    en: 'Choose any day before today to see what this platform showed at the end of it.',
  },
  submit: { zh: '查看当日情况', en: 'Show that day' },
  badge: { zh: '{day}的公示情况', en: 'As shown on {day}' },
  banner: {
    zh: '以下是{day}终了时本平台的公示情况，不是现在的公示情况。',
    en: 'This is what the platform showed at the end of {day}. It is not what is shown now.',
  },
  forAnyone: {
    zh: '此后依法停止公示的信息不再向公众提供，无论当日是否公示，均不在此列出；此后更正过的信息，列出更正后的内容。信用主体登录后，可以查看本主体当日公示的全部内容。',
    en: 'What has stopped being shown since, as the law provides, is not given to the public any more and is not listed here, whether or not it was shown that day; what has been corrected since is listed as corrected. The subject itself sees everything that was shown about it once signed in.',
  },
  forSubject: {
    zh: '您以信用主体身份查看，以下包括当日公示、此后已停止公示的信息。',
    en: 'You are looking as the subject itself: what has stopped being shown since is included.',
  },
  forOffice: {
    zh: '您因履行职责查看，以下包括职责范围内当日公示、此后已停止公示的信息。本次查看已经记录，信用主体可以查询。',
    en: 'You are looking in the course of your duties: what has stopped being shown since is included as far as they reach. This look has been recorded, and the subject can see it.',
  },
  backToToday: { zh: '返回今日公示情况', en: 'Back to what is shown today' },
  bad: {
    zh: '“{asked}”不是一个真实存在的日期。请按“年-月-日”填写，例如2026-05-10。',
    en: '“{asked}” is not a real day. Please write it as year-month-day, such as 2026-05-10.',
  },
  future: {
    zh: '{day}还没有到，尚无公示情况可以查看。请选择今天（{today}）以前的日期。',
    en: '{day} has not come yet. Please choose a day before today, {today}.',
  },
  notShown: {
    zh: '该信息在{day}没有公示，或者此后已停止公示。',
    en: 'This entry was not shown on {day}, or has stopped being shown since.',
  },
  stopped: { zh: '此后已停止公示', en: 'No longer shown' },
  changed: { zh: '此后有更正', en: 'Corrected since' },
  changedPublic: { zh: '此后有更正，列出更正后的内容', en: 'Corrected since; shown as corrected' },
  licencesNone: {
    zh: '没有当日公示、目前仍在公示的行政许可信息。',
    en: 'No licence that was shown that day is still shown.',
  },
  licencesNoneWhole: { zh: '当日没有公示行政许可信息。', en: 'No licence was shown that day.' },
  adverseNone: {
    zh: '没有当日公示、目前仍在公示的失信信息。',
    en: 'No adverse information that was shown that day is still shown.',
  },
  adverseNoneWhole: { zh: '当日没有公示失信信息。', en: 'No adverse information was shown that day.' },
  purpose: { zh: '查看{day}的公示情况', en: 'Looking at what was shown on {day}' },
} satisfies Record<string, Words>
