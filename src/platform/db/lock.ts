import { randomUUID } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

type Holder = { token: string; pid: number; started: string; space: string }
export type Lock = { release(): void }

/** Another process has this folder open; the message is the one line that a person is told. */
export class DatabaseLocked extends Error {
  readonly code = 'DATABASE_LOCKED'
  constructor(path: string, holder: Holder) {
    const where = holder.space === space() ? '' : ` @ ${holder.space}`
    super(
      `数据目录 ${dirname(path)} 正由进程 ${holder.pid}${where} 使用，同一时间只能有一个进程打开它。 / ` +
        `The data folder ${dirname(path)} is in use by process ${holder.pid}${where}; only one process may open it at a time.`,
    )
    this.name = 'DatabaseLocked'
  }
}

const BEAT_MS = 2_000
/** Where a process id means nothing (another container or machine on the same volume), silence this long means it is gone. */
const SILENCE_MS = 10_000

const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Where process ids are comparable: one machine, one boot, one process-id namespace. */
const space = () =>
  [
    hostname(),
    quietly(() => readlinkSync('/proc/self/ns/pid')) ?? process.platform,
    (quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '').trim().slice(0, 8),
  ].join(' ')

/** When a process started, so that a process id given out again is not taken for the holder. Empty where it cannot be known. */
const startOf = (pid: number): string => {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

const isZombie = (pid: number) => {
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z'
}

const isAlive = (holder: Holder): boolean => {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return startOf(holder.pid) === holder.started && !isZombie(holder.pid)
}

const read = (path: string): Holder | undefined => quietly(() => JSON.parse(readFileSync(path, 'utf8')) as Holder)
const touchedAt = (path: string) => quietly(() => statSync(path).mtimeMs)

/** A holder elsewhere shows life by touching its lock; we watch for a while before we believe in its silence. */
const beats = async (path: string): Promise<boolean> => {
  const before = touchedAt(path)
  if (before === undefined) return false
  for (let waited = 0; waited < SILENCE_MS; waited += BEAT_MS / 2) {
    await sleep(BEAT_MS / 2)
    if (touchedAt(path) !== before) return true
  }
  return false
}

/** Written aside and linked into place: the lock appears whole or not at all, and only where there is none. */
const place = (path: string, mine: Holder): boolean => {
  const aside = `${path}.${mine.token}`
  writeFileSync(aside, JSON.stringify(mine))
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without hard links.
    return quietly(() => (writeFileSync(path, JSON.stringify(mine), { flag: 'wx' }), true)) ?? false
  } finally {
    unlinkSync(aside)
  }
}

/** Moves a dead holder's lock away; if it turns out to be another's, it is put back. */
const clear = (path: string, dead: Holder | undefined): void => {
  const aside = `${path}.${randomUUID()}`
  if (quietly(() => renameSync(path, aside)) === undefined && touchedAt(aside) === undefined) return
  const moved = read(aside)
  if (moved?.token !== dead?.token) quietly(() => linkSync(aside, path))
  rmSync(aside, { force: true })
}

/** Takes the lock file or throws DatabaseLocked. `onLost` is called if somebody takes it from us all the same. */
export const takeLock = async (path: string, onLost: () => void): Promise<Lock> => {
  mkdirSync(dirname(path), { recursive: true })
  const mine: Holder = { token: randomUUID(), pid: process.pid, started: startOf(process.pid), space: space() }
  while (!place(path, mine)) {
    const holder = read(path)
    if (holder && (holder.space === mine.space ? isAlive(holder) : await beats(path))) {
      throw new DatabaseLocked(path, holder)
    }
    if (holder || touchedAt(path) !== undefined) clear(path, holder)
  }
  const beat = setInterval(() => {
    const now = new Date()
    if (read(path)?.token === mine.token) return quietly(() => utimesSync(path, now, now))
    clearInterval(beat)
    return onLost()
  }, BEAT_MS)
  beat.unref()
  return {
    release() {
      clearInterval(beat)
      if (read(path)?.token === mine.token) rmSync(path, { force: true })
    },
  }
}
