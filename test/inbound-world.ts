/** A platform that pushes into another's inbox: its messages, its signature, and what is answered. */
import { createAuthority } from '../src/capabilities/access/index.ts'
import { createPeer } from '../src/capabilities/exchange/index.ts'
import type { NewPeer } from '../src/capabilities/exchange/service.peers.ts'
import { addPeerKey } from '../src/capabilities/exchange/service.peers.ts'
import type { Acknowledgement } from '../src/capabilities/inbound/contract.ts'
import { newId } from '../src/platform/ids.ts'
import { type Signer, signRequest, signerFrom } from '../src/platform/signatures.ts'
import type { Caller, Platform } from './harness.ts'
import { DISTRICT, DISTRICT_CODE, nameOf, usccOf } from './penalty-rows.ts'

export type Told = Record<string, unknown>
let serial = 0

/** The register knows who decides the penalties of the tests. */
export const registerDistrict = (p: Platform) =>
  createAuthority(p.ctx(), {
    code: DISTRICT_CODE,
    name: DISTRICT,
    division: '440103',
    system: 'general',
    duties: ['penalty', 'licence'],
  })

export type Sender = {
  peerId: string
  code: string
  caller: Caller
  signer: Signer
  send: (
    events: unknown,
    how?: { body?: string; type?: string; signer?: Signer; headers?: Record<string, string>; lang?: string },
  ) => Promise<Response>
  /** Events that are all answered, or wait. */
  push: (events: Told[]) => Promise<{ acknowledgements: Acknowledgement[]; pending: string[] }>
}
export const newSender = async (p: Platform, over: Partial<NewPeer> = {}): Promise<Sender> => {
  const n = ++serial
  const code = over.code ?? `xinheng/test-${n}`
  const peer = await createPeer(p.ctx(), {
    name: `广东省信用平台${n}`,
    kind: 'upper_platform',
    division: '440000',
    items: ['penalty', 'licence'],
    channel: 'credit_china',
    ackWorkdays: 1,
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
    contact: '',
    direction: 'both',
    ...over,
    code,
  })
  const signer = signerFrom('ed25519', Buffer.alloc(32, 100 + n))
  await addPeerKey(p.ctx(), {
    id: peer.id,
    algorithm: 'ed25519',
    publicKey: JSON.stringify(signer.publicKey),
    overlapDays: 7,
  })
  const caller = await p.withKey({ scopes: ['feed'], peerId: peer.id })
  const send: Sender['send'] = (events, how = {}) => {
    const path = '/api/v1/exchange/inbox'
    const body = how.body ?? JSON.stringify(events)
    const headers = signRequest(
      how.signer ?? signer,
      {
        method: 'POST',
        url: `${p.url}${path}`,
        headers: { 'content-type': how.type ?? 'application/cloudevents-batch+json' },
        body,
      },
      { created: p.clock.now() },
    )
    return caller.send('POST', path, {
      headers: { 'accept-language': how.lang ?? 'zh', ...headers, ...how.headers },
      body,
    })
  }
  return {
    peerId: peer.id,
    code,
    caller,
    signer,
    send,
    push: async (events) => {
      const reply = await send(events)
      const text = await reply.text()
      if (reply.status !== 200 && reply.status !== 202) throw new Error(`${reply.status} ${text}`)
      const { acknowledgements } = JSON.parse(text) as {
        acknowledgements: (Omit<Acknowledgement, 'outcome'> & { outcome: Acknowledgement['outcome'] | 'pending' })[]
      }
      return {
        acknowledgements: acknowledgements.filter((a) => a.outcome !== 'pending') as Acknowledgement[],
        pending: acknowledgements.filter((a) => a.outcome === 'pending').map((a) => a.eventId),
      }
    },
  }
}

export type Say = {
  n: number
  at?: string
  source: string
  id?: string
  thing?: string
  about?: Told
  fields?: Told
  after?: Told
}
const about = ({ n, about: over }: Say): Told => ({
  recordId: `record-${n}`,
  item: 'penalty',
  subjectCode: usccOf(n),
  subjectName: nameOf(n),
  authority: DISTRICT,
  documentNumber: `穗荔综罚〔2026〕${n}号`,
  decidedOn: '2026-11-02',
  ...over,
})
const event = (say: Say, type: string, data: Told): Told => ({
  specversion: '1.0',
  id: say.id ?? newId(),
  source: say.source,
  type,
  subject: say.thing ?? `record-${say.n}`,
  time: say.at ?? '2026-11-20T02:00:00.000Z',
  datacontenttype: 'application/json',
  data,
})
export const publish = (say: Say, type = 'record.publish'): Told =>
  event(say, type, {
    record: about(say),
    before: null,
    after: {
      version: 1,
      shownFrom: '2026-11-04',
      shownUntil: '2029-11-02',
      disputed: false,
      rule: 'x',
      article: 'x',
      badge: 'authority_record',
      fields: {
        subject_name: nameOf(say.n),
        subject_category: 'organisation',
        uscc: usccOf(say.n),
        doc_no: `穗荔综罚〔2026〕${say.n}号`,
        violation: '占道经营',
        facts: '占用城市道路经营。',
        basis: '《广州市市容环境卫生管理规定》第二十条',
        penalty_kinds: ['fine'],
        content: '罚款2000元',
        fine: '0.2',
        decided_on: '2026-11-02',
        authority_name: DISTRICT,
        authority_code: DISTRICT_CODE,
        ...say.fields,
      },
      ...say.after,
    },
    withdrawal: null,
  })
export const takeDown = (say: Say, reason: string | null = 'repaired'): Told =>
  event(say, 'record.withdraw', {
    record: about(say),
    before: null,
    after: null,
    withdrawal: { reason, takeDownBy: '2026-11-30' },
  })
