import { Alert, Button, Empty, Flex, Spin } from 'antd'
import { type ReactNode, useState } from 'react'
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'

const LOADING: Words = { zh: '正在加载…', en: 'Loading…' }
const AGAIN: Words = { zh: '重新加载', en: 'Try again' }
const NEWEST: Words = { zh: '刷新为最新内容', en: 'Show it as it is now' }
/** What somebody else was faster with: shown anew, nothing typed is lost. */
const isStale = (code: string): boolean => code === 'NO_SUCH_MOVE' || code === 'STALE' || code.endsWith('_STALE')
const REQUEST: Words = { zh: '请求编号', en: 'Request' }

export const Loading = () => {
  const { t } = useLanguage()
  return (
    <Flex component="output" vertical align="center" gap={12} style={{ padding: 48 }}>
      <Spin />
      <span className="xh-quiet">{t(LOADING)}</span>
    </Flex>
  )
}

/** Refused or failed: what, why and what to do, in the platform's own words. */
export const Failed = ({ problem, retry }: { problem: ApiProblem; retry?: () => void }) => {
  const { t } = useLanguage()
  const client = useQueryClient()
  const [settled, setSettled] = useState<ApiProblem | null>(null)
  const { code, detail, errors, status, requestId } = problem.problem
  if (settled === problem) return null
  const newest = async (): Promise<void> => {
    await client.invalidateQueries()
    setSettled(problem)
  }
  // The class of a wrong password is "sign-in needed", which helps nobody who is signing in.
  const title = code === 'WRONG_CREDENTIALS' ? '' : problem.problem.title
  const refused = status >= 400 && status < 500
  const more = errors.filter((e) => e.message && e.message !== detail)
  // Several reasons at once stand in a list and not also in one breath.
  const listed = more.length > 1 && more.every((e) => detail.includes(e.message))
  return (
    <Alert
      type={refused ? 'warning' : 'error'}
      showIcon
      role="alert"
      title={title || detail}
      description={
        <>
          {title && !listed && <div>{detail}</div>}
          {more.length > 0 && (
            <ul style={{ margin: '8px 0 0', paddingInlineStart: 20 }}>
              {more.map((e) => (
                <li key={`${e.path ?? ''}${e.message}`}>{e.message}</li>
              ))}
            </ul>
          )}
          {isStale(code) && !retry && (
            <Button style={{ marginTop: 8 }} onClick={() => void newest()}>
              {t(NEWEST)}
            </Button>
          )}
          {!refused && requestId && (
            <span className="xh-quiet">
              {t(REQUEST)} {requestId}
            </span>
          )}
        </>
      }
      action={retry && <Button onClick={retry}>{t(AGAIN)}</Button>}
    />
  )
}

/** Nothing here: why, and what to do next. */
export const Nothing = ({ why, children }: { why: Words; children?: ReactNode }) => {
  const { t } = useLanguage()
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t(why)} style={{ padding: 24 }}>
      {children}
    </Empty>
  )
}

/** The four states of a page in one place: loading, refused or failed, empty, and what it came for. */
export const Shown = <T,>({
  query,
  heading,
  empty,
  isEmpty,
  children,
}: {
  query: UseQueryResult<T, ApiProblem>
  /** Where the page's own heading comes with the data: what stands there until then, or instead. */
  heading?: Words
  empty?: ReactNode
  isEmpty?: (data: T) => boolean
  children: (data: T) => ReactNode
}) => {
  const { t } = useLanguage()
  const head = heading && <h1>{t(heading)}</h1>
  if (query.isPending)
    return (
      <>
        {head}
        <Loading />
      </>
    )
  // What is on the screen stays while the line is down or the session has ended: nothing entered is lost.
  const passing = query.error && [0, 401].includes(query.error.problem.status) && query.data !== undefined
  if (query.isError && !passing)
    return (
      <>
        {head}
        <Failed problem={query.error} retry={() => void query.refetch()} />
      </>
    )
  const data = query.data as T
  if (empty && isEmpty?.(data)) return empty
  return children(data)
}
