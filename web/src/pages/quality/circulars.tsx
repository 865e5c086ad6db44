import { type CircularView, endpoints } from '../../../../src/capabilities/quality/contract.ts'
import { CIRCULAR_ACTION_WORDS, CIRCULAR_STATE_WORDS } from '../../../../src/capabilities/quality/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { call, urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { MonthlyPapers, type PaperRow } from '../../ui/monthly-papers.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  draft: { zh: '拟制通报', en: 'Draft a circular' },
  none: { zh: '还没有通报。', en: 'There is no circular yet.' },
  noneOffice: { zh: '还没有通报，选择月份后可以拟制。', en: 'There is no circular yet; choose a month and draft one.' },
  title: { zh: '通报', en: 'Circular' },
  no: { zh: '文号', en: 'Number' },
  issued: { zh: '印发时间', en: 'Issued' },
  read: { zh: '查看正文', en: 'Read' },
  file: { zh: '下载', en: 'Download' },
  sure: { zh: '印发后不能再修改，确定印发？', en: 'Once issued it cannot be changed. Issue it?' },
  otherwise: { zh: '差错统计', en: 'the faults' },
} as const satisfies Record<string, Words>

export const Circulars = () => {
  const { lang } = useLanguage()
  const { search } = useListSearch()
  const rowOf = (c: CircularView): PaperRow => ({
    ...c,
    state: CIRCULAR_STATE_WORDS[c.state],
    mayRecompute: c.actions.includes('recompute'),
    mayIssue: c.actions.includes('issue'),
    links: [
      { label: W.read, href: `${urlOf(endpoints.circularPaper, { id: c.id })}?lang=${lang}`, newTab: true },
      { label: W.file, href: urlOf(endpoints.circularFile, { id: c.id, lang }) },
    ],
  })
  return (
    <MonthlyPapers
      words={{ ...W, recompute: CIRCULAR_ACTION_WORDS.recompute, issue: CIRCULAR_ACTION_WORDS.issue }}
      query={useApi(endpoints.listCirculars, { after: search.after })}
      rowOf={rowOf}
      draft={useAct(endpoints.draftCircular)}
      recompute={useAct(endpoints.recomputeCircular)}
      issue={useAct(endpoints.issueCircular)}
      verify={(id) => call(endpoints.verifyCircular, { id })}
    />
  )
}
