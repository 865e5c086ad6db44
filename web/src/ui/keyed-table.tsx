import { Button, Card, Descriptions, Flex, Grid, Table, type TableColumnType } from 'antd'
import type { ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { Nothing, Shown } from './states.tsx'

export type Column<T> = {
  key: string
  title: Words
  render: (row: T) => ReactNode
  width?: number
  /** Heads the card on a phone. */
  lead?: boolean
  /** A day, a number, a state: never broken over lines. */
  short?: boolean
}

const NEXT: Words = { zh: '下一页', en: 'Next page' }
const FIRST: Words = { zh: '回到第一页', en: 'First page' }
const TABLE: Words = { zh: '{name}，可左右滚动', en: '{name}, scrolls sideways' }

/** Where there is nothing to say or to do, the name of the column alone says nothing. */
const isNothing = (said: ReactNode): boolean => said === null || said === undefined || said === false || said === ''

/** The way on and back to the beginning, where there is one. `after` lives in the URL. */
export const Paging = ({
  after,
  next,
  go,
}: {
  after: string | undefined
  next: string | null | undefined
  go: (after: string | undefined) => void
}) => {
  const { t } = useLanguage()
  if (!after && !next) return null
  return (
    <Flex gap={8} justify="end" style={{ marginTop: 12 }}>
      {after && <Button onClick={() => go(undefined)}>{t(FIRST)}</Button>}
      {next && <Button onClick={() => go(next)}>{t(NEXT)}</Button>}
    </Flex>
  )
}

/** A list paged by key: a table where there is room, cards on a phone. `after` lives in the URL. */
export const KeyedTable = <T,>({
  name,
  rows,
  columns,
  rowKey,
  after,
  next,
  go,
  cards,
}: {
  name: Words
  rows: readonly T[]
  columns: Column<T>[]
  rowKey: (row: T) => string
  after?: string | undefined
  next?: string | null
  go?: (after: string | undefined) => void
  /** Cards on every screen: for a narrow place. */
  cards?: boolean
}) => {
  const { t } = useLanguage()
  const wide = Grid.useBreakpoint().md ?? window.innerWidth >= 768
  const paging = go && <Paging after={after} next={next} go={go} />
  if (cards || !wide) {
    const lead = columns.find((c) => c.lead) ?? columns[0]!
    const rest = columns.filter((c) => c !== lead)
    return (
      <>
        <ul className="xh-cards" aria-label={t(name)}>
          {rows.map((row) => (
            <li key={rowKey(row)}>
              <Card size="small" title={<span style={{ whiteSpace: 'normal' }}>{lead.render(row)}</span>}>
                <Descriptions
                  size="small"
                  column={1}
                  items={rest
                    .map((c) => ({ key: c.key, label: t(c.title), said: c.render(row) }))
                    .filter(({ said }) => !isNothing(said))
                    .map(({ said, ...item }) => ({ ...item, children: <div>{said}</div> }))}
                />
              </Card>
            </li>
          ))}
        </ul>
        {paging}
      </>
    )
  }
  const antColumns: TableColumnType<T>[] = columns.map((c) => ({
    key: c.key,
    title: t(c.title),
    render: (_, row) => c.render(row),
    ...(c.width ? { width: c.width } : {}),
    ...(c.short ? { className: 'xh-short' } : c.lead ? { className: 'xh-lead' } : {}),
  }))
  return (
    <>
      {/* Whoever has no mouse scrolls it with the arrow keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="xh-scroll" aria-label={t(TABLE, { name })} tabIndex={0}>
        <Table<T> size="middle" columns={antColumns} dataSource={rows} rowKey={rowKey} pagination={false} />
      </section>
      {paging}
    </>
  )
}

/** A page of a list as it comes from the API, in its four states: loading, refused or failed, empty, and the rows. */
export const KeyedList = <T,>({
  query,
  empty,
  ...table
}: {
  query: UseQueryResult<{ rows: T[]; next: string | null }, ApiProblem>
  name: Words
  /** Why there is nothing, and what to do. */
  empty: Words
  columns: Column<T>[]
  rowKey: (row: T) => string
  after: string | undefined
  go: (after: string | undefined) => void
}) => (
  <Shown query={query} isEmpty={(page) => page.rows.length === 0} empty={<Nothing why={empty} />}>
    {(page) => <KeyedTable {...table} rows={page.rows} next={page.next} />}
  </Shown>
)
