/** What repair keeps: applications, their items with the acts on them, the queue, materials and bars. */
export * from './store.acts.ts'
export * from './store.applications.ts'
export * from './store.bars.ts'
export * from './store.items.ts'
export * from './store.materials.ts'
export * from './store.queue.ts'
export type * from './store.rows.ts'
