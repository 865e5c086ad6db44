import type { LocalDate } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Words, fill } from '../../kernel/words.ts'
import type { Letter } from './contract.ts'
import { CORRECTION_WORDS, type CorrectionKind, GROUND_WORDS, type Ground } from './words.ts'

/** What was done, as a letter tells it. */
export type LetterEffect = {
  does: CorrectionKind
  changes: { label: Words; was: Words; becomes: Words }[]
  /** The first day on which it is not shown any more. */
  until: LocalDate | null
}

/** What is written to the applicant. Letters are data; pages and prints lay them out. */
export type LetterFacts = {
  no: string
  addressee: string
  docNo: string
  recordAuthority: string
  ground: Ground
  /** Whether the addressee itself raised it, or it was found without it. */
  raised: boolean
  signedBy: string
  on: LocalDate
  dueOn: LocalDate | null
  provisional: boolean
  text: string
  effect: LetterEffect | null
  basis: { instrument: Words; article: Words }[]
}

const p = (zh: string, en: string): Words => ({ zh, en })
const say = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})

const TITLES: Record<Letter['kind'], Words> = {
  receipt: p('异议申请收件回执', 'Receipt of an objection'),
  extension: p('延长异议核查期限告知书', 'Notice of extension'),
  upheld: p('异议处理结果告知书（异议成立）', 'Result of the objection: upheld'),
  partly_upheld: p('异议处理结果告知书（部分成立）', 'Result of the objection: upheld in part'),
  rejected: p('异议处理结果告知书（异议不成立）', 'Result of the objection: rejected'),
}
const FOUND_TITLES = {
  upheld: p('信用信息更正告知书', 'Notice of correction'),
  partly_upheld: p('信用信息部分更正告知书', 'Notice of correction in part'),
}
const FOUND = p(
  '我单位依职权对涉及你单位（个人）的{authority}“{doc}”进行了核查（编号{no}），核查事由：{ground}。',
  'Of our own motion we have checked “{doc}” of {authority}, which is about you ({no}): “{ground}”.',
)
const FOUND_RESULTS = {
  upheld: p('经核查，情况属实。', 'It was found to be so.'),
  partly_upheld: p('经核查，部分情况属实。', 'It was found to be so in part.'),
}
const OPENING = p(
  '你单位（个人）就{authority}“{doc}”以“{ground}”为由提出的异议（编号{no}）收悉。',
  'We have your objection {no} about “{doc}” of {authority}: “{ground}”.',
)
const RECEIVED = p(
  '本平台将于{day}前推送认定单位核查。异议处理不收取任何费用。',
  'It is passed on to the deciding authority by {day}. Objections are free of charge.',
)
const EXTENDED = p(
  '因情况复杂，核查期限延长至{day}。延长理由：{text}',
  'The matter is complex; the check takes until {day}. Reason: {text}',
)
const PROVISIONAL = p(
  '（该日期所在年度的节假日安排尚未公布，公布后重新计算。）',
  '(The holiday calendar of that year is not published yet; the day is worked out again once it is.)',
)
const RESULTS: Record<'upheld' | 'partly_upheld' | 'rejected', Words> = {
  upheld: p('经核查，异议成立。', 'It was checked and upheld.'),
  partly_upheld: p('经核查，异议部分成立。', 'It was checked and upheld in part.'),
  rejected: p('经核查，异议不成立。', 'It was checked and rejected.'),
}
const REASONS = p('理由：{text}', 'Reasons: {text}')
const DONE = p('处理：{does}。', 'What was done: {does}.')
const CHANGED = p('“{label}”由“{was}”更正为“{becomes}”。', '“{label}” is corrected from “{was}” to “{becomes}”.')
const STOPPED = p('自{day}起不再公示。', 'It is not shown from {day} on.')
const EVERYWHERE = p(
  '更正（撤回）结果已同步发送给共享、使用该信息的各单位，各单位应当同步更新。',
  'Whoever shares or uses the record has been sent the result and has to follow it.',
)
const REMEDY = p(
  '对本处理结果不服的，可以依法申请行政复议或者提起行政诉讼。',
  'If you disagree you may ask for administrative reconsideration or go to court as the law provides.',
)
const NOTHING = p('（空）', '(empty)')

const effectWords = (effect: LetterEffect): Words[] => {
  const changes = effect.changes.map((c) =>
    say(CHANGED, { label: c.label, was: c.was.zh ? c.was : NOTHING, becomes: c.becomes.zh ? c.becomes : NOTHING }),
  )
  const stopped = effect.until ? [say(STOPPED, { day: dayWords(effect.until) })] : []
  const everywhere = effect.does === 'reopen' ? [] : [EVERYWHERE]
  return [say(DONE, { does: CORRECTION_WORDS[effect.does] }), ...changes, ...stopped, ...everywhere]
}

const bodyOf = (kind: Letter['kind'], f: LetterFacts): Words[] => {
  const day = f.dueOn ? dayWords(f.dueOn) : p('规定期限', 'the end of the term')
  const provisional = f.provisional ? [PROVISIONAL] : []
  if (kind === 'receipt') return [say(RECEIVED, { day }), ...provisional]
  if (kind === 'extension') return [say(EXTENDED, { day, text: f.text }), ...provisional]
  const result = f.raised || kind === 'rejected' ? RESULTS[kind] : FOUND_RESULTS[kind]
  return [result, say(REASONS, { text: f.text }), ...(f.effect ? effectWords(f.effect) : []), REMEDY]
}

/** Whom nobody asked is written to of nothing but what was put right. */
const isWritten = (kind: Letter['kind'], raised: boolean): boolean =>
  raised || kind === 'upheld' || kind === 'partly_upheld'
const titleOf = (kind: Letter['kind'], raised: boolean): Words =>
  !raised && (kind === 'upheld' || kind === 'partly_upheld') ? FOUND_TITLES[kind] : TITLES[kind]

export const letterOf = (kind: Letter['kind'], f: LetterFacts): Letter | null =>
  isWritten(kind, f.raised)
    ? {
        kind,
        title: titleOf(kind, f.raised),
        no: f.no,
        addressee: f.addressee,
        paragraphs: [
          say(f.raised ? OPENING : FOUND, {
            authority: f.recordAuthority,
            doc: f.docNo,
            ground: GROUND_WORDS[f.ground],
            no: f.no,
          }),
          ...bodyOf(kind, f),
        ],
        basis: f.basis.map(({ instrument, article }) =>
          p(`${instrument.zh}${article.zh}`, article.en ? `${instrument.en}, ${article.en}` : instrument.en),
        ),
        signedBy: f.signedBy,
        on: f.on,
      }
    : null
