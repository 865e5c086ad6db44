import type { Words } from '../../../../src/kernel/words.ts'
import { type FigureView, FigureViews } from '../../ui/figure-views.tsx'
import { Entries } from './entries.tsx'
import { Findings } from './findings.tsx'
import { Ledger } from './ledger.tsx'
import { Overview } from './overview.tsx'
import { Samples } from './samples.tsx'

const TITLE: Words = { zh: '报送情况', en: 'Timeliness of reporting' }
const VIEWS = {
  overview: { label: { zh: '总览', en: 'Overview' }, page: Overview },
  ledger: { label: { zh: '报送台账', en: 'Ledger' }, page: Ledger },
  late: { label: { zh: '信息明细', en: 'Records' }, page: Entries },
  missing: { label: { zh: '疑似漏报', en: 'Missing' }, page: Findings },
  samples: { label: { zh: '瞒报抽查', en: 'Spot checks' }, page: Samples },
} as const satisfies Record<string, FigureView>

/** Who reports what and how late; each figure opens to its rows. */
export const Timeliness = () => <FigureViews title={TITLE} to="/timeliness" views={VIEWS} />
