import { useNavigate, useSearch } from '@tanstack/react-router'

export type ListSearch = { after?: string; state?: string; item?: string; view?: string; verdict?: string; subject?: string; act?: string }

/** The state of a list is in the URL; a filter starts again from the first page. */
export const useListSearch = () => {
  const search = useSearch({ strict: false }) as ListSearch
  const navigate = useNavigate()
  return {
    search,
    go: (after: string | undefined) => void navigate({ to: '.', search: { ...search, after } as never }),
    filter: (change: ListSearch) => void navigate({ to: '.', search: { ...search, ...change, after: undefined } as never }),
  }
}
