/**
 * The load, in a process of its own so that it takes no turn from what it measures: some kept-alive connections, one
 * request at a time on each. It speaks as much HTTP/1.1 as the servers here do and no more.
 */
import { type Socket, connect } from 'node:net'

export type Sent = { method?: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }
export type LoadAsk =
  | { kind: 'load'; set: string; requests: Sent[] }
  /** `ms`: round and round for a time. `count`: that many, each once, going on where the last run stopped. */
  | { kind: 'run'; set: string; port: number; connections: number; ms?: number; count?: number }
export type LoadTold =
  | { kind: 'loaded' }
  | { kind: 'ran'; perSecond: number; answers: number; refused: number; p50: number; p99: number }
  | { kind: 'failed'; message: string }

type RequestSet = { requests: Buffer[]; next: number }
const sets = new Map<string, RequestSet>()

const bytesOf = ({ method = 'GET', path, headers = {}, body }: Sent): Buffer => {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', 'connection: keep-alive']
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

type Run = {
  take: () => Buffer | null
  done: (ms: number, good: boolean) => void
}

const LENGTH = /\r\ncontent-length: (\d+)/i

/** One connection: sends, reads to the end of the answer, sends again, until there is nothing more to take. */
const drive = (socket: Socket, run: Run): Promise<void> =>
  new Promise((resolve, reject) => {
    let held: Buffer | null = null
    let missing = -1
    let good = false
    let sentAt = 0
    const send = (): void => {
      const request = run.take()
      if (!request) {
        socket.destroy()
        resolve()
        return
      }
      missing = -1
      sentAt = performance.now()
      socket.write(request)
    }
    const finish = (): void => {
      run.done(performance.now() - sentAt, good)
      send()
    }
    socket.on('data', (chunk) => {
      if (missing >= 0) {
        missing -= chunk.length
        if (missing <= 0) finish()
        return
      }
      held = held ? Buffer.concat([held, chunk]) : chunk
      const end = held.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = held.toString('latin1', 0, end)
      const length = LENGTH.exec(head)?.[1]
      if (length === undefined) {
        reject(new Error(`an answer without a length: ${head.slice(0, 200)}`))
        return
      }
      good = head.startsWith('HTTP/1.1 2')
      missing = Number(length) - (held.length - end - 4)
      held = null
      if (missing <= 0) finish()
    })
    socket.once('error', reject)
    socket.once('close', () => (missing > 0 ? reject(new Error('the server hung up')) : resolve()))
    send()
  })

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })

const carryOut = async (ask: Extract<LoadAsk, { kind: 'run' }>): Promise<LoadTold> => {
  const set = sets.get(ask.set)
  if (!set) throw new Error(`no requests ${ask.set}`)
  const sockets = await Promise.all(Array.from({ length: ask.connections }, () => opened(ask.port)))
  const times: number[] = []
  let refused = 0
  let left = ask.count ?? Number.POSITIVE_INFINITY
  const began = performance.now()
  const until = began + (ask.ms ?? Number.POSITIVE_INFINITY)
  const run: Run = {
    take: () => {
      if (left-- <= 0 || performance.now() >= until) return null
      if (ask.count !== undefined && set.next >= set.requests.length) throw new Error(`${ask.set} has run out`)
      return set.requests[set.next++ % set.requests.length] ?? null
    },
    done: (ms, good) => {
      times.push(ms)
      if (!good) refused++
    },
  }
  await Promise.all(sockets.map((socket) => drive(socket, run)))
  const seconds = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { kind: 'ran', perSecond: times.length / seconds, answers: times.length, refused, p50: at(0.5), p99: at(0.99) }
}

const tell = (told: LoadTold) => process.send?.(told)

process.on('message', (ask: LoadAsk) => {
  if (ask.kind === 'load') {
    sets.set(ask.set, { requests: ask.requests.map(bytesOf), next: 0 })
    tell({ kind: 'loaded' })
    return
  }
  carryOut(ask).then(tell, (error: unknown) => tell({ kind: 'failed', message: String(error) }))
})
process.on('disconnect', () => process.exit(0))
