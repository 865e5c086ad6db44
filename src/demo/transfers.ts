/** A penalty of another city that is repaired there, and a case that another platform has passed on to us. */
import { createHash } from 'node:crypto'
import { createAuthority } from '../capabilities/access/index.ts'
import { createPeer } from '../capabilities/exchange/index.ts'
import { listRecordsOfSubject } from '../capabilities/records/index.ts'
import { findSubjectByCode } from '../capabilities/subjects/index.ts'
import { api as transfers, setSeat } from '../capabilities/transfers/index.ts'
import { type LocalDate, addDays } from '../kernel/time.ts'
import { type Ctx, type Runtime, systemCtx } from '../platform/context.ts'
import { newId } from '../platform/ids.ts'
import { inTx } from '../platform/outbox.ts'
import { type As, atHour, begin } from './cases.ts'
import { type DemoRow, penaltyRow } from './rows.ts'
import { type DemoSubject, type Scene, codeOf } from './world.ts'

type Place = { id: string; name: string; code: string; word: string }
type World = {
  runtime: Runtime
  scene: Scene
  places: Record<string, Place>
  today: LocalDate
  handIn: (rows: DemoRow[], places: Record<string, Place>) => Promise<void>
}
const ELSEWHERE: Record<string, { division: string; city: string; word: string }> = {
  '51': { division: '510700', city: '绵阳', word: '绵市监' },
  '61': { division: '610100', city: '西安', word: '西市监' },
  '13': { division: '130200', city: '唐山', word: '唐市监' },
}
const FAR = { division: '440300', city: '深圳', word: '深市监' }
const NUMBER = 900_101
const DECIDED_AGO = 150
const HANDED_IN_AGO = 146
const PROOF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')

const follow = async (ctx: Ctx): Promise<void> => {
  for (const job of transfers.jobs) await job.run(ctx)
}

export const playTransfers = async (as: As, { runtime, scene, places, today, handIn }: World): Promise<void> => {
  const far = ELSEWHERE[scene.division.slice(0, 2)] ?? FAR
  const at = (ago: number) => systemCtx(atHour(runtime, addDays(today, -ago), 10), 'demonstration')
  const code = codeOf('11', far.division, NUMBER)
  const name = `${far.city}市市场监督管理局（演示）`
  const duties = ['penalty']
  const { id } = await createAuthority(at(HANDED_IN_AGO + 1), {
    code,
    name,
    division: far.division,
    system: 'market_supervision',
    isCreditOffice: false,
    duties,
  })
  const there: Place = { id, name, code, word: far.word }
  const peer = await createPeer(at(HANDED_IN_AGO), {
    name: `${far.city}市信用平台（演示）`,
    code: `xinheng/${far.division}`,
    kind: 'lower_platform',
    division: far.division,
    items: ['penalty'],
    channel: 'credit_china',
    ackWorkdays: 3,
    contact: '演示联系人',
    direction: 'both',
    legalBasis: { zh: '《信用修复管理办法》第二十三条', en: 'NDRC Order 36 art. 23' },
  })
  await setSeat(at(10), { authority: id, peerId: peer.id, seen: 0 })

  const company = (n: number, word: string): DemoSubject => ({
    name: `${scene.place}虚构${word}贸易有限公司`,
    code: codeOf('91', scene.division, NUMBER + n),
    category: '91',
    trade: '贸易有限公司',
    field: '其他',
    legal: '钱虚构',
  })
  const penalised = async (s: DemoSubject, n: number, own: Record<string, Place>) => {
    const row = penaltyRow(s, {
      kind: 'fine',
      n: NUMBER + n,
      decided: addDays(today, -DECIDED_AGO),
      handedIn: addDays(today, -HANDED_IN_AGO),
      today,
      places: own,
      authority: 'market',
      field: '广告',
    })
    await handIn([row], own)
    const subject = await findSubjectByCode(runtime.db.kysely, s.code)
    const [record] = subject ? await listRecordsOfSubject(runtime.db.kysely, subject.id, { item: 'penalty' }) : []
    return subject && record ? { subject, record } : null
  }

  const out = await penalised(company(1, '鹏来'), 1, { ...places, market: there })
  if (out) {
    await begin(as, { subjectId: out.subject.id, recordId: out.record.id, authority: 'market' }, addDays(today, -6))
    await follow(at(6))
  }

  const into = await penalised(company(2, '归舟'), 2, places)
  if (!into) return
  const hash = createHash('sha256').update(PROOF).digest('hex')
  const ref = newId()
  const say = async (type: string, data: unknown): Promise<void> => {
    const ctx: Ctx = { ...at(1), origin: peer.id }
    const receiver = transfers.receivers.find((r) => r.types.includes(type))
    const message = { id: newId(), type, subject: ref, time: ctx.clock.now(), data }
    await inTx(ctx, async (tx) => receiver?.receive(tx, ctx, { peerId: peer.id, message }))
  }
  const market = places['market']!
  await say('case.passed_on', {
    ref,
    n: 1,
    no: `${far.division}-XF-${addDays(today, -1).replaceAll('-', '')}-0007`,
    kind: 'repair',
    record: {
      item: 'penalty',
      documentNumber: into.record.docNo,
      decidedOn: into.record.decidedOn,
      authority: { name: market.name, code: market.code },
    },
    subject: { kind: 'enterprise', code: into.subject.code, name: into.subject.name },
    decider: { name: market.name, code: market.code },
    submittedOn: addDays(today, -2),
    statement: '罚款已经缴清，违法广告已经撤除。',
    declared: { dutiesPerformed: true, corrected: true },
    commitment: {
      text: { zh: '本单位承诺所提供的材料真实、有效。', en: 'We declare that what we hand in is true.' },
      article: { zh: '《信用修复管理办法》第十五条', en: 'NDRC Order 36 art. 15' },
      at: at(2).clock.now(),
    },
    materials: [
      { hash, kind: 'proof_of_performance', name: '缴款凭证.pdf', mediaType: 'application/pdf', bytes: PROOF.length },
    ],
    dueOn: addDays(today, 2),
  })
  await say('case.material', { ref, hash, part: 0, body: PROOF.toString('base64') })
  await follow(at(1))
}
