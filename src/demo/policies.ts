import { actOnChange, drawUpChange, getChange, runRulePreviews } from '../capabilities/policies/index.ts'
import type { DrawUpAsk } from '../capabilities/policies/contract.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import type { Runtime } from '../platform/context.ts'
import type { As } from './cases.ts'

type Scene = { runtime: Runtime; as: As; today: LocalDate }

/** A city's arrangement on a row that awaits confirmation, which the second person did not agree to. */
const KEEP: DrawUpAsk['ask'] = {
  kind: 'switch',
  row: 'setting/unperformed',
  value: 'keep',
  instrument: {
    zh: '《市信用修复工作联席会议纪要》（征求意见）',
    en: 'Minutes of the joint conference (for comments)',
  },
  article: '第二条',
}
/** A sector's own classification, which waits for the second person. */
const SECTOR: DrawUpAsk['ask'] = {
  kind: 'sector',
  system: 'general',
  field: 'work_safety',
  penaltyKinds: ['fine', 'confiscate_gains'],
  class: 'minor',
  instrument: {
    zh: '《安全生产领域失信信息分类标准（试行）》',
    en: 'Classification of Dishonesty in Work Safety (trial)',
  },
  article: '第六条',
}

/** Two changes of the rules, previewed on what is held: one turned down, one that awaits the second person. */
export const playPolicies = async ({ runtime, as, today }: Scene): Promise<void> => {
  const play = async (ask: DrawUpAsk['ask'], on: LocalDate, from: LocalDate, reason: string): Promise<string> => {
    const first = as('credit-office', on, 10)
    const { id } = await drawUpChange(first, { effectiveFrom: from, reason, ask })
    await runRulePreviews(runtime)
    const { version } = await getChange(first, { id })
    await actOnChange(first, { id, action: 'propose', seen: version, reason: '' })
    return id
  }
  const turned = await play(KEEP, addDays(today, -12), addDays(today, 20), '联席会议建议对期满仍未履行义务的继续公示。')
  const second = as('credit-office-two', addDays(today, -11), 15)
  const { version } = await getChange(second, { id: turned })
  await actOnChange(second, {
    id: turned,
    action: 'refuse',
    seen: version,
    reason: '会议纪要尚在征求意见，待行业主管部门正式发文后再办理。',
  })
  await play(SECTOR, addDays(today, -1), addDays(today, 10), '安全生产主管部门印发分类标准，依据第36号令第十一条执行。')
}
