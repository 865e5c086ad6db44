import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredFile } from '../../kernel/api.ts'
import { type Refusal, Refused, mustNot, unwrap } from '../../kernel/decision.ts'
import { moveTo, writeWhole } from '../../platform/dropped-files.ts'
import { newId } from '../../platform/ids.ts'
import { inTx, recordAct } from '../../platform/outbox.ts'
import {
  type Manifest,
  isManifest,
  keepNamed,
  manifestShape,
  mustBeSigned,
  readManifest,
  stemOf,
} from './file-manifest.ts'
import { type Dropped, type FileJob, droppedIn, errorFile, putAway } from './file-place.ts'
import { checkBatch, isKept } from './formats.event.ts'
import { decode } from './formats.ts'
import { type Answers, takeInAll } from './incoming.ts'
import * as store from './store.ways.ts'

/** What a peer hands in by file: a manifest, written last, that names the data file and its hash. */

const LONGEST_DATA = 256 * 1024 * 1024

type Opened = { manifest: Manifest; file: StoredFile; events: readonly unknown[] }
const open = async (job: FileJob, manifestFile: Dropped): Promise<Opened> => {
  const { run, at } = job
  const { ctx } = run
  const read = await readManifest(manifestFile, manifestShape)
  const { manifest } = read
  await mustBeSigned(job, manifestFile.name, read)
  const file = await keepNamed(ctx, at.in, manifest, LONGEST_DATA)
  const { events } = unwrap(await decode(manifest.format, await readFile(ctx.files.pathOf(file.hash))))
  const odd = events.findIndex((e) => !isKept(e))
  if (odd >= 0) mustNot('EVENT_NOT_VALID', { n: odd + 1, field: 'data' })
  const digest = manifest.digest ?? null
  const faults = digest
    ? checkBatch(events, { count: manifest.count, digest })
    : events.length === manifest.count
      ? []
      : [{ code: 'BATCH_COUNT_DIFFERS', params: { said: manifest.count, found: events.length } }]
  if (faults.length) throw new Refused(faults)
  return { manifest, events, file }
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
  const answersName = `${stemOf(manifestFile.name)}-${stamp}.answers.json`
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
  const known = await readManifest(manifestFile, manifestShape).catch(() => null)
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
  if (data) await putAway(join(at.in, data), join(at.inRefused, `${stamp}-${data}`))
}

/** Each manifest by itself: one that is refused holds up no other. */
export const takeFiles = async (job: FileJob): Promise<void> => {
  const manifests = (await droppedIn(job, job.at.in, 'in')).filter((f) => isManifest(f.name))
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
