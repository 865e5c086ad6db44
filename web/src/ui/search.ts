import { useNavigate, useSearch } from '@tanstack/react-router'

const NAMES = [
  'after',
  'state',
  'item',
  'view',
  'verdict',
  'subject',
  'act',
  'by',
  'q',
  'system',
  'role',
  'authority',
  'actor',
  'from',
  'to',
  'month',
  'code',
  'field',
  'division',
  'colour',
  'ground',
  'record',
] as const
/** The URL is the state of a list: where the page begins and what it is filtered by. */
export type ListSearch = { [K in (typeof NAMES)[number]]?: string | undefined }

export const listSearch = (search: Record<string, unknown>): ListSearch =>
  Object.fromEntries(
    NAMES.flatMap((n) =>
      search[n] === undefined || search[n] === '' ? [] : [[n, String(search[n] as string | number)]],
    ),
  )

/** The state of a list is in the URL; a filter starts again from the first page. */
export const useListSearch = () => {
  const search = useSearch({ strict: false }) as ListSearch
  const navigate = useNavigate()
  return {
    search,
    go: (after: string | undefined) => void navigate({ to: '.', search: { ...search, after } as never }),
    filter: (change: ListSearch) =>
      void navigate({ to: '.', search: { ...search, ...change, after: undefined } as never }),
  }
}
