import { Link } from '@tanstack/react-router'
import { Flex } from 'antd'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { useListSearch } from '../../ui/search.ts'
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
} as const satisfies Record<string, { label: Words; page: () => React.ReactNode }>
type View = keyof typeof VIEWS

/** Who reports what and how late; each figure opens to its rows. The view, the months and the filters are in the URL. */
export const Timeliness = () => {
  const { t } = useLanguage()
  const { search } = useListSearch()
  const view: View = search.view && search.view in VIEWS ? (search.view as View) : 'overview'
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
              to="/timeliness"
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
