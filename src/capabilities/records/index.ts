/**
 * Records 信用信息: what authorities decided about subjects, each with its versions, its dispositions and, per channel, the
 * window in which it is shown. It promises that a natural key is held once, that nothing once held is lost, that what is
 * shown is the fold of the windows over the dispositions, and that secrets lie sealed. `publicFields` of a row is the only
 * part that may be published. It never deletes and never decides whether a repair is due.
 *
 * Views for others:
 * - `records.v_held`: the record as its owner reads it, with its dispositions; taken `for update` it is held to the end of the transaction
 * - `records.v_standing`: the same without what the record says, for whoever decides about it
 * - `records.v_disposition`: from which day each disposition has effect
 * - `records.v_content`: the content of what is held, sealed values too, to be checked by another version of the item
 * - `records.v_reported`: what was reported, first when, and how it stands; a correction moves no first day
 * - `records.v_licence_affected`: penalties that take a licence away, with what they say of it
 * - `records.v_said`: what a record said from when until when, version by version, with the submission that said it
 * - `records.v_entered`: which rows of a file stand as records, in their present or a former version
 * - `records.v_abnormal`: entries on the abnormal-operation list as reported, with what last happened to each
 * - `records.v_shared`: what may be handed on of a record, with its packed windows (`windowColumns`, `sharedWindows`)
 * - `records.v_displays`: of a record what this platform's own site shows and what the publicity system has to show, from when until when
 * - `records.v_basis`: of a window's basis the class, rule, instrument, article and longest period
 * - `records.v_fault`: what is shown of a record on this platform's own site, by which rule, and what it says
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { handlers } from './routes.ts'

export {
  type HeldRecord,
  type StandingRecord,
  briefsOf,
  dispose,
  disposeHeld,
  explain,
  heldRecord,
  holdRecord,
  listShown,
  rebuildWindows,
  standingRecord,
  storeRecords,
} from './service.ts'
export { type NumberToAnnul, annulNumbers } from './annul.ts'
export { type DraftBatch, Drafter, type RecordDraft } from './draft.ts'
export { storeDrafts } from './intake.ts'
export { correctRecord, numberTaken } from './correct.ts'
export { pendingMarks } from './marks.ts'
export {
  type Tombstone,
  type TombstoneScope,
  liftTombstone,
  listTombstones,
  lockTombstone,
  setTombstone,
} from './tombstone.ts'
export { type FieldChange, type ForeseenRecord, foreseeRecords } from './foresee.ts'
export { type Ruling, Judge, countRuled, ruleAnew, ruledAfter } from './rulings.ts'
export { type PackedWindow, catalogItemOn, publicFieldRows, isShown, shownOn, windowOn } from './rules.ts'
export { type SharedWindow, type WindowColumns, sharedWindows, windowColumns } from './basis.ts'
export {
  findByDocument,
  findRecord,
  findRecordById,
  findRecords,
  getRecord,
  heldKeys,
  listBySubmission,
  listRecordsOfSubject,
} from './store.ts'
export { publicPage, publicRecord } from './pages.ts'
export { type PastRow, pageAsOf, recordAsOf } from './asof.ts'
export { countShown } from './store.pages.ts'

export { clashesOf, recordsByAuthority, recordsReportedUnder, recordsThere } from './store.moves.ts'

/** What lies on a subject's file here; versions and dispositions go with their record. */
const follower: SubjectFollower = {
  tables: [
    { table: 'records.record', key: ['id'], record: 'id', words: { zh: '信用信息', en: 'Records' } },
    { table: 'records.version', key: ['record_id', 'version'], record: 'record_id' },
    { table: 'records.disposition', key: ['id'], record: 'record_id', words: { zh: '处置记录', en: 'Dispositions' } },
    { table: 'records.tombstone', key: ['id'], record: 'record_id' },
  ],
}

export const api = { name: 'records', endpoints, refusals, handlers, follower }
