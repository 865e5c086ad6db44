import { fill, type Words } from '../../kernel/words.ts'
import type { EffectView, HolderView } from './contract.ts'
import type { PeerKind } from './words.ts'

/**
 * What a repair brings about (Order 36 art. 3): it is not shown any more, not shared and used any more, measures are lifted
 * and evaluations brought up to date. Each row has its proof; what no capability here carries out is said as such, never as done.
 */

const SHOWS: readonly PeerKind[] = ['publicity_system', 'authority_portal']

const PROOF = {
  site: { zh: '本平台公示网站已停止公示。', en: 'Taken down from this platform’s public site.' },
  notHere: { zh: '该信息未在本平台公示网站公示。', en: 'It was never shown on this platform’s public site.' },
  elsewhere: {
    zh: '停止公示的是其他公示系统；本平台公示网站仍按原期限公示。',
    en: 'It stopped on another system; this platform’s public site shows it for its own period.',
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
    zh: '失信惩戒措施由实施单位依法解除；本平台尚未接入惩戒措施系统，没有解除回执。',
    en: 'Measures are lifted by those who carry them out; no system of measures is connected here, so there is no receipt.',
  },
  evaluation: {
    zh: '信用评价结果由评价单位更新；本平台尚未接入信用评价系统，没有更新回执。',
    en: 'Evaluations are brought up to date by those who make them; no evaluation system is connected here, so there is no receipt.',
  },
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
    { part: 'measures', state: 'not_connected', at: null, proof: PROOF.measures },
    { part: 'evaluation', state: 'not_connected', at: null, proof: PROOF.evaluation },
  ]
}
