/**
 * Corrections 重错码核实: what is asked of the authority that registers a code, and files brought together or taken apart. It
 * promises that a task goes to the registrar of the category and the place (or says that there is none), that accepting an
 * answer does what it showed in one transaction, that two people decide about files, and that what was moved can be put back
 * row by row. It never decides by itself which of two codes or names is right.
 *
 * View for others: `corrections.v_task`, the tasks with their terms and how they ended.
 */
import type { SubjectFollower } from '../subjects/contract.ts'
import { endpoints, refusals } from './contract.ts'
import { jobs } from './jobs.ts'
import { handlers } from './routes.ts'

export { openFromConflicts } from './service.ts'

const follower: SubjectFollower = { tables: [{ table: 'corrections.task', key: ['id'] }] }

export const api = { name: 'corrections', endpoints, refusals, handlers, jobs, follower }
