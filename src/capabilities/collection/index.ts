/**
 * Collection 归集: the two ways in, and what becomes of each row. It owns submissions, the rows that were not simply
 * accepted, and how each authority's own tables are read. It promises that received = accepted + refused + pending +
 * already held at every commit, that a row enters once however often its file is sent or its worker dies, and that a
 * refused row comes back with every reason and the mend. It never changes a record: that is what `records` is for.
 */
import { endpoints, refusals } from './contract.ts'
import { fileRefusals } from './files/refusals.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { processNext } from './pipeline.ts'
export { importFile } from './import-file.ts'

export const api = { name: 'collection', endpoints, refusals: { ...refusals, ...fileRefusals }, handlers, jobs }
