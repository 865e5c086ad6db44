import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { destination, pino } from 'pino'
import { openRuntime } from '../app.ts'
import { sealAudit } from '../platform/audit.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { type Ctx, systemCtx } from '../platform/context.ts'
import { jurisdictionCodes } from '../platform/policy-files.ts'
import { type Ask, decline } from './io.ts'

export const configOf = (ask: Pick<Ask, 'env'>): Config => readConfig(ask.env, jurisdictionCodes())

/** Commands that look at data do not make an empty database on the way. */
export const mustHoldData = (config: Config): void => {
  if (config.databaseUrl || existsSync(join(config.dataDir, 'database'))) return
  decline(
    'NO_DATA',
    `${config.dataDir} 中没有数据库；请用 DATA_DIR 指定数据目录，或者先运行 xinheng serve。`,
    `There is no database in ${config.dataDir}; name the data folder by DATA_DIR, or run xinheng serve first.`,
  )
}

/** The platform opened for one command: standard output belongs to the answer, so the log goes to standard error. */
export const withPlatform = async <T>(ask: Ask, work: (ctx: Ctx) => Promise<T>): Promise<T> => {
  const config = configOf(ask)
  const level = ask.env.LOG_LEVEL?.trim() ? config.logLevel : 'error'
  const runtime = await openRuntime(ask.env, {
    log: pino({ level, base: undefined }, destination({ fd: 2, sync: true })),
  })
  try {
    return await work({ ...systemCtx(runtime, 'cli'), lang: ask.lang, requestId: 'cli' })
  } finally {
    // No server may ever run on this database: what the command did is sealed before it ends.
    try {
      await sealAudit(runtime)
    } finally {
      await runtime.db.close()
    }
  }
}
