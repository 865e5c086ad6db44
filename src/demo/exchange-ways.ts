import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPeer, decode, api as exchange, runWays, setWay } from '../capabilities/exchange/index.ts'
import { csvLine } from '../kernel/csv.ts'
import type { Instant } from '../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import type { Scene } from './world.ts'

/**
 * Two peers that cannot call: one exchanges files and has confirmed most of what it was handed; one has an exchange table, whose
 * database does not answer, and its page says so.
 */

const EVERY_SECONDS = 15
/** Of the first batch the peer has left these out so far. */
const UNCONFIRMED = 3
/** Why the folder is trusted without a signature. */
const REASON = '对方系统暂不能签名，文件夹经政务外网专线挂载，仅对方数据管理岗可以写入。'

/** The same world so much later; a file counts as whole when it has lain unchanged for a while. */
const later = (runtime: Runtime, seconds: number): Runtime => {
  const at = new Date(Date.parse(runtime.clock.now()) + seconds * 1000).toISOString() as Instant
  return { ...runtime, clock: { now: () => at } }
}

const confirm = async (folder: string): Promise<void> => {
  const name = readdirSync(join(folder, 'out')).find((n) => n.endsWith('.csv'))
  if (!name) return
  const read = await decode('csv', readFileSync(join(folder, 'out', name)))
  if (!read.ok) return
  const lines = read.value.events.slice(UNCONFIRMED).map((e) => csvLine([e.id, '已处理', '']))
  writeFileSync(join(folder, 'ack', '确认.csv'), csvLine(['事件编号', '结果', '说明']) + lines.join(''))
}

export const playWays = async (runtime: Runtime, scene: Scene): Promise<void> => {
  const ctx: Ctx = systemCtx(runtime, 'demonstration')
  const shared = {
    division: scene.division,
    channel: 'credit_china',
    ackWorkdays: 3,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '演示联系人',
  }
  const portal = await createPeer(ctx, {
    ...shared,
    name: `${scene.place}政务数据共享平台（演示）`,
    kind: 'service_platform',
    items: ['penalty'],
    direction: 'both',
    code: `sharing/${scene.division}`,
  })
  const settings = { way: 'file', format: 'csv', folder: 'demonstration', everySeconds: EVERY_SECONDS } as const
  const { version } = await setWay(ctx, { id: portal.id, ...settings, seen: portal.version })
  await exchange.handlers.setUnsigned(ctx, { id: portal.id, allowed: true, reason: REASON, seen: version })
  const court = await createPeer(ctx, {
    ...shared,
    name: `${scene.place}公共资源交易平台（演示）`,
    kind: 'authority_portal',
    items: ['serious_list'],
  })
  // Nothing listens there.
  const connection = 'postgres://exchange:demonstration@127.0.0.1:9/exchange'
  await setWay(ctx, { id: court.id, way: 'table', format: 'cloudevents', connection, seen: court.version })
  const folder = join(runtime.config.exchangeDir, settings.folder)
  await runWays(runtime)
  await confirm(folder)
  for (const n of [1, 2, 3]) await runWays(later(runtime, n * (EVERY_SECONDS + 1)))
}
