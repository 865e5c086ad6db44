import { createKey } from '../capabilities/access/index.ts'
import { api as exchange, createPeer, feed, readPage } from '../capabilities/exchange/index.ts'
import { api as onboarding, noteRequest } from '../capabilities/onboarding/index.ts'
import { CHECKS, type Check } from '../capabilities/onboarding/words.ts'
import { Refused } from '../kernel/decision.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { fill } from '../kernel/words.ts'
import { type Actor, type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import { newToken } from '../platform/crypto.ts'
import { signRequest, signerFrom } from '../platform/signatures.ts'
import { type As, atHour } from './cases.ts'
import type { Scene } from './world.ts'

/**
 * A peer that is being connected: its profile is confirmed, its key is known, its first run of the conformance kit has not
 * passed. Its system asks as any other would; nothing leaves this process.
 */

const ADDRESS = '203.0.113.20'
/** So many events of the sandbox are not acknowledged yet. */
const UNANSWERED = 4
/** A signature that is not as it should be: of another body, from another hour, or seen before. */
type Sign = { broken?: boolean; created?: string; nonce?: string }
/** Of a peer that fetches nobody asks for a receiver. */
const NOT_ITS: readonly Check[] = ['push', 'push_again', 'push_bad_signature']
const BEGAN = 9

export const playOnboarding = async (as: As, runtime: Runtime, scene: Scene, today: LocalDate): Promise<void> => {
  const yesterday = addDays(today, -1)
  const hours = (hour: number): Runtime => atHour(runtime, yesterday, hour)
  const peer = await createPeer(as('credit-office', addDays(today, -2), 15), {
    name: `${scene.cityName}不动产登记服务平台（演示）`,
    kind: 'service_platform',
    division: scene.cityCode,
    items: ['penalty', 'licence'],
    channel: 'credit_china',
    ackWorkdays: 3,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '演示联系人',
    state: 'onboarding',
  })
  const { key } = await createKey(systemCtx(hours(BEGAN), 'demonstration'), {
    name: peer.name,
    peerId: peer.id,
    scopes: ['feed'],
  })
  const signer = signerFrom('ed25519', runtime.secrets.derive('demonstration/onboarding'))
  await exchange.handlers.addPeerKey(as('security', yesterday, BEGAN), {
    id: peer.id,
    algorithm: 'ed25519',
    publicKey: JSON.stringify(signer.publicKey),
    overlapDays: 0,
  })
  await onboarding.handlers.takeStep(as('credit-office', yesterday, BEGAN), {
    id: peer.id,
    step: 'profile',
    note: '已与对方联系人电话核对。',
    basisChecked: false,
    seen: peer.version,
  })

  const actor: Actor = {
    kind: 'key',
    keyId: key.id,
    name: peer.name,
    authorityId: null,
    peerId: peer.id,
    scopes: ['feed'],
  }
  type Asked = { hour: number; method: string; path: string; value?: unknown; sign?: Sign }
  /** One request of its system, kept as the edge keeps it. */
  const asks = async <T>({ hour, method, path, value, sign = {} }: Asked, carryOut: (ctx: Ctx) => Promise<T>) => {
    const at = hours(hour)
    const body = value === undefined ? undefined : JSON.stringify(value)
    const request = {
      method,
      url: `https://xinheng.example.cn/api/v1${path}`,
      headers: { 'content-type': 'application/json' },
      body,
    }
    const bent = sign.broken ? { ...request, body: `${body} ` } : request
    const headers = signRequest(signer, bent, { created: at.clock.now(), ...sign })
    const edge = {
      address: ADDRESS,
      https: true,
      nonce: '',
      csrf: null,
      cookie: () => undefined,
      message: { ...request, headers },
      setSession: () => null,
    }
    const seen = { peerId: peer.id, method, path: `/api/v1${path}`, address: ADDRESS, requestId: newToken(6) }
    try {
      const done = await carryOut({ ...systemCtx(at, 'demonstration'), actor, edge })
      await noteRequest(at, { ...seen, status: 200, code: '', detail: { zh: '', en: '' } })
      return done
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { code, params } = error.refusals[0]!
      const words = exchange.refusals[code as keyof typeof exchange.refusals]
      const detail = { zh: fill(words.zh, params, 'zh'), en: fill(words.en, params, 'en') }
      await noteRequest(at, { ...seen, status: 401, code, detail })
      return null
    }
  }
  const hello = { method: 'POST', path: '/onboarding/signature-check', value: { hello: 'xinheng peer test 1' } }
  const check = (ctx: Ctx) => onboarding.handlers.checkSignature(ctx, {})
  await asks({ ...hello, hour: BEGAN + 1, sign: { broken: true } }, check)
  // From here on the kit, which tries what has to be refused too.
  const hour = BEGAN + 2
  for (const sign of [
    { nonce: 'demonstration' },
    { nonce: 'demonstration' },
    { created: hours(BEGAN + 1).clock.now() },
    { broken: true },
  ])
    await asks({ ...hello, hour, sign }, check)
  const pulled = await asks({ hour, method: 'GET', path: '/exchange/feed' }, (ctx) => feed(ctx, { limit: 1000 }))
  const page = readPage(pulled!)
  const acknowledgements = page.events
    .slice(0, -UNANSWERED)
    .map((e) => ({ eventId: e.id, outcome: 'applied' as const, note: '' }))
  await asks({ hour, method: 'POST', path: '/exchange/acknowledgements', value: { acknowledgements } }, (ctx) =>
    exchange.handlers.acknowledge(ctx, { acknowledgements }),
  )
  const report = {
    kit: 'xinheng peer test 1',
    ranAt: hours(hour).clock.now(),
    checks: CHECKS.map((one) => ({
      check: one,
      result: NOT_ITS.includes(one)
        ? ('skipped' as const)
        : one === 'acknowledge'
          ? ('failed' as const)
          : ('passed' as const),
      detail: one === 'acknowledge' ? `${page.events.length} 个事件只确认了 ${acknowledgements.length} 个` : '',
    })),
  }
  await asks({ hour: BEGAN + 3, method: 'POST', path: '/onboarding/conformance', value: report }, (ctx) =>
    onboarding.handlers.reportConformance(ctx, report),
  )
}
