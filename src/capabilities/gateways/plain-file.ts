import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Refusal, refuse } from '../../kernel/decision.ts'

/** As an upload may be. */
export const LONGEST_FILE = 512 * 1024 * 1024
export const NO_FOLLOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

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
