import type { ReactNode } from 'react'
import type { Words } from '../../../src/kernel/words.ts'
import { useLanguage } from '../app/language.tsx'
import { LinkTabs } from './link-tabs.tsx'
import { useListSearch } from './search.ts'

export type FigureView = { label: Words; page: () => ReactNode }

/** Figures and the rows behind them, a view at a time. View, months and filters stand in the URL and pass from one view to the next; the first is shown where none is named. */
export const FigureViews = <V extends string>({
  title,
  to,
  views,
}: {
  title: Words
  to: string
  views: Record<V, FigureView>
}) => {
  const { t } = useLanguage()
  const { search } = useListSearch()
  const names = Object.keys(views) as V[]
  const view = names.find((name) => name === search.view) ?? names[0]!
  const Page = views[view].page
  const { from, to: until, item, authority } = search
  const tabs = names.map((key) => ({
    key,
    label: views[key].label,
    link: { to, search: { from, to: until, item, authority, view: key } as never },
  }))
  return (
    <>
      <h1>{t(title)}</h1>
      <LinkTabs name={t(title)} at={view} tabs={tabs} />
      <Page />
    </>
  )
}
