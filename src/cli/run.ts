import { fileURLToPath } from 'node:url'
import { listAuthorities } from '../capabilities/access/index.ts'
import { seedIfEmpty } from '../app.ts'
import { openDatabase } from '../platform/db/index.ts'
import { migrate } from '../platform/migrate.ts'
import { type Run, decline, noArguments } from './io.ts'
import { configOf, withPlatform } from './open.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The process lives on after the command: the server has the signals. */
export const serve: Run = async (ask) => {
  noArguments(ask)
  await import('../server.ts')
  return undefined
}

export const worker: Run = async (ask) => {
  noArguments(ask)
  await import('../worker.ts')
  return undefined
}

export const migrateOnly: Run = async (ask) => {
  noArguments(ask)
  const { dataDir, databaseUrl } = configOf(ask)
  const db = await openDatabase({ dataDir, ...(databaseUrl ? { databaseUrl } : {}) })
  try {
    const applied = await migrate(db, MIGRATIONS)
    const zh = applied.length ? `已执行：${applied.join('、')}` : '数据库结构已是最新。'
    const en = applied.length ? `applied: ${applied.join(', ')}` : 'The database is up to date.'
    return { exit: 0, data: { engine: db.engine, version: db.version, applied }, lines: [ask.lang === 'zh' ? zh : en] }
  } finally {
    await db.close()
  }
}

export const seed: Run = async (ask) => {
  noArguments(ask)
  return withPlatform(ask, async (ctx) => {
    if (ctx.config.production)
      decline('PRODUCTION', '生产环境不装入演示数据。', 'The demonstration is not loaded in production.')
    if ((await listAuthorities(ctx.db.kysely)).length) {
      decline(
        'NOT_EMPTY',
        '数据库中已有数据；演示数据只装入空数据库。',
        'The database holds data; the demonstration goes into an empty one only.',
      )
    }
    const lines: string[] = []
    await seedIfEmpty(ctx, (line) => {
      lines.push(line)
      ask.say(line)
    })
    return { exit: 0, data: { lines }, lines: [] }
  })
}
