import { createReadStream } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StoredFile } from '../../kernel/api.ts'
import { mustNot } from '../../kernel/decision.ts'
import type { Ctx } from '../../platform/context.ts'
import { type Dropped, type FileJob, mustReadPlain } from './file-place.ts'
import { canonical } from './formats.event.ts'
import { verifierOf } from './keys.ts'
import { usableKeys } from './store.keys.ts'
import * as store from './store.ways.ts'
import type { PublicKey } from '../../platform/signatures.ts'
import { ALGORITHMS, type Algorithm, FORMATS } from './words.ts'

/**
 * Whatever a peer puts into its folder counts by a manifest, written last, that names the file and its hash and bears the peer's
 * signature: events that it hands in, and its acknowledgements, which stand in the receipts that enterprises see.
 */

const ENDS = '.manifest.json'
/** Beside the file, where nothing else is agreed. */
export const manifestOf = (name: string): string => `${name}${ENDS}`
const LONGEST_MANIFEST = 1024 * 1024
export const isManifest = (name: string): boolean => name.toLowerCase().endsWith(ENDS)
export const stemOf = (name: string): string => name.slice(0, -ENDS.length)

/** Of any file. Whatever else stands in it is signed with it. */
export const namingShape = z.object({
  file: z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.()（）-]{0,120}$/u),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/),
  signature: z
    .object({ keyId: z.string().max(200), algorithm: z.enum(ALGORITHMS), value: z.base64().max(1000) })
    .optional(),
})
export type Naming = z.infer<typeof namingShape>
/** Of events, as we write it; `digest`, `source` and the rest may be left out by others. */
export const manifestShape = namingShape.extend({
  batch: z.int().min(0),
  format: z.enum(FORMATS),
  count: z.int().min(0),
  digest: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
})
export type Manifest = z.infer<typeof manifestShape>

export type Read<M> = { manifest: M; whole: Record<string, unknown>; text: string }
/** Half a manifest may still be being written; a settled one that cannot be read is refused. */
export const readManifest = async <M extends Naming>(
  { path, name }: Dropped,
  shape: z.ZodType<M>,
): Promise<Read<M>> => {
  await mustReadPlain(path, name, LONGEST_MANIFEST)
  const text = await readFile(path, 'utf8')
  let found: unknown
  try {
    found = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return mustNot('MANIFEST_NOT_VALID', { name, part: 'JSON' })
  }
  const read = shape.safeParse(found)
  return read.success
    ? { manifest: read.data, whole: found as Record<string, unknown>, text }
    : mustNot('MANIFEST_NOT_VALID', { name, part: read.error.issues[0]?.path.join('.') || 'JSON' })
}

/** Whether the credit office trusts this folder without a signature. */
export const isTrusted = async ({ run: { ctx, peer }, settings }: FileJob): Promise<boolean> =>
  (await store.unsignedOf(ctx.db.kysely, peer.id))?.folder === settings.folder

export type NamedKey = { keyId: string; algorithm: Algorithm; publicKey: PublicKey }
/** A peer signs over the canonical JSON of the manifest without its signature. */
export const isSignedBy = ({ manifest, whole }: Read<Naming>, keys: readonly NamedKey[]): boolean => {
  const { signature: _, ...said } = whole
  const { signature } = manifest
  const key = keys.find((k) => k.keyId === signature?.keyId && k.algorithm === signature.algorithm)
  if (!key || !signature) return false
  const value = Buffer.from(signature.value, 'base64')
  return verifierOf(key.publicKey, key.algorithm).verify(Buffer.from(canonical(said)), value)
}
/** Only a folder that is trusted does without. */
export const mustBeSigned = async (job: FileJob, name: string, read: Read<Naming>): Promise<void> => {
  if (await isTrusted(job)) return
  const { ctx, peer } = job.run
  const keys = await usableKeys(ctx.db.kysely, peer.id, ctx.clock.now())
  if (!isSignedBy(read, keys)) mustNot('MANIFEST_NOT_SIGNED', { name })
}

/** The file that a manifest names, kept: what is read from now on is what has its hash. */
export const keepNamed = async (
  ctx: Ctx,
  folder: string,
  { file, sha256 }: Naming,
  most: number,
): Promise<StoredFile> => {
  const path = join(folder, file)
  const there = await lstat(path).catch(() => null)
  if (!there) mustNot('MANIFEST_FILE_MISSING', { name: file })
  await mustReadPlain(path, file, most)
  const { hash, bytes } = await ctx.files.put(createReadStream(path), most)
  if (hash !== sha256.toLowerCase()) mustNot('FILE_HASH_DIFFERS', { name: file })
  return { hash, bytes, name: file, mediaType: 'application/octet-stream' }
}
