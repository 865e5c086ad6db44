import { createReadStream } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StoredFile } from '../../kernel/api.ts'
import { type Refusal, Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { moveTo, writeWhole } from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { type Dropped, type FileJob, droppedIn, errorFile, mustReadPlain } from './file-place.ts'
import { canonical, checkBatch, isKept } from './formats.event.ts'
import { decode } from './formats.ts'
import { type Answers, takeInAll } from './incoming.ts'
import { verifierOf } from './keys.ts'
import { usableKeys } from './store.keys.ts'
import * as store from './store.ways.ts'
import { ALGORITHMS, FORMATS } from './words.ts'

/** What a peer hands in by file: a manifest, written last, that names the data file and its hash. */

const ENDS = '.manifest.json'
const LONGEST_MANIFEST = 1024 * 1024
const LONGEST_DATA = 256 * 1024 * 1024

/** As we write it; `digest`, `source` and the rest may be left out by others. */
export const manifestShape = z.object({
  batch: z.int().min(0),
  file: z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.()（）-]{0,120}$/u),
  format: z.enum(FORMATS),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/),
  count: z.int().min(0),
  digest: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional(),
  signature: z
    .object({ keyId: z.string().max(200), algorithm: z.enum(ALGORITHMS), value: z.base64().max(1000) })
    .optional(),
})
type Manifest = z.infer<typeof manifestShape>

/** Half a manifest may still be being written; a settled one that cannot be read is refused. */
const readManifest = async ({
  path,
  name,
}: Dropped): Promise<{ manifest: Manifest; whole: Record<string, unknown> }> => {
  await mustReadPlain(path, name, LONGEST_MANIFEST)
  let found: unknown
  try {
    found = JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return mustNot('MANIFEST_NOT_VALID', { name, part: 'JSON' })
  }
  const read = manifestShape.safeParse(found)
  return read.success
    ? { manifest: read.data, whole: found as Record<string, unknown> }
    : mustNot('MANIFEST_NOT_VALID', { name, part: read.error.issues[0]?.path.join('.') || 'JSON' })
}

/**
 * A peer signs what it hands in, over the canonical JSON of the manifest without its signature. Only the folder that the credit
 * office trusts without one does without.
 */
const mustBeSigned = async (
  { run: { ctx, peer }, settings }: FileJob,
  name: string,
  whole: Record<string, unknown>,
  m: Manifest,
): Promise<void> => {
  if ((await store.unsignedOf(ctx.db.kysely, peer.id))?.folder === settings.folder) return
  const keys = await usableKeys(ctx.db.kysely, peer.id, ctx.clock.now())
  const { signature: _, ...said } = whole
  const key = keys.find((k) => k.keyId === m.signature?.keyId && k.algorithm === m.signature.algorithm)
  const right =
    key &&
    m.signature &&
    verifierOf(key.publicKey, key.algorithm).verify(
      Buffer.from(canonical(said)),
      Buffer.from(m.signature.value, 'base64'),
    )
  if (!right) mustNot('MANIFEST_NOT_SIGNED', { name })
}

type Opened = { manifest: Manifest; file: StoredFile; events: readonly unknown[] }
const open = async (job: FileJob, manifestFile: Dropped): Promise<Opened> => {
  const { run, at } = job
  const { ctx } = run
  const { manifest, whole } = await readManifest(manifestFile)
  await mustBeSigned(job, manifestFile.name, whole, manifest)
  const path = join(at.in, manifest.file)
  const there = await lstat(path).catch(() => null)
  if (!there) mustNot('MANIFEST_FILE_MISSING', { name: manifest.file })
  await mustReadPlain(path, manifest.file, LONGEST_DATA)
  const { hash, bytes } = await ctx.files.put(createReadStream(path), LONGEST_DATA)
  if (hash !== manifest.sha256.toLowerCase()) mustNot('FILE_HASH_DIFFERS', { name: manifest.file })
  const { events } = unwrap(await decode(manifest.format, await readFile(ctx.files.pathOf(hash))))
  const odd = events.findIndex((e) => !isKept(e))
  if (odd >= 0) mustNot('EVENT_NOT_VALID', { n: odd + 1, field: 'data' })
  const digest = manifest.digest ?? null
  const faults = digest
    ? checkBatch(events, { count: manifest.count, digest })
    : events.length === manifest.count
      ? []
      : [{ code: 'BATCH_COUNT_DIFFERS', params: { said: manifest.count, found: events.length } }]
  if (faults.length) throw new Refused(faults)
  return {
    manifest,
    events,
    file: { hash, bytes, name: manifest.file, mediaType: 'application/octet-stream' },
  }
}

