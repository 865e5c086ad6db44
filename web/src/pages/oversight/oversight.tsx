import type { Words } from '../../../../src/kernel/words.ts'
import { type FigureView, FigureViews } from '../../ui/figure-views.tsx'
import { Candidates } from './candidates.tsx'
import { Entries } from './entries.tsx'
import { Figures } from './figures.tsx'
import { OpenItems } from './open.tsx'
import { Ratings } from './ratings.tsx'
import { Refusals } from './refusals.tsx'
import { Reports } from './reports.tsx'

const TITLE: Words = { zh: '修复监督', en: 'Oversight of repair' }
const VIEWS = {
  figures: { label: { zh: '统计', en: 'Figures' }, page: Figures },
  entries: { label: { zh: '明细', en: 'Rows' }, page: Entries },
  open: { label: { zh: '在办与超期', en: 'Open and overdue' }, page: OpenItems },
  refusals: { label: { zh: '驳回理由', en: 'Refusals' }, page: Refusals },
  ratings: { label: { zh: '服务评价', en: 'Ratings' }, page: Ratings },
  reports: { label: { zh: '月报', en: 'Monthly reports' }, page: Reports },
  candidates: { label: { zh: '长期异常主体', en: 'Persistently abnormal' }, page: Candidates },
} as const satisfies Record<string, FigureView>

/** How repair is done, authority by authority; each figure opens to its rows. */
export const Oversight = () => <FigureViews title={TITLE} to="/oversight" views={VIEWS} />
