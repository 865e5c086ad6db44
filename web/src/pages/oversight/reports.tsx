import { type ReportView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { REPORT_ACTION_WORDS, REPORT_STATE_WORDS } from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { MonthlyPapers, type PaperRow } from '../../ui/monthly-papers.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  draft: { zh: '拟制月报', en: 'Draft a report' },
  none: { zh: '还没有月报。', en: 'There is no report yet.' },
  noneOffice: { zh: '还没有月报，选择月份后可以拟制。', en: 'There is no report yet; choose a month and draft one.' },
  title: { zh: '月报', en: 'Report' },
  no: { zh: '编号', en: 'Number' },
  issued: { zh: '发布时间', en: 'Published' },
  read: { zh: '查看正文', en: 'Read' },
  sure: {
    zh: '发布后对社会公开，不能再修改，确定发布？',
    en: 'Once published it is public and cannot be changed. Publish it?',
  },
  otherwise: { zh: '驳回理由或者评价', en: 'reasons or ratings' },
} as const satisfies Record<string, Words>

export const Reports = () => {
  const { lang } = useLanguage()
  const { search } = useListSearch()
  const rowOf = (r: ReportView): PaperRow => ({
    ...r,
    state: REPORT_STATE_WORDS[r.state],
    issuedAt: r.publishedAt,
    mayRecompute: r.actions.includes('recompute'),
    mayIssue: r.actions.includes('publish'),
    links: [{ label: W.read, href: `${urlOf(endpoints.repairReportPaper, { id: r.id })}?lang=${lang}`, newTab: true }],
  })
  return (
    <MonthlyPapers
      words={{ ...W, recompute: REPORT_ACTION_WORDS.recompute, issue: REPORT_ACTION_WORDS.publish }}
      query={useApi(endpoints.listRepairReports, { after: search.after })}
      rowOf={rowOf}
      draft={useAct(endpoints.draftRepairReport)}
      recompute={useAct(endpoints.recomputeRepairReport)}
      issue={useAct(endpoints.publishRepairReport)}
      verify={(id) => call(endpoints.verifyRepairReport, { id })}
    />
  )
}
