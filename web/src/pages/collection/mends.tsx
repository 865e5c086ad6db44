import { Checkbox, Tag } from 'antd'
import type { ProposalView } from '../../../../src/capabilities/collection/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed } from '../../ui/format.ts'

const W = {
  empty: { zh: '（未填写）', en: '(empty)' },
  becomes: { zh: '改为', en: 'becomes' },
  enough: { zh: '采纳后可入库', en: 'Accepted with these' },
  notEnough: { zh: '采纳后仍需自行修改', en: 'More to mend' },
} as const satisfies Record<string, Words>

/** Which proposals the collector leaves out: all others are accepted. */
export type LeftOut = ReadonlySet<string>
export const mendKey = (n: number, key: string): string => `${n}|${key}`
export const toggled = (left: LeftOut, key: string): LeftOut => {
  const next = new Set(left)
  if (!next.delete(key)) next.add(key)
  return next
}

/** A value out of a file is in no language that a voice could read, or in Chinese, whatever the page speaks. */
const PLAIN = /^[\x20-\x7e]+$/
export const tongueOf = (value: string): { lang?: 'zxx' | 'zh-CN' } =>
  value ? { lang: PLAIN.test(value) ? 'zxx' : 'zh-CN' } : {}

/** What stood there and what it becomes. */
export const Change = ({ was, became }: { was: string; became: string }) => {
  const { t } = useLanguage()
  return (
    <span className="xh-change">
      <del {...tongueOf(was)}>{was || t(W.empty)}</del> <span>{t(W.becomes)}</span>{' '}
      <ins {...tongueOf(became)}>{became || t(W.empty)}</ins>
    </span>
  )
}

export const Enough = ({ enough }: { enough: boolean }) => {
  const { t } = useLanguage()
  return <Tag color={enough ? 'green' : 'default'}>{t(enough ? W.enough : W.notEnough)}</Tag>
}

/** The proposals for one row, each accepted unless its box is cleared. */
export const ProposedMends = ({
  n,
  proposals,
  left,
  onToggle,
}: {
  n: number
  proposals: readonly ProposalView[]
  left: LeftOut
  onToggle: (key: string) => void
}) => {
  const { lang } = useLanguage()
  return (
    <ul className="xh-mends xh-choices">
      {proposals.map((p) => {
        const key = mendKey(n, p.key)
        return (
          <li key={p.key}>
            <Checkbox checked={!left.has(key)} onChange={() => onToggle(key)}>
              <strong>{p.field}</strong> <Change was={p.was} became={p.became} />
              <span className="xh-quiet">{bracketed(p.why, lang)}</span>
            </Checkbox>
          </li>
        )
      })}
    </ul>
  )
}
