import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { StoredFile } from '../../kernel/api.ts'
import { type Refusal, Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { moveTo, writeWhole } from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { acknowledge } from './acknowledge.ts'
import { readAckFile } from './acknowledgements.ts'
import { takeFiles } from './file-in.ts'
import { isManifest, isTrusted, keepNamed, mustBeSigned, namingShape, readManifest } from './file-manifest.ts'
import {
  type Dropped,
  type FileJob,
  droppedIn,
  droppedNames,
  errorFile,
  mustBeAlone,
  mustReadPlain,
  mustTakeFiles,
  openPlace,
  putAway,
} from './file-place.ts'
import { goOnBehind, makeBatch, standingBatches, written } from './outgoing.ts'
import { manifestName, numberIn, readFileSettings } from './rules.ways.ts'
import * as store from './store.ways.ts'
import type { Looked, WayRun } from './way-run.ts'

/**
 * A peer reached by files. In its folder lie `out` (what we hand over: each batch a data file and, written last, its manifest), `ack`
 * (its acknowledgements, each with its manifest; read ones go to `ack/done`, what was wrong in them is told in `ack/errors`) and `in`
 * (what it hands in: data file and manifest; answers in `in/answers`). Whatever is written is whole or not there, and written again
 * is the same.
 */

const LONGEST_ACK = 64 * 1024 * 1024
/** Batches in one look; then others have their turn. */
const MOST_BATCHES = 20

// ---- out

/** Step by step: the data, then the manifest that names it. Each step done twice leaves the same. */
const writeOut = async ({ run, at }: FileJob, parcel: store.Parcel): Promise<void> => {
  const { ctx } = run
  const manifest = manifestName(parcel.number ?? 0)
  await writeWhole(at.out, parcel.name, ctx.files.read(parcel.hash ?? ''))
  await writeWhole(at.out, manifest, new TextEncoder().encode(parcel.manifest ?? ''))
  await written(run, parcel)
}
const handOver = async (job: FileJob): Promise<boolean> => {
  const { run, at } = job
  for (const parcel of await standingBatches(run)) await writeOut(job, parcel)
  await mustTakeFiles(at.out)
  const numbers = (await droppedNames(at.out)).map((name) => numberIn(name) ?? 0)
  await goOnBehind(run, { batch: numbers.reduce((most, n) => Math.max(most, n), 0) })
  for (let n = 0; n < MOST_BATCHES; n++) {
    const made = await makeBatch(run, { format: run.peer.format, rows: false })
    if (!made) return false
    await writeOut(job, made.parcel)
  }
  return true
}

// ---- acknowledgements

type Acks = { file: Dropped; manifest: { of: Dropped; text: string } | null }
const away = async ({ file, manifest }: Acks, folder: string, base: string): Promise<void> => {
  // The manifest first: it speaks for a file that is there.
  if (manifest) await moveTo(manifest.of.path, join(folder, `${base}.manifest.json`))
  await putAway(file.path, join(folder, base))
}
const blankOf = ({ run: { ctx, peer } }: FileJob, { file, manifest }: Acks) => ({
  id: newId(),
  peerId: peer.id,
  kind: 'acknowledgements' as const,
  number: null,
  name: file.name,
  bytes: null,
  firstEvent: null,
  lastEvent: null,
  firstRow: null,
  manifest: manifest?.text ?? null,
  madeAt: ctx.clock.now(),
  doneAt: ctx.clock.now(),
})

const takeAcks = async (job: FileJob, given: Acks, { hash, bytes }: StoredFile): Promise<void> => {
  const { run, at } = job
  const { ctx, peer } = run
  const { file } = given
  const base = `${newId().slice(-8)}-${file.name}`
  const { acks, faults } = unwrap(await readAckFile(ctx.files.pathOf(hash), file.name))
  const unknown = await inTx(ctx, async (tx) => {
    await run.hold(tx)
    const known = new Set(await acknowledge(tx, ctx, peer, acks))
    const strangers = acks.filter((a) => !known.has(a.eventId))
    await store.keepFile(tx, { hash, bytes, mediaType: 'application/octet-stream' }, ctx.clock.now())
    await store.insertParcel(tx, {
      ...blankOf(job, given),
      state: 'answered',
      hash,
      bytes,
      events: known.size,
      faulty: faults.length + strangers.length,
      problem: null,
    })
    recordAct(tx, ctx, {
      act: 'exchange.acknowledge',
      target: { kind: 'peer', id: peer.id },
      details: { recorded: known.size, unknown: strangers.length, faulty: faults.length },
    })
    return strangers
  })
  const wrong = [
    ...faults,
    ...unknown.map(({ n, eventId: value }) => ({
      n,
      value,
      refusal: { code: 'ACK_EVENT_UNKNOWN', params: { n, value } },
    })),
  ].toSorted((a, b) => a.n - b.n)
  if (wrong.length) await writeWhole(at.ackErrors, `${base}.errors.csv`, errorFile(wrong))
  await away(given, at.ackDone, base)
}

const sendAcksBack = async (job: FileJob, given: Acks, refused: Refusal[]): Promise<void> => {
  const { run, at } = job
  const base = `${newId().slice(-8)}-${given.file.name}`
  await inTx(run.ctx, async (tx) => {
    await run.hold(tx)
    const parcel = blankOf(job, given)
    await store.insertParcel(tx, { ...parcel, state: 'refused', hash: null, events: 0, faulty: 0, problem: refused })
  })
  await writeWhole(
    at.ackErrors,
    `${base}.errors.csv`,
    errorFile(refused.map((refusal) => ({ n: '', value: given.file.name, refusal }))),
  )
  await away(given, at.ackErrors, base)
}

/** By its manifest; answers the name of the file, and whether the manifest may still be being written. */
const takeSigned = async (job: FileJob, of: Dropped): Promise<{ file: string | null; waits: boolean }> => {
  const { at, run } = job
  const read = await readManifest(of, namingShape).catch((error: unknown) => {
    if (error instanceof Refused) return error
    throw error
  })
  const name = read instanceof Refused ? null : read.manifest.file
  const file: Dropped = name === null ? of : { name, path: join(at.ack, name), settled: true }
  const given: Acks = { file, manifest: read instanceof Refused ? null : { of, text: read.text } }
  try {
    if (read instanceof Refused) throw read
    await mustBeSigned(job, of.name, read)
    await takeAcks(job, given, await keepNamed(run.ctx, at.ack, read.manifest, LONGEST_ACK))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    // The file, or the rest of the manifest, may still be on its way; what has stood unchanged for a while is not.
    if (!of.settled) return { file: name, waits: true }
    await sendAcksBack(job, given, error.refusals)
  }
  return { file: name, waits: false }
}

/** Each file by itself: one that is refused holds up no other. */
const takeAllAcks = async (job: FileJob): Promise<void> => {
  const { at, run } = job
  const files = await droppedIn(job, at.ack, 'ack')
  const named = new Set<string>()
  let unread = false
  for (const of of files.filter((f) => isManifest(f.name))) {
    const { file, waits } = await takeSigned(job, of)
    if (file !== null) named.add(file)
    if (waits) unread ||= file === null
    else delete job.seen[`ack/${of.name}`]
    if (!waits && file !== null) delete job.seen[`ack/${file}`]
  }
  // A manifest that cannot be read yet may name any of the others.
  const alone = unread ? [] : files.filter((f) => f.settled && !isManifest(f.name) && !named.has(f.name))
  const trusted = alone.length > 0 && (await isTrusted(job))
  for (const file of alone) {
    const given: Acks = { file, manifest: null }
    try {
      if (!trusted) mustNot('ACK_NOT_SIGNED', { name: file.name })
      await mustReadPlain(file.path, file.name, LONGEST_ACK)
      const { hash, bytes } = await run.ctx.files.put(createReadStream(file.path), LONGEST_ACK)
      await takeAcks(job, given, { hash, bytes, name: file.name, mediaType: 'application/octet-stream' })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      await sendAcksBack(job, given, error.refusals)
    }
    delete job.seen[`ack/${file.name}`]
  }
}

export const lookAtFiles = async (run: WayRun): Promise<Looked> => {
  const { ctx, peer, way } = run
  const settings = unwrap(readFileSettings(peer.settings))
  await mustBeAlone(ctx, peer.id, settings.folder)
  const at = await openPlace(ctx, settings.folder, way.lookedAt === null)
  const job: FileJob = { run, at, settings, seen: {}, problems: [] }
  let more = false
  // What was confirmed comes first: a batch that the peer has dealt with is known to have arrived.
  await takeAllAcks(job)
  if (peer.direction !== 'in') more = await handOver(job)
  if (peer.direction !== 'out' && peer.state === 'active') await takeFiles(job)
  return {
    seen: job.seen,
    problem: job.problems.length ? job.problems : null,
    everySeconds: settings.everySeconds,
    more,
  }
}