export const answerText = (file: string, batch: number | null, answers: Answers): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify({ file, batch, ...answers }, null, 2)}\n`)

const take = async (job: FileJob, manifestFile: Dropped, opened: Opened): Promise<void> => {
  const { run, at } = job
  const { ctx, peer } = run
  const { manifest, file, events } = opened
  const before = await store.takenParcel(ctx.db.kysely, peer.id, manifestFile.name, file.hash)
  const id = before?.id ?? newId()
  const stamp = id.slice(-8)
  const answersName = `${manifestFile.name.slice(0, -ENDS.length)}-${stamp}.answers.json`
  const moveAway = async () => {
    // The manifest first: a data file without one is nobody's business.
    await moveTo(manifestFile.path, join(at.inDone, `${stamp}-${manifestFile.name}`))
    await moveTo(join(at.in, manifest.file), join(at.inDone, `${stamp}-${manifest.file}`))
  }
  // Handed in once more, or ended between the answer and the moving: the answer stands.
  if (before?.state === 'answered' && (await lstat(join(at.inAnswers, answersName)).catch(() => null)))
    return moveAway()
  if (!before)
    await inTx(ctx, async (tx) => {
      await run.hold(tx)
      await store.keepFile(tx, file, ctx.clock.now())
      await store.insertParcel(tx, {
        id,
        peerId: peer.id,
        kind: 'incoming',
        state: 'taken',
        number: manifest.batch,
        name: manifestFile.name,
        hash: file.hash,
        bytes: file.bytes,
        events: events.length,
        faulty: 0,
        firstEvent: null,
        lastEvent: null,
        firstRow: null,
        manifest: null,
        problem: null,
        madeAt: ctx.clock.now(),
        doneAt: null,
      })
    })
  const answers = events.length
    ? await takeInAll(ctx, peer, events, { file, way: 'file' })
    : { acknowledgements: [], pending: [] }
  await writeWhole(at.inAnswers, answersName, answerText(manifest.file, manifest.batch, answers))
  await inTx(ctx, async (tx) => {
    await run.hold(tx)
    const faulty = answers.acknowledgements.filter((a) => a.outcome === 'refused').length
    await store.endParcel(tx, { id, state: 'answered', at: ctx.clock.now(), faulty })
    recordAct(tx, ctx, {
      act: 'exchange.take_file',
      target: { kind: 'peer', id: peer.id },
      details: { batch: manifest.batch, events: events.length, refused: faulty },
    })
  })
  await moveAway()
}

const sendBack = async (job: FileJob, manifestFile: Dropped, refusals: Refusal[]): Promise<void> => {
  const { run, at } = job
  const { ctx, peer } = run
  const id = newId()
  const stamp = id.slice(-8)
  const known = await readManifest(manifestFile).catch(() => null)
  const data = known?.manifest.file ?? null
  await writeWhole(
    at.inRefused,
    `${stamp}-${manifestFile.name}.errors.csv`,
    errorFile(refusals.map((refusal) => ({ n: '', value: data ?? manifestFile.name, refusal }))),
  )
  await inTx(ctx, async (tx) => {
    await run.hold(tx)
    await store.insertParcel(tx, {
      id,
      peerId: peer.id,
      kind: 'incoming',
      state: 'refused',
      number: known?.manifest.batch ?? null,
      name: manifestFile.name,
      hash: null,
      bytes: null,
      events: 0,
      faulty: 0,
      firstEvent: null,
      lastEvent: null,
      firstRow: null,
      manifest: null,
      problem: refusals,
      madeAt: ctx.clock.now(),
      doneAt: ctx.clock.now(),
    })
  })
  await moveTo(manifestFile.path, join(at.inRefused, `${stamp}-${manifestFile.name}`))
  if (data) await moveTo(join(at.in, data), join(at.inRefused, `${stamp}-${data}`))
}

/** Each manifest by itself: one that is refused holds up no other. */
export const takeFiles = async (job: FileJob): Promise<void> => {
  const manifests = (await droppedIn(job, job.at.in, 'in')).filter((f) => f.name.toLowerCase().endsWith(ENDS))
  for (const manifest of manifests) {
    try {
      await take(job, manifest, await open(job, manifest))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      // It may still be on its way; what has stood unchanged for a while is not.
      if (!manifest.settled) continue
      await sendBack(job, manifest, error.refusals)
    }
    delete job.seen[`in/${manifest.name}`]
  }
}
