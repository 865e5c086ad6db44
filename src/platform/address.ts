import type { Config } from './config.ts'

/** An address that people outside can open; without PUBLIC_URL, the one that this process listens on. */
export const addressOf = (
  { config: { publicUrl, host, port } }: { config: Pick<Config, 'publicUrl' | 'host' | 'port'> },
  path: string,
): string => `${publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`}${path}`
