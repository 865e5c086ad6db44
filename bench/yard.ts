/** Where a run happens: a private PostgreSQL on loopback, a folder of its own, and whatever more than one figure needs. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PrivatePostgres, startPrivatePostgres } from '../test/engines/private-postgres.ts'

/** Room enough that no checkpoint falls into one side of a round; commits reach the disk as they do in use. */
const SETTINGS = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  maintenance_work_mem: '512MB',
}

export type Yard = {
  folder: string
  /** A data folder of that name, made when it is first asked for. */
  dataDir: (name: string) => string
  /** A database of that name, empty when it is first asked for. */
  database: (name: string) => Promise<string>
  /** Made once, for all figures that need it. */
  once: <T>(name: string, make: () => Promise<T>) => Promise<T>
  version: () => string
  close: () => Promise<void>
}

export const openYard = (): Yard => {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  let server: PrivatePostgres | undefined
  const made = new Map<string, Promise<unknown>>()
  const once = <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const held = made.get(name) ?? make()
    made.set(name, held)
    return held as Promise<T>
  }
  return {
    folder,
    dataDir: (name) => {
      const path = join(folder, `data-${name}`)
      mkdirSync(path, { recursive: true })
      return path
    },
    database: (name) =>
      once(`database ${name}`, async () => {
        server ??= await startPrivatePostgres({ settings: SETTINGS })
        return server.createDatabase(name)
      }),
    once,
    version: () => server?.version ?? '',
    close: async () => {
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
