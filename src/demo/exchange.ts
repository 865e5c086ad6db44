/** A receiver that does not answer: what was to go to it could not be sent, and somebody has to look into it. */
import { createPeer, pushDue } from '../capabilities/exchange/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { atHour } from './cases.ts'
import type { Scene } from './world.ts'

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9/exchange/inbox'
const [FIRST_HOUR, LAST_HOUR] = [8, 18]
/** After so few attempts the demonstration has its dead letters. */
const ATTEMPTS = 2

const patienceOf = (runtime: Runtime): Runtime => {
  const { policy } = runtime
  const settings = policy.settings.map((s) =>
    s.key === 'exchange_push' ? { ...s, value: { ...(s.value as object), attempts: ATTEMPTS } } : s,
  )
  return { ...runtime, policy: { ...policy, settings } }
}

export const playExchange = async (runtime: Runtime, scene: Scene, today: LocalDate): Promise<void> => {
  const yesterday = addDays(today, -1)
  const peer = await createPeer(systemCtx(atHour(runtime, yesterday, FIRST_HOUR), 'demonstration'), {
    name: `${scene.cityName}公共资源交易平台（演示）`,
    kind: 'service_platform',
    division: scene.division,
    items: ['serious_list'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '演示联系人',
    way: 'push',
    settings: { url: NOWHERE },
  })
  for (let hour = FIRST_HOUR; hour < LAST_HOUR; hour++)
    await pushDue(patienceOf(atHour(runtime, yesterday, hour)), peer.id)
}
