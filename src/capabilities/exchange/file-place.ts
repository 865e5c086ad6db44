import type { Dirent } from 'node:fs'
import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { csvLine } from '../../kernel/csv.ts'
import { type Refusal, type RefusalCatalogue, Refused, mustNot } from '../../kernel/decision.ts'
import { type Seen, isComplete, isPassing, overlaps, seenNow } from '../../kernel/dropped-file.ts'
import { type Lang, fill } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { makeFolder, moveTo, mustLieInside, openPlain, ownFolder, writeWhole } from '../../platform/dropped-files.ts'
import { api as collection } from '../collection/index.ts'
import { wayRefusals } from './contract.ways.ts'
import type { FileSettings } from './rules.ways.ts'
import { peersWithFolders } from './store.ways.ts'
import type { WayRun } from './way-run.ts'

/** The folders of a peer, and what others have put there. */

const MOST_FILES = 200

export type FilePlace = Record<
  'out' | 'ack' | 'ackDone' | 'ackErrors' | 'in' | 'inDone' | 'inRefused' | 'inAnswers',
  string
>
export type FileJob = {
  run: WayRun
  at: FilePlace
  settings: FileSettings
  seen: Record<string, Seen>
  problems: Refusal[]
}

/** The folders of a peer, made where they are missing: nothing in them leads out of the root. */
export const openPlace = async (ctx: Ctx, folder: string, first: boolean): Promise<FilePlace> => {
  const root = ctx.config.exchangeDir
  if (first) await makeFolder(root, folder)
  const dir = await mustLieInside(root, folder)
  const [out, ack, into] = [await ownFolder(dir, 'out'), await ownFolder(dir, 'ack'), await ownFolder(dir, 'in')]
  return {
    out,
    ack,
    ackDone: await ownFolder(ack, 'done'),
    ackErrors: await ownFolder(ack, 'errors'),
    in: into,
    inDone: await ownFolder(into, 'done'),
    inRefused: await ownFolder(into, 'refused'),
    inAnswers: await ownFolder(into, 'answers'),
  }
}

/** Two peers in one folder would take what is the other's. */
export const mustBeAlone = async (ctx: Ctx, peerId: string, folder: string): Promise<void> => {
  const others = (await peersWithFolders(ctx.db.kysely)).filter((p) => p.id !== peerId)
  const taken = others.find((p) => overlaps(p.folder.normalize('NFC'), folder))
  if (taken) mustNot('EXCHANGE_FOLDER_TAKEN', { name: taken.name })
}

/** A share that is there and lets nobody write is found out before anything is made for it. */
export const mustTakeFiles = async (folder: string): Promise<void> => {
  const name = '.xinheng-probe'
  await writeWhole(folder, name, new Uint8Array()).catch(() => mustNot('FOLDER_NOT_WRITABLE'))
  await rm(join(folder, name), { force: true })
}

/** A manifest may name anything as its file, a folder of ours too: that one stays. */
export const putAway = async (from: string, to: string): Promise<void> => {
  const look = await lstat(from).catch(() => null)
  if (look && !look.isDirectory()) await moveTo(from, to)
}

/** Names of what waits in a folder. */
export const droppedNames = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((e) => !e.isDirectory() && !isPassing(e.name))
    .map((e) => e.name)

export type Dropped = { name: string; path: string; settled: boolean }
/** Files in a folder that are not being written any more; those that still change are looked at again next time. */
export const droppedIn = async (job: FileJob, folder: string, key: string): Promise<Dropped[]> => {
  const { run, settings } = job
  const now = run.ctx.clock.now()
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => mustNot('FOLDER_NOT_WRITABLE'))
  const found: Dropped[] = []
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory() || isPassing(entry.name)) continue
    const path = join(folder, entry.name)
    const look = await lstat(path).catch(() => null)
    if (!look) continue
    const id = `${key}/${entry.name}`
    const before = Object.hasOwn(run.way.seen, id) ? run.way.seen[id] : undefined
    const at = seenNow({ size: look.size, mtime: look.mtimeMs }, before, now)
    Object.defineProperty(job.seen, id, { value: at, enumerable: true, configurable: true, writable: true })
    const ask = { marker: 'stable' as const, marked: false, now, settledAfterMs: settings.everySeconds * 1000 }
    if (found.length < MOST_FILES) found.push({ name: entry.name, path, settled: isComplete(at, ask) })
  }
  return found
}

const CATALOGUE: RefusalCatalogue = { ...collection.refusals, ...wayRefusals }
export const sentencesOf = (found: readonly Refusal[], lang: Lang): string =>
  found
    .map(({ code, params }) => fill((CATALOGUE[code] ?? wayRefusals.WAY_FAULT)[lang], params, lang))
    .join(lang === 'zh' ? '' : ' ')
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
/** So that a spreadsheet reads it as UTF-8. */
const MARK = '\ufeff'

/** A plain file of a size that can be read at once; else why not. */
export const mustReadPlain = async (path: string, name: string, most: number): Promise<void> => {
  const opened = await openPlain(path, name)
  if ('refusals' in opened) throw new Refused(opened.refusals)
  const { size } = await opened.handle.stat()
  await opened.handle.close()
  if (size > most) mustNot('FILE_TOO_LARGE', { name, limit: `${most / 1024 / 1024} MB` })
}

/** What was wrong, line by line, in a file of its own beside the others; a sender reads it with any spreadsheet. */
export const errorFile = (lines: readonly { n: number | string; value: string; refusal: Refusal }[]): Uint8Array =>
  bytesOf(
    MARK +
      csvLine(['行', '内容', '代码', '说明']) +
      lines.map((l) => csvLine([l.n, l.value, l.refusal.code, sentencesOf([l.refusal], 'zh')])).join(''),
  )
