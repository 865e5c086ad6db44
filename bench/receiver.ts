/** A healthy peer, in a process of its own: takes what it is pushed, acknowledges each event, and tells how many came by each path. */
import { createServer } from 'node:http'

const counts = new Map<string, number>()
const server = createServer((request, response) => {
  const path = request.url ?? ''
  const answer = (body: unknown) => {
    const text = JSON.stringify(body)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
  }
  if (request.method === 'GET') {
    answer({ count: counts.get(path) ?? 0 })
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (c: Buffer) => chunks.push(c))
  request.once('end', () => {
    const events = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string }[]
    counts.set(path, (counts.get(path) ?? 0) + events.length)
    answer({ acknowledgements: events.map((e) => ({ eventId: e.id, outcome: 'applied', note: '' })) })
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`receiver http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}\n`)
})
process.once('SIGTERM', () => process.exit(0))
