/** The processes of a run: servers, the load, importers. Whatever happens, none outlives the run. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadAsk, LoadTold, Sent } from './load.ts'
import type { ReaderAsk, ReaderTold } from './reader.ts'

/** As `npm start` runs the platform, and everything that it is measured against: its pages are read in a few collections. */
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64']
/** As the command line runs: a small young generation keeps the memory of an import down. */
const IMPORT_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16']
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})
const kept = (child: ChildProcess): ChildProcess => {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url))
/** What is measured runs as it does in use; a profile is written where XINHENG_PROFILE names a folder. */
const flags = (name: string, own = FLAGS): string[] => {
  const folder = process.env.XINHENG_PROFILE
  return folder ? [...own, '--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`] : own
}

export const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

export type Server = { port: number; url: string; pid: number; stop: () => Promise<void> }

/** Starts a program that says where it listens. What it logs after that are faults: they are shown. */
const listening = (file: string, env: Record<string, string>): Promise<Server> =>
  new Promise((resolve, reject) => {
    const child = kept(
      spawn(process.execPath, [...flags(file.replaceAll(/\W+/g, '-')), pathOf(file)], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (!port) return
      child.stdout?.removeAllListeners('data').on('data', (lines: Buffer) => process.stderr.write(lines))
      resolve({ port: Number(port), url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => stopped(child) })
    })
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })

/** The platform itself, as `npm start` runs it. */
export const startPlatform = (env: Record<string, string>): Promise<Server> =>
  listening('../src/server.ts', { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', NODE_ENV: 'production', ...env })
export const startBare = (databaseUrl: string): Promise<Server> =>
  listening('./bare.ts', { DATABASE_URL: databaseUrl, NODE_ENV: 'production' })

export const startReceiver = (): Promise<Server> => listening('./receiver.ts', { NODE_ENV: 'production' })

/** Sends a message, waits for the answer. */
const asking =
  (child: ChildProcess, name: string) =>
  (ask: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${name} ended with ${code}`))
      child.once('exit', onExit)
      child.once('message', (told) => {
        child.off('exit', onExit)
        resolve(told)
      })
      child.send(ask as object)
    })

export type Ran = Extract<LoadTold, { kind: 'ran' }>
export type Load = {
  load: (set: string, requests: Sent[]) => Promise<void>
  run: (ask: Omit<Extract<LoadAsk, { kind: 'run' }>, 'kind'>) => Promise<Ran>
  stop: () => Promise<void>
}
export const startLoad = (): Load => {
  const child = kept(fork(pathOf('./load.ts'), { execArgv: FLAGS, serialization: 'advanced' }))
  const ask = asking(child, 'the load') as (ask: LoadAsk) => Promise<LoadTold>
  return {
    load: async (set, requests) => {
      await ask({ kind: 'load', set, requests })
    },
    run: async (run) => {
      const told = await ask({ kind: 'run', ...run })
      if (told.kind !== 'ran') throw new Error(told.kind === 'failed' ? told.message : told.kind)
      if (told.refused) throw new Error(`${told.refused} of ${told.answers} requests of ${run.set} were refused`)
      return told
    },
    stop: () => stopped(child),
  }
}

export type Reader = { pid: number; read: (ask: ReaderAsk) => Promise<number>; stop: () => Promise<void> }
export const startReader = (): Reader => {
  const child = kept(fork(pathOf('./reader.ts'), { execArgv: FLAGS }))
  const ask = asking(child, 'the reader') as (ask: ReaderAsk) => Promise<ReaderTold>
  return {
    pid: child.pid ?? 0,
    read: async (what) => {
      const told = await ask(what)
      if ('failed' in told) throw new Error(told.failed)
      return told.rows
    },
    stop: () => stopped(child),
  }
}

export type ImportAsk = { env: Record<string, string>; path: string; authority: string }
export type Imported = { submissionId: string; rows: number; seconds: number; peakMb: number; cpuSeconds: number }
export type ReadAsk = { env: Record<string, string>; path: string }
export type Read = { rows: number; seconds: number; cpuSeconds: number }

let forked = 0
const childDoes = async <T>({ env, ...ask }: ImportAsk | ReadAsk): Promise<T> => {
  const child = kept(
    fork(pathOf('./import-child.ts'), {
      execArgv: flags(`import-${++forked}`, IMPORT_FLAGS),
      env: { ...process.env, LOG_LEVEL: 'error', NODE_ENV: 'production', ...env },
    }),
  )
  const told = (await asking(child, 'the import')(ask)) as T | { failed: string }
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
  if (told !== null && typeof told === 'object' && 'failed' in told) throw new Error(told.failed)
  return told as T
}
/** One import in a process of its own, so that its memory is its own. */
export const importIn = (ask: ImportAsk): Promise<Imported> => childDoes(ask)
/** The reader of files alone, in a process like it. */
export const readIn = (ask: ReadAsk): Promise<Read> => childDoes(ask)
