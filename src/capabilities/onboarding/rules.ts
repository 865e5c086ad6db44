import { type Words, fill } from '../../kernel/words.ts'
import type { Report } from './contract.ts'
import {
  CHECKS,
  CHECK_RESULT_WORDS,
  CHECK_WORDS,
  type Check,
  ONLY_IF_GIVEN,
  STEPS,
  type Step,
  type StepOutcome,
  type StepState,
} from './words.ts'

type Row = { step: Step; outcome: StepOutcome; proof: Record<string, unknown> }

/**
 * A profile that was changed after it was confirmed has to be looked at again, and a key that does not count any more to be
 * exchanged anew; what rests on them stands. Of a peer in service the steps are history (`now` is null).
 */
export const stepStates = (
  rows: readonly Row[],
  now: { profileDigest: string; keyIds: readonly string[] } | null,
): Record<Step, StepState> =>
  Object.fromEntries(
    STEPS.map((step): [Step, StepState] => {
      const row = rows.find((r) => r.step === step)
      if (!row) return [step, 'open']
      if (now && step === 'profile' && row.proof.digest !== now.profileDigest) return [step, 'outdated']
      if (now && step === 'keys' && !now.keyIds.some((id) => id === row.proof.keyId)) return [step, 'outdated']
      return [step, row.outcome]
    }),
  ) as Record<Step, StepState>

/** What a profile needs before anything else is begun. */
export const missingIn = (peer: {
  contact: string
  code: string
  direction: string
  way: string
  settings: Record<string, unknown>
  legalBasis: Words
}): Words[] => [
  ...(peer.contact.trim() ? [] : [{ zh: '联系人', en: 'contact' }]),
  ...(peer.legalBasis.zh.trim() ? [] : [{ zh: '共享依据', en: 'legal basis' }]),
  ...(peer.direction !== 'out' && !peer.code ? [{ zh: '代码', en: 'code' }] : []),
  ...(peer.way === 'push' && peer.direction !== 'in' && !peer.settings.url
    ? [{ zh: '接收地址', en: 'receiver address' }]
    : []),
]

const PUSH_CHECKS: readonly Check[] = ['push', 'push_again', 'push_bad_signature']

type Seen = {
  /** Refusals in our own log since the kit began, by code. */
  refusals: ReadonlyMap<string, number>
  /** What came of our own pushes since then: the last of each check. */
  pushed: ReadonlyMap<string, boolean>
  sandbox: { events: number; acknowledged: number }
}

/** Why a report does not count as passed: what it says itself, and where our own log says otherwise. */
export const doubtsOf = ({ pushes }: { pushes: boolean }, report: Report, seen: Seen): Words[] => {
  const doubts: Words[] = []
  const say = (zh: string, en: string, check: Check) =>
    doubts.push({ zh: fill(zh, { check: CHECK_WORDS[check].zh }), en: fill(en, { check: CHECK_WORDS[check].en }) })
  const resultOf = (check: Check) => report.checks.findLast((c) => c.check === check)?.result
  for (const check of CHECKS) {
    const result = resultOf(check)
    if (PUSH_CHECKS.includes(check) && !pushes && result !== 'failed') continue
    if (ONLY_IF_GIVEN.includes(check) && result !== 'failed') continue
    if (result === undefined || result === 'skipped') say('没有检查：{check}。', 'Not checked: {check}.', check)
    else if (result === 'failed') say('未通过：{check}。', 'Failed: {check}.', check)
  }
  const refused = (...codes: string[]) => codes.some((c) => (seen.refusals.get(c) ?? 0) > 0)
  const claim = (check: Check, holds: boolean) => {
    if (resultOf(check) === 'passed' && !holds)
      say(
        '报告称已通过，但平台没有相应的记录：{check}。',
        'Reported as passed, but the platform saw nothing of it: {check}.',
        check,
      )
  }
  claim('bad_signature', refused('SIGNATURE_WRONG', 'DIGEST_WRONG'))
  claim('clock_skew', refused('SIGNATURE_OLD', 'SIGNATURE_AHEAD'))
  claim('nonce_replay', refused('SIGNATURE_REPLAYED'))
  claim('acknowledge', seen.sandbox.acknowledged === seen.sandbox.events)
  if (pushes) for (const check of PUSH_CHECKS) claim(check, seen.pushed.get(check) === true)
  return doubts
}

const line = (zh: string, en: string, params: Record<string, string | number> = {}): Words => ({
  zh: fill(zh, params),
  en: fill(en, params),
})
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** A proof in words. */
export const proofWords = ({ step, proof }: Row): Words[] => {
  const note = textOf(proof.note)
  const more = note ? [line('说明：{note}', 'Note: {note}', { note })] : []
  if (step === 'profile')
    return [line('资料摘要 {d}', 'Digest of the profile {d}', { d: textOf(proof.digest).slice(0, 16) }), ...more]
  if (step === 'keys')
    return [
      line('收到用公钥 {key} 验证通过的请求', 'A request came that verifies with the key {key}', {
        key: textOf(proof.keyId),
      }),
    ]
  if (step === 'sandbox')
    return [
      line(
        '沙箱 {all} 个事件全部确认，其中 {down} 个停止公示已撤下',
        'All {all} events of the sandbox acknowledged, {down} withdrawals taken down',
        {
          all: textOf(proof.events),
          down: textOf(proof.down),
        },
      ),
      ...more,
    ]
  if (step === 'service') {
    const basis = proof.legalBasis as Words
    return [line('已核对共享依据：{basis}', 'Legal basis checked: {basis}', {}), ...more].map((w, i) =>
      i ? w : { zh: fill(w.zh, { basis: basis.zh }), en: fill(w.en, { basis: basis.en }) },
    )
  }
  const { kit, checks } = proof.report as Report
  const missed = checks.filter((c) => c.result !== 'passed')
  /** What the report says itself stands above already. */
  const further = (proof.doubts as Words[]).filter((d) => !missed.some((c) => d.zh.includes(CHECK_WORDS[c.check].zh)))
  const passed = checks.filter((c) => c.result === 'passed').length
  return [
    line(
      '工具 {kit}：{passed} 项通过，共 {all} 项；签名公钥 {key}',
      'Kit {kit}: {passed} of {all} checks passed; signed with {key}',
      {
        kit,
        passed,
        all: checks.length,
        key: textOf(proof.keyId),
      },
    ),
    ...missed.map((c) => ({
      zh: `${CHECK_WORDS[c.check].zh}：${CHECK_RESULT_WORDS[c.result].zh}${c.detail ? `（${c.detail}）` : ''}`,
      en: `${CHECK_WORDS[c.check].en}: ${CHECK_RESULT_WORDS[c.result].en}${c.detail ? ` (${c.detail})` : ''}`,
    })),
    ...further,
  ]
}
