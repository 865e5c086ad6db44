/** An authority whose systems cannot call: its penalties, its folders, its own PostgreSQL with exchange tables. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { createAuthority } from '../src/capabilities/access/index.ts'
import { processNext } from '../src/capabilities/collection/index.ts'
import { endpoints } from '../src/capabilities/gateways/contract.ts'
import { runGateways } from '../src/capabilities/gateways/index.ts'
import { type Caller, type Platform, addPerson, codeFrom } from './harness.ts'

export const WATER = '广州市荔湾区水务局'
export const uscc = (n: number): string => codeFrom(`91440103MA5${String(n).padStart(6, '0')}`)
/** One penalty, by the national codes. */
export const penalty = (n: number, change: Record<string, string> = {}): Record<string, string> => ({
  CF_XDR_MC: `广州荔湾水务测试${n}有限公司`,
  CF_XDR_LB: '法人及非法人组织',
  CF_XDR_SHXYM: uscc(n),
  CF_FRDB: '张三丰',
  CF_WSH: `穗荔水罚〔2026〕${n}号`,
  CF_WFXW: '擅自取水',
  CF_SY: '未经批准擅自取水。',
  CF_YJ: '《中华人民共和国水法》第六十九条',
  CF_CFLB: '罚款',
  CF_NR: '罚款2000元',
  CF_NR_FK: '0.2',
  CF_JDRQ: '2026-11-20',
  CF_CFJG: WATER,
  ...change,
})
const HEADINGS = Object.keys(penalty(1))
export const csv = (rows: Record<string, string>[], headings = HEADINGS): string =>
  [headings, ...rows.map((r) => headings.map((h) => r[h] ?? ''))]
    .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
    .join('\r\n')
export const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i)

export type Answered = { seq: number; status: number; error: string | null; receipt: string | null }
export type Table = {
  name: string
  put: (row: Record<string, string>, seq?: number, by?: Client) => Promise<void>
  answers: () => Promise<Answered[]>
}

export const settleIn = async (p: Platform) => {
  const { id: authorityId } = await createAuthority(p.ctx(), {
    code: codeFrom('11440103MB2C00031'),
    name: WATER,
    division: '440103',
    system: 'general',
    duties: ['penalty', 'licence'],
  })
  await addPerson(p, { login: 'water', role: 'collector', authorityId })
  let signedIn: Promise<Caller> | undefined
  const keeper = async () => (await (signedIn ??= p.as('territory_admin'))).client(endpoints)
  /** Time goes by, imports are worked off, everything that is due is looked at once. */
  const pass = async (seconds = 20): Promise<void> => {
    p.clock.advance({ seconds })
    while (await processNext(p.runtime));
    await runGateways(p.runtime)
  }
  /** Until everything that was taken has its answer; the import may be under way in the background. */
  const settled = async (id: string): Promise<void> => {
    const client = await keeper()
    for (let n = 0; n < 100; n++) {
      await pass()
      if ((await client.getGateway({ id })).unanswered === 0) return
      await sleep(30)
    }
    throw new Error('something stays unanswered')
  }
  const root = () => p.runtime.config.foldersDir
  return {
    authorityId,
    keeper,
    pass,
    settled,
    root,
    drop: (folder: string, name: string, body: string | Uint8Array) => writeFileSync(join(root(), folder, name), body),
    inside: (folder: string, sub = '') =>
      readdirSync(join(root(), folder, sub)).filter(
        (n) => !n.startsWith('.') && (sub !== '' || !['done', 'refused'].includes(n)),
      ),
    addFolder: async (path: string, marker: 'stable' | 'done' = 'stable') =>
      (await keeper()).addFolder({ name: `水务 ${path}`, authorityId, item: 'penalty', path, marker, pollSeconds: 5 }),
    addTable: async (connection: string, table: string) =>
      (await keeper()).addTable({
        name: `水务 ${table}`,
        authorityId,
        item: 'penalty',
        connection,
        table,
        pollSeconds: 5,
      }),
  }
}

export const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Made with the platform's own statements. */
export const makeTable = async (db: Client, name: string, script: string): Promise<Table> => {
  await db.query(script)
  return {
    name,
    put: async (row, seq, by = db) => {
      const names = Object.keys(row).map((n) => `"${n.toLowerCase()}"`)
      await by.query(
        `insert into "${name}" (${[...(seq === undefined ? [] : ['xh_seq']), ...names].join(', ')})
         values (${[...(seq === undefined ? [] : [String(seq)]), ...names.map((_, i) => `$${i + 1}`)].join(', ')})`,
        Object.values(row),
      )
    },
    answers: async () =>
      (
        await db.query<Answered>(
          `select xh_seq::int as seq, xh_status::int as status, xh_error as error, xh_receipt as receipt from "${name}" order by xh_seq`,
        )
      ).rows,
  }
}
