import { createServer } from 'node:net'
import type { Logger } from 'pino'
import { BadConfig } from './config.ts'
import { DatabaseError, DatabaseLocked } from './db/index.ts'
import { MigrationError } from './migrate.ts'
import { PolicyInvalid } from './policy-files.ts'

/** How a process speaks, stops and fails. */

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Told before any long work, not after it. */
export const mustBeFree = (port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(port, host, () => probe.close(() => resolve()))
  })

const LONGEST_STOP_MS = 20_000

/** First signal: finish and stop. Second: stop at once. */
export const stopOnSignals = (log: Logger, stop: () => Promise<void>): void => {
  let stopping = false
  const onSignal = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    const late = setTimeout(() => process.exit(1), LONGEST_STOP_MS)
    late.unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the stop failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** What a person can mend is told in one line; anything else with its trace. */
export const lineFor = (error: unknown): string | null => {
  if (
    error instanceof BadConfig ||
    error instanceof DatabaseLocked ||
    error instanceof MigrationError ||
    error instanceof PolicyInvalid
  ) {
    return error.message
  }
  const { code, port, syscall, address } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  if (code === 'EADDRINUSE')
    return `端口 ${port} 已被占用，请停止占用它的程序或者改用其他端口（PORT）。 / Port ${port} is in use; stop what uses it or choose another (PORT).`
  if (code === 'EACCES' && syscall === 'listen')
    return `没有权限监听端口 ${port}。 / Not allowed to listen on port ${port}.`
  if ((code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') && syscall !== 'connect') {
    return `本机没有地址 ${address ?? ''}（HOST）。 / This machine has no address ${address ?? ''} (HOST).`
  }
  if (error instanceof DatabaseError)
    return `数据库无法使用：${error.code}。 / The database cannot be used: ${error.code} ${error.message}`
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC') {
    return `数据目录无法写入：${code}。 / The data folder cannot be written: ${(error as Error).message}`
  }
  return null
}

export const tellAndExit = (error: unknown): never => {
  const line = lineFor(error)
  process.stderr.write(`${line ?? (error instanceof Error ? error.stack : String(error))}\n`)
  // 2: refused, with a line that says why; 1: a fault.
  process.exit(line === null ? 1 : 2)
}
