/**
 * Windows: what of a record is shown where, since when and until when. The parts: what is known of a record, what the rules
 * make of it, what happened to it since, and how it is told.
 */
export { NOTHING_KNOWN, type RecordFacts, fineStep, meets, meetsAny } from './window-facts.ts'
export { foldWindows, isAnnulled, type Status, statusOn } from './window-fold.ts'
export { type Grounds, factsOf, groundsOf, restartOf, windowsOf } from './window-rules.ts'
export type { Disposition, DispositionKind, Restart, Window, WindowEnd } from './window-shapes.ts'
export { classWords, dayWords, explainWindow } from './window-words.ts'
