import { Link } from '@tanstack/react-router'
import { Button, Flex } from 'antd'
import type { ReactNode } from 'react'
import type { Endpoint } from '../../../../src/kernel/api.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { type ListSearch, useListSearch } from '../../ui/search.ts'

const W = {
  xlsx: { zh: '导出 Excel', en: 'Export (Excel)' },
  csv: { zh: '导出 CSV', en: 'Export (CSV)' },
} as const satisfies Record<string, Words>

/** Months, item and authority as the URL says; what is not said is the server's own choice. */
export const useScope = () => {
  const { from, to, item, authority } = useListSearch().search
  return {
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(item ? { item } : {}),
    ...(authority ? { authority } : {}),
  }
}

/** A number that opens to its rows; none stays a number. */
export const Opens = ({ n, to, label }: { n: number; to: ListSearch; label: string }): ReactNode => {
  const { search } = useListSearch()
  if (n === 0) return <>0</>
  const { from, to: until, item, authority } = search
  return (
    <Link
      to="/oversight"
      style={{ textDecoration: 'underline' }}
      aria-label={`${label} ${n}`}
      search={{ from, to: until, item, authority, ...to } as never}
    >
      {n}
    </Link>
  )
}

export const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)

/** The same list as a file. */
export const Exports = ({ endpoint, input }: { endpoint: Endpoint; input: Record<string, unknown> }) => {
  const { t, lang } = useLanguage()
  return (
    <Flex gap={8} wrap>
      {(['xlsx', 'csv'] as const).map((format) => (
        <Button key={format} href={`${urlOf(endpoint, { ...input, format })}&lang=${lang}`}>
          {t(W[format])}
        </Button>
      ))}
    </Flex>
  )
}

/** Where the one who looks may open the item. */
export const CaseLink = ({
  of,
  children,
}: {
  of: { subjectId: string; itemId: string; applicationId: string }
  children: ReactNode
}) => {
  const { has } = useSession()
  return has('officer', 'head') ? (
    <Link to="/queue/$subject/$item" params={{ subject: of.subjectId, item: of.itemId } as never}>
      {children}
    </Link>
  ) : (
    <Link to="/applications/$subject/$id" params={{ subject: of.subjectId, id: of.applicationId } as never}>
      {children}
    </Link>
  )
}
