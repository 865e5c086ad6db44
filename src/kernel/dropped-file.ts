import type { RefusalCatalogue } from './decision.ts'

/** Files that somebody else drops into a folder: whether they are whole, and what can keep them from being taken. */

/** One inside the other: then one would take what is the other's. */
export const overlaps = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)

const PASSING = /(^[.~])|\.(tmp|temp|part|partial|filepart|crdownload|download|lock|swp|done)$/i
/** Names that programs give to what they are still writing, and the markers themselves. */
export const isPassing = (name: string): boolean => PASSING.test(name)

export type Look = { size: number; mtime: number }
/** What lay there, and since when it has been as it is. */
export type Seen = Look & { since: string }

export const seenNow = (look: Look, before: Seen | undefined, now: string): Seen =>
  before?.size === look.size && before.mtime === look.mtime ? before : { ...look, since: now }
/** With a marker it is whole at once; without, when it was the same at the last look and a whole interval has gone by. */
export const isComplete = (
  seen: Seen,
  ask: { marker: 'stable' | 'done'; marked: boolean; now: string; settledAfterMs: number },
): boolean =>
  ask.marked || (ask.marker === 'stable' && Date.parse(ask.now) - Date.parse(seen.since) >= ask.settledAfterMs)

export const folderRefusals = {
  FOLDER_MISSING: {
    kind: 'refused',
    zh: '文件夹不存在或者无法访问，请检查目录或者网络共享是否已挂载。',
    en: 'The folder is not there or cannot be opened; see whether the share is mounted.',
  },
  FOLDER_OUTSIDE: {
    kind: 'refused',
    zh: '文件夹的实际位置不在平台的文件夹目录之内（可能是链接），不予读取。',
    en: 'The folder really lies outside the platform’s folder root (perhaps a link); it is not read.',
  },
  FOLDER_NOT_WRITABLE: {
    kind: 'refused',
    zh: '平台没有权限在文件夹中移动文件或者写入文件。',
    en: 'The platform may not move or write files in the folder.',
  },
  FILE_NOT_PLAIN: {
    kind: 'refused',
    zh: '“{name}”不是普通文件（是链接或者特殊文件），未接收。',
    en: '“{name}” is no plain file (a link or a special file); it was not taken.',
  },
  FILE_NOT_READABLE: {
    kind: 'refused',
    zh: '平台没有权限读取“{name}”，请调整文件权限后重新放入。',
    en: 'The platform may not read “{name}”; give it the right and put it in again.',
  },
  FILE_TOO_LARGE: {
    kind: 'refused',
    zh: '“{name}”超过 {limit}，请拆分后重新放入。',
    en: '“{name}” is larger than {limit}; split it and put it in again.',
  },
  FILE_HASH_DIFFERS: {
    kind: 'refused',
    zh: '“{name}”的内容与标记文件中的 SHA-256 校验值不符，可能没有传完，请重新放入。',
    en: 'The content of “{name}” does not agree with the SHA-256 in its marker; it is perhaps cut short. Put it in again.',
  },
} as const satisfies RefusalCatalogue
