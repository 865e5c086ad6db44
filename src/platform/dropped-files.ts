import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Refusal, mustNot, refuse } from '../kernel/decision.ts'
import { syncFolder } from './files.ts'
import { newId } from './ids.ts'

/** Folders that we share with others: nothing leads out of them, and what we write there is whole or not there. */

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''
export const isGone = (error: unknown): boolean => codeOf(error) === 'ENOENT'

/** A folder below the root and nowhere else, whatever links somebody has laid since it was set up. */
export const mustLieInside = async (rootDir: string, path: string): Promise<string> => {
  const root = await realpath(rootDir).catch(() => mustNot('FOLDER_MISSING'))
  const wanted = join(root, ...path.split('/'))
  const real = await realpath(wanted).catch(() => mustNot('FOLDER_MISSING'))
  if (real !== wanted || !`${real}${sep}`.startsWith(`${root}${sep}`)) mustNot('FOLDER_OUTSIDE')
  const found = await lstat(real)
  return found.isDirectory() ? real : mustNot('FOLDER_MISSING')
}
export const ownFolder = async (dir: string, name: string): Promise<string> => {
  const path = join(dir, name)
  await mkdir(path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') mustNot('FOLDER_NOT_WRITABLE')
  })
  const found = await lstat(path).catch(() => null)
  return found?.isDirectory() ? path : mustNot('FOLDER_OUTSIDE')
}

/** When it is set up: the folder is made, so that whoever is to use it finds it. */
export const makeFolder = async (rootDir: string, path: string): Promise<void> => {
  let at = rootDir
  await mkdir(at, { recursive: true }).catch(() => mustNot('FOLDER_NOT_WRITABLE'))
  for (const part of path.split('/')) at = await ownFolder(at, part)
  await mustLieInside(rootDir, path)
}

/** Whole or not at all, and again if need be: written aside, synced, then renamed. */
export const writeWhole = async (
  folder: string,
  name: string,
  body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> => {
  const aside = join(folder, `.${newId()}.part`)
  const handle = await open(aside, 'wx', 0o644)
  try {
    await pipeline(Readable.from(body instanceof Uint8Array ? [body] : body), handle.createWriteStream({ flush: true }))
    await rename(aside, join(folder, name))
    await syncFolder(folder)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
export const moveTo = (from: string, to: string): Promise<void> =>
  rename(from, to).catch((error: unknown) => {
    // Moved already, before a crash.
    if (!isGone(error)) throw error
  })

const LONGEST_BYTES = 150
/** A name leaves room for what is put before and after it; its type stays. */
export const shortName = (name: string): string => {
  const dot = name.lastIndexOf('.')
  const type = dot > 0 ? name.slice(dot).slice(0, 10) : ''
  let stem = Array.from(dot > 0 ? name.slice(0, dot) : name)
  while (Buffer.byteLength(stem.join('') + type) > LONGEST_BYTES) stem = stem.slice(0, -1)
  return stem.join('') + type
}
const gb18030 = new TextDecoder('gb18030')
const utf8 = new TextDecoder('utf-8', { fatal: true })
/** A name as whoever wrote it meant it: shares of older systems give them in GBK. */
export const nameFrom = (raw: Buffer): string => {
  try {
    return utf8.decode(raw)
  } catch {
    return gb18030.decode(raw).replaceAll('/', '_')
  }
}

/** As an upload may be. */
export const LONGEST_FILE = 512 * 1024 * 1024
export const NO_FOLLOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens what somebody else has put there: a plain file of its own, never through a link (it would lead out of the folder),
 * never a pipe (it would hold us up).
 */
export const openPlain = async (
  path: string,
  name: string,
): Promise<{ handle: FileHandle } | { refusals: Refusal[] }> => {
  let handle: FileHandle
  try {
    handle = await open(path, NO_FOLLOW)
  } catch (error) {
    if (['ELOOP', 'EMLINK', 'ENXIO'].includes(codeOf(error))) return refuse('FILE_NOT_PLAIN', { name })
    if (['EACCES', 'EPERM'].includes(codeOf(error))) return refuse('FILE_NOT_READABLE', { name })
    throw error
  }
  const found = await handle.stat()
  const refused =
    !found.isFile() || found.nlink > 1
      ? refuse('FILE_NOT_PLAIN', { name })
      : found.size > LONGEST_FILE
        ? refuse('FILE_TOO_LARGE', { name, limit: '512 MB' })
        : null
  if (!refused) return { handle }
  await handle.close()
  return refused
}
