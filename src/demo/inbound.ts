import { createPeer, findPeer } from '../capabilities/exchange/index.ts'
import { takeIn } from '../capabilities/inbound/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { newId } from '../platform/ids.ts'
import { type Runtime, systemCtx } from '../platform/context.ts'
import { atHour } from './cases.ts'
import type { DemoSubject, Scene } from './world.ts'

/**
 * What a vertical system of the province sends down (逆向推送): penalties that reach the files here, one that has been repaired
 * there since, one that does not pass the catalog, and one of an authority that the register does not have yet.
 */

/** Subjects that no other scene is about. */
const FIRST = 400
const COUNT = 6
/** A fine without its amount. */
const UNFIT = 3

type Scenery = {
  runtime: Runtime
  scene: Scene
  subjects: readonly DemoSubject[]
  places: Record<string, { name: string }>
  today: LocalDate
}
export const playInbound = async ({ runtime, scene, subjects, places, today }: Scenery): Promise<void> => {
  const began = addDays(today, -3)
  const ctx = systemCtx(atHour(runtime, began, 9), 'demonstration')
  const source = `vertical/${scene.province}`
  const made = await createPeer(ctx, {
    name: `${scene.provinceName}监管业务系统（演示）`,
    kind: 'upper_platform',
    division: scene.province,
    items: ['penalty', 'licence'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '演示联系人',
    code: source,
    direction: 'in',
  })
  const peer = (await findPeer(runtime.db.kysely, made.id))!
  const about = (n: number) => ({
    item: 'penalty',
    subjectCode: subjects[FIRST + n]!.code,
    subjectName: subjects[FIRST + n]!.name,
    authority: n === 5 ? `${scene.provinceName}监管直属分局（演示）` : places[n % 2 ? 'safety' : 'environment']!.name,
    documentNumber: `演示省下发〔${today.slice(0, 4)}〕${n + 1}号`,
    decidedOn: addDays(today, -20 + n),
  })
  const event = (n: number, type: string, at: string, data: Record<string, unknown>) => ({
    specversion: '1.0',
    id: newId(),
    source,
    type,
    subject: `${source}/${n + 1}`,
    time: at,
    datacontenttype: 'application/json',
    data: { record: about(n), ...data },
  })
  const publish = (n: number) => ({
    fields: {
      subject_category: 'organisation',
      violation: '未按规定报送监管信息',
      facts: '未在规定期限内报送年度监管信息，经责令改正后已改正。',
      basis: '《企业信息公示暂行条例》第十八条',
      penalty_kinds: ['fine'],
      content: '罚款20000元',
      ...(n === UNFIT ? {} : { fine: '2' }),
    },
    version: 1,
    shownFrom: addDays(today, -18 + n),
    shownUntil: null,
    disputed: n === 1,
  })
  const first = atHour(runtime, began, 9).clock.now()
  await takeIn(
    ctx,
    peer,
    Array.from({ length: COUNT }, (_, n) => event(n, 'record.publish', first, { after: publish(n) })),
  )
  const later = systemCtx(atHour(runtime, addDays(today, -1), 15), 'demonstration')
  const repaired = { after: null, withdrawal: { reason: 'repaired' } }
  await takeIn(later, peer, [event(0, 'record.withdraw', later.clock.now(), repaired)])
}
