import type { Pool, QueryResultRow } from 'pg'
import type { Thread } from './embedded-thread.ts'
import { DatabaseError, stripped } from './fault.ts'
import type { DatabaseConfig } from './types.ts'

const CHECKPOINT_EVERY_MS = 60_000
const VACUUM_EVERY_MS = 3_600_000
/** Less log than this since the last time, and a checkpoint or a vacuum is not worth the pause. */
const CHECKPOINT_BYTES = 8 * 1024 * 1024
const VACUUM_BYTES = 64 * 1024 * 1024
const NO_SUCH_TABLE = '42P01'

type Table = { name: string }
const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname not in ('pg_catalog', 'information_schema') order by 1`

/** Checkpoint and vacuum: the embedded engine has no background processes, so its log and dead rows are ours to clear. */
export class Upkeep {
  readonly #pool: Pool
  readonly #thread: Thread
  readonly #log: NonNullable<DatabaseConfig['log']>
  readonly #timers: NodeJS.Timeout[] = []
  #checkpointed = 0
  #vacuumed = 0
  #running: Promise<void> | null = null
  #stopping = false

  constructor(pool: Pool, thread: Thread, config: DatabaseConfig) {
    this.#pool = pool
    this.#thread = thread
    this.#log = config.log ?? (() => {})
    this.#every(config.checkpointEveryMs ?? CHECKPOINT_EVERY_MS, async () => {
      if ((await this.#written()) - this.#checkpointed >= CHECKPOINT_BYTES) await this.checkpoint()
    })
    this.#every(config.vacuumEveryMs ?? VACUUM_EVERY_MS, async () => {
      if ((await this.#written()) - this.#vacuumed >= VACUUM_BYTES) await this.vacuum()
    })
  }

  /** Both, once for however many ask while it runs; an end waits for it. */
  all(): Promise<void> {
    return (this.#running ??= this.vacuum()
      .then(() => (this.#stopping ? undefined : this.checkpoint()))
      .finally(() => (this.#running = null)))
  }

  async checkpoint(): Promise<void> {
    await this.run('checkpoint')
    this.#checkpointed = await this.#written()
  }

  /** One table at a time, so that others get their turn in between. */
  async vacuum(): Promise<void> {
    for (const { name } of await this.run<Table>(TABLES)) {
      if (this.#stopping) return
      // A table may have gone since the list was made.
      await this.run(`vacuum (analyze) ${name}`).catch((error: unknown) => {
        if (!(error instanceof DatabaseError) || error.code !== NO_SUCH_TABLE) throw error
      })
    }
    this.#vacuumed = await this.#written()
  }

  /** Waits for what runs now; nothing starts after it. */
  async stop(): Promise<void> {
    this.#stopping = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#running
  }

  async run<R extends QueryResultRow>(statement: string): Promise<R[]> {
    const client = await this.#pool.connect()
    this.#thread.limited = false
    try {
      return (await client.query<R>(statement)).rows
    } catch (error) {
      throw stripped(error)
    } finally {
      this.#thread.limited = true
      client.release()
    }
  }

  async #written(): Promise<number> {
    const rows = await this.run<{ bytes: string }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
    )
    return Number(rows[0]?.bytes ?? 0)
  }

  #every(ms: number, work: () => Promise<void>): void {
    if (!ms) return
    const tick = async () => {
      try {
        await work()
      } catch (error) {
        this.#log('database upkeep failed', { error })
      } finally {
        this.#running = null
      }
    }
    const timer = setInterval(() => void (this.#running ??= tick()), ms)
    this.#timers.push(timer.unref())
  }
}
