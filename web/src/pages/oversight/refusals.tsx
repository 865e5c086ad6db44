import { type RefusalRow, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { WHAT_WORDS } from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { lawWords } from '../../ui/format.ts'
import { type Column, KeyedTable } from '../../ui/keyed-table.tsx'
import { Nothing, Shown } from '../../ui/states.tsx'
import { SpanFilter } from '../timeliness/span.tsx'
import { Opens, useScope } from './parts.tsx'

const W = {
  name: { zh: '驳回理由', en: 'Reasons of refusals' },
  none: { zh: '所选期间没有不予修复、不予受理的事项。', en: 'Nothing was refused in these months.' },
  sentence: { zh: '不符合的条件', en: 'Condition that failed' },
  article: { zh: '依据', en: 'Basis' },
} as const satisfies Record<string, Words>

/** Refusals by the sentence that failed; each opens to its rows. */
export const Refusals = () => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.oversightRefusals, useScope())
  const opens = (r: RefusalRow, n: number, act: 'refused' | 'not_accepted') => (
    <Opens
      n={n}
      to={{ view: 'entries', act, code: r.condition ?? 'none' }}
      label={`${t(r.sentence)} ${t(WHAT_WORDS[act])}`}
    />
  )
  const columns: Column<RefusalRow>[] = [
    { key: 'sentence', title: W.sentence, lead: true, render: (r) => t(r.sentence) },
    {
      key: 'article',
      title: W.article,
      render: (r) => (r.instrument ? lawWords(r.instrument, r.article, lang) : '—'),
    },
    { key: 'refused', title: WHAT_WORDS.refused, short: true, render: (r) => opens(r, r.refused, 'refused') },
    {
      key: 'not_accepted',
      title: WHAT_WORDS.not_accepted,
      short: true,
      render: (r) => opens(r, r.notAccepted, 'not_accepted'),
    },
  ]
  return (
    <>
      <SpanFilter />
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <KeyedTable
            name={W.name}
            rows={data.rows}
            columns={columns}
            rowKey={(r) => `${r.system}${r.condition ?? ''}`}
          />
        )}
      </Shown>
    </>
  )
}
