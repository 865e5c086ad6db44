/**
 * Collection 归集: the two ways in, and what becomes of each row. It owns submissions, the rows that were not simply
 * accepted, and how each authority's own tables are read. It promises that received = accepted + refused + pending +
 * already held at every commit, that a row enters once however often its file is sent or its worker dies, and that a
 * refused row comes back with every reason and the mend. It never changes a record: that is what `records` is for.
 *
 * Views for others, none with the cells of a row:
 * - `collection.v_submission`: what was handed in, with its balance
 * - `collection.v_row`: rows that were not simply accepted, with the day of the decision as it was written
 * - `collection.v_refused_problem`: one line for each thing that is wrong with a row that stands returned
 * - `collection.v_wrong_code`, `collection.v_waiting`: rows returned for the code of their subject, and rows that wait for a name
 */
import { endpoints, refusals } from './contract.ts'
import { fileRefusals } from './files/refusals.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'
import { follower } from './service.waiting.ts'

export { processNext } from './pipeline.ts'
/** Tables as people send them, and workbooks as they get them back. */
export { mustFindHeader } from './files/header.ts'
export { openTable } from './files/open-table.ts'
export { writeWorkbook } from './files/workbook.ts'
export { importFile } from './import-file.ts'
export { keptVerdicts, rawRowsOf } from './raw.ts'
export { wakeImport } from './jobs.ts'
export { type Alongside, enterRows, receiptOf } from './service.push.ts'
export { refusedWorkbook } from './service.returns.ts'
export { enterFile, mustReport } from './service.enter.ts'
export { type HeldContent, heldCheck } from './held.ts'
export { problemView } from './views.ts'
/** Records that come from other platforms: the same check, the same reasons. */
export { type ExchangedCheck, exchangedCheck } from './exchanged.ts'
export { conflictOf, contentOf, turnedAway } from './settle.ts'
export type { Problem } from './rules.columns.ts'
export type { Checked, KnownAuthority } from './rules.ts'

export const api = {
  name: 'collection',
  endpoints,
  refusals: { ...refusals, ...fileRefusals },
  handlers,
  jobs,
  follower,
}
