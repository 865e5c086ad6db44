/** A third party with its agreement, late with what it has to take down; to suspend it is proposed and waits for another. */
import { api as agreements } from '../capabilities/agreements/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type As, proof } from './cases.ts'

const { handlers } = agreements
const SIGNED_BEFORE = 60
const STILL = 24
const SUMMONED_BEFORE = 3
const MEND_WITHIN = 5

export const playAgreements = async (as: As, today: LocalDate): Promise<void> => {
  const then = as('credit-office', addDays(today, -SIGNED_BEFORE), 10)
  const [party] = (await handlers.listParties(then, {})).rows
  if (!party) return
  const drawn = await handlers.drawAgreement(then, {
    peer: party.peerId,
    number: `信用共享协议〔${today.slice(0, 4)}〕3号`,
    purpose: '向社会公众提供企业信用信息查询，按公示网站及时更新、撤下',
    items: party.items,
    updateWorkdays: 3,
    withdrawWorkdays: party.ackWorkdays,
    validFrom: addDays(today, -SIGNED_BEFORE),
    validTo: addDays(today, STILL),
    contact: '演示联系人',
  })
  await handlers.signAgreement(then, { id: drawn.id, file: { ...(await proof(then)), name: '信息共享协议.pdf' } })
  const now = as('credit-office', today, 9)
  const view = await handlers.getParty(now, { peer: party.peerId })
  const [capacity] = view.summons?.capacities ?? []
  if (capacity) {
    const called = await handlers.callTalk(as('credit-office', addDays(today, -SUMMONED_BEFORE), 10), {
      peer: party.peerId,
      person: '周虚构',
      capacity: capacity.code,
      calledFor: addDays(today, -SUMMONED_BEFORE + 1),
      reason: '多条已修复信息逾期未撤下，影响信用主体权益',
    })
    await handlers.holdTalk(as('credit-office', addDays(today, -SUMMONED_BEFORE + 1), 15), {
      id: called.id,
      heldOn: addDays(today, -SUMMONED_BEFORE + 1),
      minutes: '该机构说明系统升级期间未处理撤下通知，承认更新不及时，承诺安排专人每日核对。',
      asks: '一、撤下全部已停止公示的信息；二、建立每日核对制度；三、书面报告整改情况。',
      dueOn: addDays(today, MEND_WITHIN),
      seen: called.version,
    })
  }
  if (view.possible.includes('suspend'))
    await handlers.proposeMeasure(now, {
      peer: party.peerId,
      kind: 'suspend',
      reason: '多条已修复信息逾期未撤下，经提醒仍未更新，影响信用主体权益',
    })
}
