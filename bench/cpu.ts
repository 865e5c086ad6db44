/**
 * What a unit costs in time of the processor, beside what it takes by the clock: on a machine that others use as well the one is
 * steadier than the other. From /proc; where there is none, nothing is told.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { Client } from 'pg'

const TICK_MS = 10
const fieldsOf = (pid: number): string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
const parentOf = (pid: number): number => Number(fieldsOf(pid)[1])
const spentBy = (pid: number): number => {
  const [user = 0, sys = 0] = fieldsOf(pid).slice(11, 13).map(Number)
  return (user + sys) * TICK_MS
}
/** Of children that have ended and were waited for. */
const spentByGone = (pid: number): number => {
  const [user = 0, sys = 0] = fieldsOf(pid).slice(13, 15).map(Number)
  return (user + sys) * TICK_MS
}
const all = (): number[] => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** The process that a backend was started by, so that all of the server's processes can be counted. */
export const serverPid = async (url: string): Promise<number> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = parentOf(rows[0]?.pid ?? 0)
  await client.end()
  return pid
}

/** Milliseconds that a process, or a server with all its backends, has spent so far. */
export const spent = (pid: number, withChildren = false): number =>
  spentBy(pid) +
  (withChildren
    ? spentByGone(pid) + all().reduce((sum, child) => sum + (parentOf(child) === pid ? spentBy(child) : 0), 0)
    : 0)

const affinity = (...args: string[]): string => execFileSync('taskset', args, { encoding: 'utf8', stdio: 'pipe' })
/** A server with its backends, and whatever this process starts, on one core while `work` runs; null where that cannot be set. */
export const onOneCore = async <T>(server: number, work: () => Promise<T>): Promise<T | null> => {
  const move = (mask: string): void => {
    for (const pid of [process.pid, server, ...all().filter((pid) => parentOf(pid) === server)])
      affinity('-ap', mask, String(pid))
  }
  let before: string
  try {
    before = affinity('-p', String(server)).split(':').at(-1)!.trim()
    move('1')
  } catch {
    return null
  }
  try {
    return await work()
  } finally {
    move(before)
  }
}

/** Gathers what the runs of one side have cost. */
export const costs = (processes: readonly { name: string; pid: number; withChildren?: boolean }[]) => {
  const sums = processes.map(() => 0)
  let units = 0
  return {
    during: async <T>(work: () => Promise<T>, unitsOf: (done: T) => number): Promise<T> => {
      const before = processes.map((p) => spent(p.pid, p.withChildren))
      const done = await work()
      processes.forEach((p, i) => (sums[i] = (sums[i] ?? 0) + spent(p.pid, p.withChildren) - (before[i] ?? 0)))
      units += unitsOf(done)
      return done
    },
    /** What was gathered while things got warm is forgotten. */
    reset: (): void => {
      sums.fill(0)
      units = 0
    },
    /** In microseconds a unit: `app 310 + database 420 µs`. */
    words: (): string =>
      units
        ? `${processes.map((p, i) => `${p.name} ${Math.round(((sums[i] ?? 0) * 1000) / units)}`).join(' + ')} µs`
        : '',
  }
}
