/**
 * The floor: Fastify and `pg` and nothing else, in a process of its own like the platform's. Its queries are prepared by name
 * and bring the same rows, so that what is compared is what the platform does around them.
 */
import { fastify } from 'fastify'
import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import { types } from '../src/platform/db/parse.ts'

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10, types })
const app = fastify({ logger: false })

const BY_KEY = `select id, item, authority_name as "authorityName", doc_no as "docNo", decided_on as "decidedOn", version, class, basis,
  shown_from as "shownFrom", shown_until as "shownUntil", earliest, fields
  from records.record where subject_id = $1`
app.get<{ Params: { subject: string } }>('/records/:subject', async (request) => {
  const { rows } = await pool.query({ name: 'by_key', text: BY_KEY, values: [request.params.subject] })
  return rows
})

const NAMES = (grams: string) => `select name, kind, uscc as code, division, status from subjects.subject
  where ${grams}(name_key) @> array[$1] and name_key like $2 and kind <> 'natural_person' limit 50`
const BY_PAIR = NAMES('subjects.bigrams')
const BY_TRIPLE = NAMES('subjects.trigrams')
app.get<{ Querystring: { q: string } }>('/names', async (request) => {
  const { q } = request.query
  const pair = q.length === 2
  const { rows } = await pool.query({
    name: pair ? 'by_pair' : 'by_triple',
    text: pair ? BY_PAIR : BY_TRIPLE,
    values: [q, `%${q}%`],
  })
  return { rows }
})

app.post<{ Params: { id: string }; Body: { seen: number; note: string } }>(
  '/items/:id/grant',
  async (request, reply) => {
    const { id } = request.params
    const client = await pool.connect()
    try {
      await client.query('begin')
      const { rowCount } = await client.query({
        name: 'update',
        text: `update bench.item set state = 'granted', version = version + 1 where id = $1 and version = $2`,
        values: [id, request.body.seen],
      })
      if (rowCount !== 1) {
        await client.query('rollback')
        return await reply.code(409).send({ code: 'STALE' })
      }
      const details = JSON.stringify({ from: 'accepted', to: 'granted', note: request.body.note })
      for (const table of ['act', 'event']) {
        await client.query({
          name: table,
          text: `insert into bench.${table} (id, item_id, at, details) values ($1, $2, now(), $3)`,
          values: [randomUUID(), id, details],
        })
      }
      await client.query('commit')
      return { id, state: 'granted', version: request.body.seen + 1 }
    } catch (error) {
      await client.query('rollback')
      throw error
    } finally {
      client.release()
    }
  },
)

await app.listen({ port: 0, host: '127.0.0.1' })
const address = app.server.address()
process.stdout.write(`bare http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}\n`)
process.once('SIGTERM', () => process.exit(0))
