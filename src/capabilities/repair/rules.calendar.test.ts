import { expect, it } from 'vitest'
import { type Known, mayApply } from '../../kernel/eligibility.ts'
import { day } from '../../kernel/time.ts'
import { NOTHING_KNOWN, type RecordFacts, windowsOf } from '../../kernel/window.ts'
import { loadPolicy } from '../../platform/policy-files.ts'
import { datedOf } from './rules.calendar.ts'

const policy = loadPolicy('440100')
const facts = (over: Partial<RecordFacts>): RecordFacts => ({
  ...NOTHING_KNOWN,
  item: 'penalty',
  system: 'general',
  subjectKind: 'enterprise',
  decidedOn: day('2026-05-06'),
  publishedOn: day('2026-05-08'),
  procedure: 'ordinary',
  penaltyKinds: ['confiscate_property'],
  ...over,
})
const DONE: Known = { dutiesPerformed: true, corrected: true, commitmentSigned: true }
const WAITED = /最短公示期已满/
const AT_ONCE = /没有最短公示期限制/

it.each<[article: string, name: string, over: Partial<RecordFacts>, says: RegExp, cites: string]>([
  ['36 art. 14(1)', 'a penalty whose three months are over', {}, WAITED, '第十四条第一项'],
  [
    '107 art. 11',
    'a penalty of market supervision',
    { system: 'market_supervision', penaltyKinds: ['fine'] },
    WAITED,
    '第十一条',
  ],
  [
    '107 art. 12',
    'an abnormal-operation entry: at any time',
    { system: 'market_supervision', item: 'abnormal_list', penaltyKinds: [], listCause: 'annual_report' },
    AT_ONCE,
    '第十二条第一款第一项',
  ],
  [
    '36 art. 12(1)',
    'a minor record that is shown all the same: once the duties are performed',
    { penaltyKinds: ['warning'], minorPublished: true },
    AT_ONCE,
    '第十四条第二项',
  ],
  [
    'STA 54 art. 18',
    'a tax list: six months of the condition’s own',
    { system: 'tax', item: 'serious_list', penaltyKinds: [], list: 'tax_major', publishedOn: day('2026-01-08') },
    WAITED,
    '第十八条',
  ],
])('%s %s', (_article, _name, over, says, cites) => {
  const of = facts(over)
  const windows = windowsOf(of, policy)
  const today = day(over.minorPublished ? '2026-06-01' : '2026-11-23')
  const eligibility = mayApply(of, windows, policy, today, DONE)
  const record = { windows, facts: of, decidedOn: of.decidedOn }
  const dated = datedOf(record, { eligibility, known: DONE, underWay: false }, policy, today)
  expect(dated.when).toBe('now')
  expect(dated.why.zh).toMatch(says)
  expect(dated.article.zh).toBe(cites)
})
