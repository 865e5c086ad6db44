import type { ListSearch } from '../../ui/search.ts'

/** What the URL says of the span, as the endpoints take it. */
export const spanOf = (search: Pick<ListSearch, 'from' | 'to' | 'authority' | 'item'>) => ({
  from: search.from,
  to: search.to,
  authorityId: search.authority,
  item: search.item,
})
