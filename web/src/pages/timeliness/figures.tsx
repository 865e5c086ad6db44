import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type ListSearch, useListSearch } from '../../ui/search.ts'

/** A number that opens to its rows; none stays a number. */
export const Figure = ({ n, to, label }: { n: number; to: ListSearch; label: string }): ReactNode => {
  const { search } = useListSearch()
  if (n === 0) return <>0</>
  return (
    <Link
      to="/timeliness"
      style={{ textDecoration: 'underline' }}
      aria-label={`${label} ${n}`}
      search={{ from: search.from, to: search.to, item: search.item, authority: search.authority, ...to } as never}
    >
      {n}
    </Link>
  )
}

export const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(2)}%`)
