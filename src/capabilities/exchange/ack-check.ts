import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Refusal, Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import type { Lang } from '../../kernel/words.ts'
import { readAckFile } from './acknowledgements.ts'
import { type NamedKey, isSignedBy, manifestOf, namingShape, readManifest } from './file-manifest.ts'
import { mustReadPlain, sentencesOf } from './file-place.ts'

const LONGEST = 64 * 1024 * 1024

/**
 * What a peer finds out about a file of acknowledgements before it puts it into its folder: read as the platform reads it,
 * with its manifest beside it. `known` are the events that it may be about.
 */
export const checkAckFile = async (
  path: string,
  ask: { key: NamedKey; known: ReadonlySet<string>; lang: Lang },
): Promise<string[]> => {
  const name = basename(path)
  const faults: Refusal[] = []
  try {
    await mustReadPlain(path, name, LONGEST)
    const manifest = manifestOf(name)
    const read = await readManifest({ path: join(dirname(path), manifest), name: manifest, settled: true }, namingShape)
    if (read.manifest.file !== name) mustNot('MANIFEST_FILE_MISSING', { name: read.manifest.file })
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    if (hash !== read.manifest.sha256.toLowerCase()) faults.push({ code: 'FILE_HASH_DIFFERS', params: { name } })
    if (!isSignedBy(read, [ask.key])) faults.push({ code: 'MANIFEST_NOT_SIGNED', params: { name: manifest } })
    const lines = unwrap(await readAckFile(path, name))
    faults.push(...lines.faults.map((f) => f.refusal))
    for (const { n, eventId: value } of lines.acks)
      if (!ask.known.has(value)) faults.push({ code: 'ACK_EVENT_UNKNOWN', params: { n, value } })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    faults.push(...error.refusals)
  }
  return faults.map((f) => sentencesOf([f], ask.lang))
}
