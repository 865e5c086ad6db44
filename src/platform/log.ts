import { type Logger, pino } from 'pino'
import type { Config } from './config.ts'

/** Logs carry codes and ids, never names, identity numbers, query values or cookies. */
export const openLog = (config: Pick<Config, 'logLevel'>): Logger =>
  pino({
    level: config.logLevel,
    base: undefined,
    redact: {
      paths: ['req.headers', 'headers', 'password', 'params', 'parameters', 'detail', '*.params', '*.detail'],
      remove: true,
    },
    serializers: {
      err: (e: Error & { code?: string }) => ({ type: e.name, message: e.message, code: e.code, stack: e.stack }),
    },
  })
