/** The publicity system as a program of its own beside a platform under test, known to it as a peer. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPeer } from '../src/capabilities/exchange/index.ts'
import { insertPeerKey } from '../src/capabilities/exchange/store.keys.ts'
import type { PublicKey } from '../src/platform/signatures.ts'
import { newId } from '../src/platform/ids.ts'
import { systemCtx } from '../src/platform/context.ts'
import { inTx } from '../src/platform/outbox.ts'
import { storeRecords } from '../src/capabilities/records/index.ts'
import { resolveSubjects } from '../src/capabilities/subjects/index.ts'
import type { PenaltyKind } from '../src/kernel/policy.ts'
import { nameKey } from '../src/kernel/text.ts'
import { type Instant, day } from '../src/kernel/time.ts'
import { type Platform, codeFrom } from './harness.ts'
import { factsOf, penalty } from './records-world.ts'

const PROGRAM = fileURLToPath(new URL('./peers/publicity-system.ts', import.meta.url))
export const SOURCE = 'necips/440000'

export type PublicitySystem = {
  url: string
  /** An order for tests. */
  order: (order: Record<string, unknown>) => Promise<Record<string, unknown>>
  kill: () => Promise<void>
  /** Again on the same store. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

export const startPublicitySystem = async (ask: {
  platform: string
  now: string
  key?: string
  page?: number
}): Promise<PublicitySystem> => {
  const home = mkdtempSync(join(tmpdir(), 'xinheng-publicity-'))
  let child: ChildProcess
  let port = 0
  let { now } = ask
  const launch = async (): Promise<void> => {
    child = spawn(process.execPath, [
      PROGRAM,
      ...Object.entries({
        port: String(port),
        store: join(home, 'store.jsonl'),
        source: SOURCE,
        platform: ask.platform,
        now,
        page: String(ask.page ?? 500),
      }).flatMap(([name, value]) => [`--${name}`, value]),
      ...(ask.key ? ['--key', ask.key] : []),
    ])
    port = await new Promise<number>((found, failed) => {
      let said = ''
      child.stdout!.on('data', (text: Buffer) => {
        said += text.toString()
        const line = /\{"port":(\d+)/.exec(said)
        if (line) found(Number(line[1]))
      })
      child.stderr!.on('data', (text: Buffer) => (said += text.toString()))
      child.once('exit', () => failed(new Error(`the publicity system did not start: ${said}`)))
    })
  }
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((done) => child.once('close', done))
    child.kill('SIGKILL')
    await gone
  }
  await launch()
  const system: PublicitySystem = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    order: async (order) => {
      if (order.do === 'clock') now = String(order.now)
      const response = await fetch(`${system.url}/control`, { method: 'POST', body: JSON.stringify(order) })
      const reply = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(JSON.stringify(reply))
      return reply
    },
    kill,
    restart: launch,
    close: async () => {
      await kill()
      rmSync(home, { recursive: true, force: true })
    },
  }
  return system
}

/** Its public key, on record for the peer. */
export const giveKey = async (
  p: Pick<Platform, 'runtime' | 'clock'>,
  system: PublicitySystem,
  peerId: string,
): Promise<void> => {
  const reply = (await (await fetch(`${system.url}/keys`)).json()) as { keys: (PublicKey & { kid: string })[] }
  const [key] = reply.keys
  const { kid, ...jwk } = key!
  const { kty, crv, x } = jwk as Extract<PublicKey, { kty: 'OKP' }>
  await inTx(systemCtx(p.runtime, 'test'), (tx) =>
    insertPeerKey(tx, peerId, {
      id: newId(),
      keyId: kid,
      algorithm: 'ed25519',
      publicKey: { kty, crv, x },
      validFrom: '2020-01-01T00:00:00.000Z' as Instant,
      validUntil: null,
      revokedAt: null,
      addedAt: p.clock.now(),
    }),
  )
}

/** Makes the two known to each other: the peer pushes to it, and its key is on record. */
export const acquaint = async (
  p: Platform,
  system: PublicitySystem,
  items = ['penalty', 'abnormal_list', 'serious_list'],
): Promise<string> => {
  const peer = await createPeer(p.ctx(), {
    name: '国家企业信用信息公示系统（广东）',
    kind: 'publicity_system',
    division: '440000',
    items,
    channel: 'necips',
    ackWorkdays: 3,
    takedownWorkdays: 3,
    legalBasis: { zh: '《市场监督管理信用修复管理办法》第二十五条', en: 'SAMR Order 107 art. 25' },
    contact: '',
    code: SOURCE,
    way: 'push',
    direction: 'both',
    settings: { url: `${system.url}/inbox` },
  })
  await giveKey(p, system, peer.id)
  return peer.id
}

export type Case = {
  subjectId: string
  recordId: string
  code: string
  name: string
  documentNumber: string
  /** As the other system's own casework has it. */
  theirs: Record<string, unknown>
}
export type CaseAsk = {
  n: number
  publishedOn?: string
  decidedOn?: string
  kinds?: PenaltyKind[]
  fineYuan?: number
  discretion?: 'reduced' | 'lighter' | 'ordinary' | null
  field?: string | null
}
export const AUTHORITY_NAME = '广州市天河区市场监督管理局'
/** A penalty of market supervision on a file of its own, as both systems know it. */
export const newCase = async (p: Platform, ask: CaseAsk): Promise<Case> => {
  const { n, kinds = ['fine'], fineYuan = 60_000, discretion = null, field = null } = ask
  const publishedOn = day(ask.publishedOn ?? '2026-10-08')
  const decidedOn = day(ask.decidedOn ?? '2026-10-05')
  const code = codeFrom(`91440106MC7${String(n).padStart(6, '0')}`)
  const name = `广州天衡第${n}商贸有限公司`
  const documentNumber = `穗天市监罚〔2026〕${9000 + n}号`
  const { subjectId, recordId } = await inTx(p.ctx(), async (tx) => {
    const [subject] = await resolveSubjects(tx, p.ctx(), [{ kind: 'enterprise', name, uscc: code, division: '440106' }])
    if (!subject?.ok) throw new Error('no subject')
    const [outcome] = await storeRecords(tx, p.ctx(), [
      penalty(subject.subjectId, n, {
        docNo: documentNumber,
        authorityName: AUTHORITY_NAME,
        authorityKey: nameKey(AUTHORITY_NAME),
        decidedOn,
        publishedOn,
        fields: {
          subject_name: name,
          doc_no: documentNumber,
          facts: '当事人未按规定明码标价。',
          penalty_kinds: kinds,
          content: '罚款',
          fine: String(fineYuan / 10_000),
          decided_on: decidedOn,
          ...(field ? { field } : {}),
        },
        secret: null,
        facts: factsOf({
          system: 'market_supervision',
          decidedOn,
          publishedOn,
          penaltyKinds: kinds,
          fineYuan,
          discretion,
          field,
          sectorClass: 'general',
        }),
      }),
    ])
    return { subjectId: subject.subjectId, recordId: outcome!.recordId }
  })
  const theirs = {
    item: 'penalty',
    subjectCode: code,
    subjectName: name,
    authority: AUTHORITY_NAME,
    documentNumber,
    publishedOn,
    kinds,
    fine: fineYuan / 10_000,
    discretion,
    field,
    restrictedUntil: null,
  }
  return { subjectId, recordId, code, name, documentNumber, theirs }
}
