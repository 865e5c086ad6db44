/** Form, file, API, watched folder, exchange table: five ways, one pipeline, one receipt. */
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PrivatePostgres, startPrivatePostgres } from '../../../test/engines/private-postgres.ts'
import { type Table, connect, csv, makeTable, penalty, settleIn } from '../../../test/gateways-world.ts'
import { type Caller, describeEngines } from '../../../test/harness.ts'
import { type SubmissionView, endpoints as collection } from '../collection/contract.ts'
import type { GatewayView } from './contract.ts'

const WAYS = ['form', 'web', 'api', 'folder', 'gateway'] as const
type Way = (typeof WAYS)[number]
type Row = Record<string, string>

let theirs: PrivatePostgres
beforeAll(async () => {
  theirs = await startPrivatePostgres()
}, 60_000)
afterAll(() => theirs.stop())

describeEngines('five ways in', (p, engine) => {
  let w: Awaited<ReturnType<typeof settleIn>>
  let db: Client
  let table: Table
  let folder: GatewayView
  let gateway: GatewayView
  beforeAll(async () => {
    w = await settleIn(p())
    const url = (await theirs.createDatabase(`five_${engine}`)).replace('xinheng@', 'xinheng:x@')
    db = await connect(url)
    const { script } = await (await w.keeper()).tableScript({ item: 'penalty', table: 'five' })
    table = await makeTable(db, 'five', script)
    folder = await w.addFolder('five', 'done')
    gateway = await w.addTable(url, 'five')
  })
  afterAll(() => db.end())

  let signedIn: Promise<Caller> | undefined
  const client = async () => (await (signedIn ??= p().as('water'))).client(collection)
  const latest = async (id: string) => (await (await w.keeper()).listIntakes({ id })).rows[0]!.submission!.id
  let files = 0
  const send: Record<Way, (row: Row) => Promise<string>> = {
    form: async (record) => (await (await client()).submitForm({ item: 'penalty', record })).receipt.id,
    web: async (row) => {
      const file = { name: 'one.csv', body: new TextEncoder().encode(csv([row])) }
      const { id } = await (await client()).submitFile({ item: 'penalty', file })
      for (let n = 0; n < 100 && (await (await client()).getSubmission({ id })).state !== 'done'; n++) await w.pass(1)
      return id
    },
    api: async (record) => {
      const key = await p().withKey({ scopes: ['collect'], authorityId: w.authorityId })
      return (await key.client(collection).pushRecords({ item: 'penalty', record })).receipt.id
    },
    folder: async (row) => {
      const name = `${++files}.csv`
      // Blank lines of its own: the same bytes would be known by their hash, which is another test.
      w.drop('five', name, csv([row]) + '\r\n'.repeat(files))
      w.drop('five', `${name}.done`, '')
      await w.pass()
      await w.settled(folder.id)
      return latest(folder.id)
    },
    gateway: async (row) => {
      await table.put(row)
      await w.pass()
      return latest(gateway.id)
    },
  }
  const outcome = async (id: string): Promise<{ receipt: SubmissionView; verdicts: unknown[] }> => {
    const { rows } = await (await client()).listRows({ id })
    return {
      receipt: await (await client()).getSubmission({ id }),
      verdicts: rows.map((r) => ({ verdict: r.verdict, docNo: r.docNo, problems: r.problems })),
    }
  }

  it('the first takes it in, the second to fifth say that it is held, whichever is first', async () => {
    for (const [n, first] of WAYS.entries()) {
      const row = penalty(800 + n)
      for (const way of [first, ...WAYS.filter((x) => x !== first)]) {
        const { receipt, verdicts } = await outcome(await send[way](row))
        const verdict = way === first ? 'accepted' : 'already_held'
        expect(verdicts, `${first} then ${way}`).toMatchObject([{ verdict, problems: [] }])
        expect(receipt, `${first} then ${way}`).toMatchObject({
          wayIn: way,
          state: 'done',
          received: 1,
          accepted: way === first ? 1 : 0,
          alreadyHeld: way === first ? 0 : 1,
          fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        })
      }
    }
    expect(new Set((await table.answers()).map((r) => r.status))).toEqual(new Set([2, 4]))
  }, 60_000)

  it('what is wrong with a row is said in the same words', async () => {
    const row = penalty(820, { CF_NR_FK: '2000元', CF_JDRQ: '2026-02-30', CF_CFLB: '', CF_XDR_SHXYM: '91440103MA5' })
    const told: unknown[] = []
    for (const way of WAYS) told.push((await outcome(await send[way](row))).verdicts)
    expect(told[0]).toMatchObject([{ verdict: 'refused' }])
    for (const other of told) expect(other).toEqual(told[0])
    const [last] = (await table.answers()).slice(-1)
    expect(last).toMatchObject({ status: 3 })
    const problems = (told[0] as { problems: { field: string; reason: string; mend: string }[] }[])[0]!.problems
    expect(problems.length).toBeGreaterThan(2)
    for (const { field, reason, mend } of problems) {
      expect(last!.error).toContain(`${field}：${reason}`)
      expect(last!.error).toContain(mend)
    }
  }, 60_000)
})
