import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type Refusal, Refused, unwrap } from '../../kernel/decision.ts'
import { moveTo, writeWhole } from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import { readAckFile } from './acknowledgements.ts'
import { takeFiles } from './file-in.ts'
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
} from './file-place.ts'
import { goOnBehind, makeBatch, written } from './outgoing.ts'
import { manifestName, numberIn, readFileSettings } from './rules.ways.ts'
import * as peers from './store.ts'
import * as store from './store.ways.ts'
import type { Looked, WayRun } from './way-run.ts'

/**
 * A peer reached by files. In its folder lie `out` (what we hand over: each batch a data file and, written last, its manifest), `ack`
 * (its acknowledgements; read ones go to `ack/done`, what was wrong in them is told in `ack/errors`) and `in` (what it hands in: data
 * file and manifest; answers in `in/answers`). Whatever is written is whole or not there, and written again is the same.
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
  for (const parcel of await store.unwritten(run.ctx.db.kysely, run.peer.id)) await writeOut(job, parcel)
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

const takeAcks = async (job: FileJob, file: Dropped): Promise<void> => {
  const { run, at } = job
  const { ctx, peer } = run
  const base = `${newId().slice(-8)}-${file.name}`
  const blank = {
    id: newId(),
    peerId: peer.id,
    kind: 'acknowledgements' as const,
    number: null,
    name: file.name,
    bytes: null,
    firstEvent: null,
    lastEvent: null,
    firstRow: null,
    manifest: null,
    madeAt: ctx.clock.now(),
    doneAt: ctx.clock.now(),
  }
  let refused: Refusal[]
  try {
    await mustReadPlain(file.path, file.name, LONGEST_ACK)
    const { acks, faults } = unwrap(await readAckFile(file.path, file.name))
    const { hash, bytes } = await ctx.files.put(createReadStream(file.path), LONGEST_ACK)
    const unknown = await inTx(ctx, async (tx) => {
      await run.hold(tx)
      const known = new Set(await peers.saveAcknowledgements(tx, peer.id, acks, ctx.clock.now()))
      const strangers = acks.filter((a) => !known.has(a.eventId))
      await store.keepFile(tx, { hash, bytes, mediaType: 'application/octet-stream' }, ctx.clock.now())
      await store.insertParcel(tx, {
        ...blank,
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
    await moveTo(file.path, join(at.ackDone, base))
    return
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    refused = error.refusals
  }
  await inTx(ctx, async (tx) => {
    await run.hold(tx)
    await store.insertParcel(tx, { ...blank, state: 'refused', hash: null, events: 0, faulty: 0, problem: refused })
  })
  await writeWhole(
    at.ackErrors,
    `${base}.errors.csv`,
    errorFile(refused.map((refusal) => ({ n: '', value: file.name, refusal }))),
  )
  await moveTo(file.path, join(at.ackErrors, base))
}

export const lookAtFiles = async (run: WayRun): Promise<Looked> => {
  const { ctx, peer, way } = run
  const settings = unwrap(readFileSettings(peer.settings))
  await mustBeAlone(ctx, peer.id, settings.folder)
  const at = await openPlace(ctx, settings.folder, way.lookedAt === null)
  const job: FileJob = { run, at, settings, seen: {}, problems: [] }
  let more = false
  // What was confirmed comes first: a batch that the peer has dealt with is known to have arrived.
  for (const file of await droppedIn(job, at.ack, 'ack')) {
    if (!file.settled) continue
    await takeAcks(job, file)
    delete job.seen[`ack/${file.name}`]
  }
  if (peer.direction !== 'in') more = await handOver(job)
  if (peer.direction !== 'out' && peer.state === 'active') await takeFiles(job)
  return {
    seen: job.seen,
    problem: job.problems.length ? job.problems : null,
    everySeconds: settings.everySeconds,
    more,
  }
}
