/**
 * The thread of the embedded engine. It gets wire-protocol messages and gives back what the engine answers; the driver
 * on the other side cannot tell it from a socket. A query blocks this thread and no other; ending the thread ends the query.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type PGliteOptions, type postgresMod } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { FromWorker, ToWorker, WorkerStart } from './embedded-thread.ts'

type PostgresMod = postgresMod.PostgresMod

const start = workerData as WorkerStart
const port = parentPort
if (!port) throw new Error('this file runs as a worker')
const tell = (message: FromWorker, moved: ArrayBuffer[] = []) => port.postMessage(message, moved)

const counter = new Int32Array(start.fsyncs)
const syncPath = (path: string) => {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

type OpenFile = { nfd?: number; node: unknown }
type NodeFiles = { stream_ops: { fsync?: (stream: OpenFile) => number }; realPath(node: unknown): string }

/**
 * The engine's file system as it comes has no fsync: commits would survive a killed process and not a power cut. It leans
 * on an internal of the pinned version; a test counts the calls.
 */
class SyncedFS extends NodeFS {
  override async init(pg: PGlite, given: Partial<PostgresMod>): Promise<{ emscriptenOpts: Partial<PostgresMod> }> {
    const { emscriptenOpts } = await super.init(pg, given)
    const addFsync = (mod: PostgresMod) => {
      const files = (mod as unknown as { NODEFS: NodeFiles }).NODEFS
      files.stream_ops.fsync = (stream) => {
        Atomics.add(counter, 0, 1)
        if (stream.nfd === undefined) syncPath(files.realPath(stream.node))
        else fsyncSync(stream.nfd)
        return 0
      }
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } }
  }
}

const SETTINGS = {
  search_path: 'public',
  exit_on_error: 'false',
  log_checkpoints: 'false',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  io_method: 'sync',
  fsync: 'on',
  wal_sync_method: 'fsync',
  ...start.session,
}
const startParams = ['--single', '-O', '-j', ...Object.entries(SETTINGS).flatMap(([k, v]) => ['-c', `${k}=${v}`])]

const engineOn = (folder: string | null): Promise<PGlite> => {
  const options: PGliteOptions = { startParams, onStderr: () => false, onStdout: () => false }
  return PGlite.create(folder ? { ...options, fs: new SyncedFS(folder) } : options)
}

const syncTree = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) syncTree(path)
    else if (entry.isFile()) syncPath(path)
  }
  syncPath(folder)
}

/** A new database is built aside and renamed when it is whole: a start that is killed leaves nothing half made. */
const create = async (folder: string): Promise<void> => {
  const aside = `${folder}.new`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true })
  const pg = await engineOn(aside)
  await pg.close()
  syncTree(aside)
  renameSync(aside, folder)
  syncPath(dirname(folder))
}

const open = async (): Promise<PGlite> => {
  if (!start.folder) return engineOn(null)
  if (!existsSync(join(start.folder, 'PG_VERSION'))) await create(start.folder)
  // What an ended query spilled to disk: a server clears it when it starts, this engine does not.
  rmSync(join(start.folder, 'base', 'pgsql_tmp'), { recursive: true, force: true })
  return engineOn(start.folder)
}

const LUMP = 64 * 1024
const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/**
 * Answers in lumps, so that a large result neither waits for its end nor comes as thousands of messages. The last one says
 * that the engine is free again: the client sends its next message as soon as it sees the end of this answer.
 */
const answer = async (pg: PGlite, bytes: Uint8Array): Promise<void> => {
  let lump: Uint8Array[] = []
  let size = 0
  const post = (kind: 'data' | 'done') => {
    const whole = joined(lump)
    lump = []
    size = 0
    tell({ kind, bytes: whole }, [whole.buffer])
  }
  await pg.execProtocolRawStream(bytes, {
    syncToFs: false,
    onRawData: (part) => {
      if (size >= LUMP) post('data')
      lump.push(part.slice())
      size += part.length
    },
  })
  post('done')
}

/** As much of a Blob as the engine asks for: a real one copies the bytes twice, and reads them on the loop of a thread that may end. */
const asBlob = ({ buffer, byteOffset, byteLength }: Uint8Array): Blob =>
  ({ arrayBuffer: async () => buffer.slice(byteOffset, byteOffset + byteLength) }) as unknown as Blob

const obey = async (pg: PGlite, message: ToWorker): Promise<void> => {
  switch (message.kind) {
    case 'protocol':
      return answer(pg, message.bytes)
    case 'copy': {
      const { affectedRows } = await pg.query(`${message.statement} '/dev/blob'`, [], { blob: asBlob(message.lines) })
      return tell({ kind: 'copied', rows: affectedRows ?? 0 })
    }
    case 'reset':
      await pg.exec('rollback; discard all')
      return tell({ kind: 'done' })
    case 'close':
      await pg.exec('rollback; checkpoint')
      await pg.close()
      tell({ kind: 'done' })
      return port.close()
  }
}

/** A class instance of the engine's loses its fields on the way to the other thread; these travel as plain data. */
const plain = (error: unknown): FromWorker => {
  const { message, code, schema, table, column, constraint, where, hint } = error as Record<string, string | undefined>
  return {
    kind: 'failed',
    message: message ?? String(error),
    fields: { code, schema, table, column, constraint, where, hint },
  }
}

try {
  const pg = await open()
  const { rows } = await pg.query<{ server_version: string }>('show server_version')
  let last: Promise<void> = Promise.resolve()
  port.on('message', (message: ToWorker) => {
    last = last.then(() => obey(pg, message)).catch((error: unknown) => tell(plain(error)))
  })
  tell({ kind: 'ready', version: rows[0]?.server_version ?? '' })
} catch (error) {
  tell(plain(error))
}
