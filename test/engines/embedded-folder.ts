/** An empty embedded database costs seconds to create; tests start from a copy of one. */
import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/platform/db/index.ts'
import { migrateOnce, migrationsKey } from './migrated.ts'

const release = () => {
  const path = fileURLToPath(new URL('../package.json', import.meta.resolve('@electric-sql/pglite')))
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

export type EmbeddedFolder = { dataDir: string; remove(): void }

/** A data folder with an empty database in it, or with one that the migrations have made. */
export const embeddedFolder = async ({ migrated = false } = {}): Promise<EmbeddedFolder> => {
  const home = join(tmpdir(), `xinheng-embedded-${process.getuid?.() ?? 'user'}`)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const template = join(home, `template-${release()}${migrated ? `-${migrationsKey()}` : ''}`)
  if (!existsSync(template)) {
    const aside = join(home, randomUUID())
    if (migrated) await migrateOnce({ dataDir: aside })
    else await (await openDatabase({ dataDir: aside })).close()
    // Whoever is second finds it there; its own copy is thrown away.
    if (!existsSync(template)) renameSync(aside, template)
    else rmSync(aside, { recursive: true, force: true })
  }
  const dataDir = join(home, `data-${randomUUID()}`)
  cpSync(template, dataDir, { recursive: true })
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  process.once('exit', remove)
  return { dataDir, remove }
}
