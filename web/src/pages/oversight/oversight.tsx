import { Link } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { ReactNode } from 'react'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useListSearch } from '../../ui/search.ts'
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
} as const satisfies Record<string, { label: Words; page: () => ReactNode }>
type View = keyof typeof VIEWS

/** How repair is done, authority by authority; each figure opens to its rows. The view and its filters are in the URL. */
export const Oversight = () => {
  const { t } = useLanguage()
  const { search } = useListSearch()
  const view: View = search.view && search.view in VIEWS ? (search.view as View) : 'figures'
  const Page = VIEWS[view].page
  const { from, to, item, authority } = search
  return (
    <>
      <h1>{t(TITLE)}</h1>
      <nav aria-label={t(TITLE)}>
        <Flex gap={4} wrap style={{ borderBottom: '1px solid #d5dce5', marginBottom: 16 }}>
          {Object.entries(VIEWS).map(([key, { label }]) => (
            <Link
              key={key}
              to="/oversight"
              search={{ from, to, item, authority, view: key } as never}
              aria-current={key === view ? 'page' : undefined}
              activeProps={{}}
              style={{
                padding: '8px 12px',
                textDecoration: 'none',
                borderBottom: `3px solid ${key === view ? '#0b4a8f' : 'transparent'}`,
                fontWeight: key === view ? 600 : 400,
              }}
            >
              {t(label)}
            </Link>
          ))}
        </Flex>
      </nav>
      <Page />
    </>
  )
}
