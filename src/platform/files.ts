import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newToken } from './crypto.ts'

const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A file that was made or renamed is there after a power cut only when its folder has been synced. */
export const syncFolder = syncPath

/** Content-addressed files: written whole, synced, then named by their SHA-256. The same content is stored once. */
export type FileStore = {
  put: (body: Readable, limit: number) => Promise<{ hash: string; bytes: number }>
  pathOf: (hash: string) => string
  /** Opened when its first part is asked for: a file that is gone is the reader's error, never one that nobody awaits. */
  read: (hash: string) => AsyncIterable<Uint8Array>
}

/** A body was longer than its limit; nothing of it is kept. */
export class TooLarge extends Error {}

async function* parts(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path)
}

export const openFiles = (dataDir: string): FileStore => {
  const root = join(dataDir, 'files')
  const incoming = join(root, 'incoming')
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  const pathOf = (hash: string) => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error('not a file hash')
    return join(root, hash.slice(0, 2), hash)
  }
  return {
    pathOf,
    read: (hash) => parts(pathOf(hash)),
    put: async (body, limit) => {
      const temp = join(incoming, newToken(12))
      const hasher = createHash('sha256')
      let bytes = 0
      try {
        await pipeline(
          body,
          async function* (source: AsyncIterable<Uint8Array>) {
            for await (const chunk of source) {
              bytes += chunk.length
              if (bytes > limit) throw new TooLarge(`more than ${limit} bytes`)
              hasher.update(chunk)
              yield chunk
            }
          },
          createWriteStream(temp, { mode: 0o600 }),
        )
        await syncPath(temp)
        const hash = hasher.digest('hex')
        const target = pathOf(hash)
        if (mkdirSync(join(root, hash.slice(0, 2)), { recursive: true, mode: 0o700 })) await syncFolder(root)
        const held = await stat(target).catch(() => null)
        if (held) await rm(temp)
        else await rename(temp, target)
        await syncFolder(join(root, hash.slice(0, 2)))
        return { hash, bytes }
      } catch (error) {
        await rm(temp, { force: true })
        throw error
      }
    },
  }
}
