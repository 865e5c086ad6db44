import { fill, type Words } from '../../kernel/words.ts'
import type { EffectView, HolderView } from './contract.ts'
import { type Duty, EFFECT_RESULT_WORDS, type PeerKind } from './words.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Instant, dayOf } from '../../kernel/time.ts'

/**
 * What a repair brings about (Order 36 art. 3): it is not shown any more, not shared and used any more, measures are lifted
 * and evaluations brought up to date. Each row has its proof: who was asked, who has answered what and when. Measures and
 * evaluations are others'; of them stands here what they say, and that nobody is concerned where nobody is.
 */

const SHOWS: readonly PeerKind[] = ['publicity_system', 'authority_portal']

const PROOF = {
  site: { zh: '本平台公示网站已停止公示。', en: 'Taken down from the public site of this platform.' },
  notHere: { zh: '该信息未在本平台公示网站公示。', en: 'It was never shown on the public site of this platform.' },
  elsewhere: {
    zh: '停止公示的是其他公示系统；本平台公示网站仍按原期限公示。',
    en: 'It stopped on another system; the public site of this platform shows it for its own period.',
  },
  shows: {
    zh: '其他公示系统和部门网站{all}个，已确认撤下{done}个。',
    en: '{done} of {all} other publicity systems and portals have acknowledged.',
  },
  noShows: {
    zh: '没有其他公示系统或者部门网站领取过该信息。',
    en: 'No other publicity system or portal ever took it.',
  },
  feed: {
    zh: '已从共享数据中撤出，不再向任何单位提供。',
    en: 'Taken out of what is shared; nobody is given it any more.',
  },
  takers: {
    zh: '曾领取的平台和机构{all}个，已确认停止使用{done}个。',
    en: '{done} of {all} platforms and services that had taken it have acknowledged.',
  },
  noTakers: { zh: '没有其他平台或者机构领取过该信息。', en: 'No other platform or service ever took it.' },
  measures: {
    zh: '须解除失信惩戒措施的单位{all}个，已答复{done}个。',
    en: '{done} of {all} who apply measures have answered.',
  },
  noMeasures: {
    zh: '曾领取该信息的单位中，没有登记为实施失信惩戒措施的单位。',
    en: 'None of those who had taken it is registered as applying measures.',
  },
  evaluation: {
    zh: '须更新信用评价的单位{all}个，已答复{done}个。',
    en: '{done} of {all} who evaluate have answered.',
  },
  noEvaluation: {
    zh: '曾领取该信息的单位中，没有登记为开展信用评价的单位。',
    en: 'None of those who had taken it is registered as evaluating.',
  },
  answered: { zh: '{name}（{day}，{result}）', en: '{name} ({day}, {result})' },
  owed: { zh: '待答复：{names}。', en: 'Still to answer: {names}.' },
} satisfies Record<string, Words>

const told = (words: Words, params: Record<string, unknown>): Words => ({
  zh: fill(words.zh, params, 'zh'),
  en: fill(words.en, params, 'en'),
})
const join = (a: Words, b: Words): Words => ({ zh: `${a.zh}${b.zh}`, en: `${a.en} ${b.en}` })

const carried = (
  part: EffectView['part'],
  holders: readonly HolderView[],
  since: string,
  say: { own: Words; others: Words; none: Words },
): EffectView => {
  const done = holders.filter((h) => h.state === 'acknowledged')
  const open = holders.length - done.length
  const late = holders.some((h) => h.state === 'late' || h.state === 'refused' || h.state === 'dead')
  const last = done
    .flatMap((h) => h.acknowledgedAt ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)
  return {
    part,
    state: open === 0 ? 'done' : late ? 'late' : 'under_way',
    at: open === 0 ? (last ?? since) : null,
    proof: join(say.own, holders.length ? told(say.others, { all: holders.length, done: done.length }) : say.none),
  }
}

const listed = (all: readonly Words[]): Words => ({
  zh: all.map((w) => w.zh).join('；'),
  en: all.map((w) => w.en).join('; '),
})
/** What those say who apply measures or evaluate: named, with the day. */
const answered = (
  part: Duty,
  holders: readonly HolderView[],
  since: string,
  say: { asked: Words; nobody: Words },
): EffectView => {
  const all = holders.flatMap((h) => h.asked.flatMap((a) => (a.part === part ? [{ name: h.name, ...a }] : [])))
  if (!all.length) return { part, state: 'nobody', at: since, proof: say.nobody }
  const done = all.flatMap((a) =>
    a.at !== null && (a.state === 'done' || a.state === 'none') ? [{ ...a, at: a.at, state: a.state }] : [],
  )
  const open = all.filter((a) => a.at === null)
  const names = listed(
    done.map((a) =>
      told(PROOF.answered, {
        name: a.name,
        day: dayWords(dayOf(a.at as Instant)),
        result: EFFECT_RESULT_WORDS[part][a.state],
      }),
    ),
  )
  const parts = [
    told(say.asked, { all: all.length, done: done.length }),
    ...(done.length ? [{ zh: `${names.zh}。`, en: `${names.en}.` }] : []),
    ...(open.length
      ? [
          told(PROOF.owed, {
            names: { zh: open.map((a) => a.name.zh).join('、'), en: open.map((a) => a.name.en).join(', ') },
          }),
        ]
      : []),
  ]
  const last = done
    .map((a) => a.at)
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)
  return {
    part,
    state: open.length === 0 ? 'done' : open.some((a) => a.state === 'late') ? 'late' : 'under_way',
    at: open.length === 0 ? (last ?? since) : null,
    proof: parts.reduce(join),
  }
}

/** Nothing before it has been withdrawn. */
export const effectOf = (withdrawnAt: string | null, holders: readonly HolderView[]): EffectView[] => {
  if (!withdrawnAt) return []
  const own = holders.find((h) => h.peerId === null)
  const here = !own ? PROOF.notHere : own.state === 'acknowledged' ? PROOF.site : PROOF.elsewhere
  // Whoever the withdrawal does not concern holds it rightly.
  const others = holders.filter((h) => h.peerId !== null && h.state !== 'holding')
  const shows = (h: HolderView) => h.kind !== null && SHOWS.includes(h.kind)
  return [
    carried('display', others.filter(shows), withdrawnAt, { own: here, others: PROOF.shows, none: PROOF.noShows }),
    carried(
      'sharing',
      others.filter((h) => !shows(h)),
      withdrawnAt,
      { own: PROOF.feed, others: PROOF.takers, none: PROOF.noTakers },
    ),
    answered('measures', others, withdrawnAt, { asked: PROOF.measures, nobody: PROOF.noMeasures }),
    answered('evaluation', others, withdrawnAt, { asked: PROOF.evaluation, nobody: PROOF.noEvaluation }),
  ]
}
