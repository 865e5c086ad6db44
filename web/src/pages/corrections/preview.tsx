import { Alert, Card, Descriptions, Radio } from 'antd'
import type { PreviewView } from '../../../../src/capabilities/corrections/contract.ts'
import { CODE_KIND_WORDS } from '../../../../src/capabilities/subjects/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, listWords } from '../../ui/format.ts'

const W = {
  title: { zh: '将要变动的内容', en: 'What would move' },
  titleDone: { zh: '变动的内容', en: 'What moved' },
  from: { zh: '移出档案', en: 'From' },
  into: { zh: '移入档案', en: 'To' },
  records: { zh: '信用信息', en: 'Records' },
  noRecords: { zh: '没有信用信息', en: 'None' },
  codes: { zh: '代码', en: 'Codes' },
  names: { zh: '名称', en: 'Names' },
  other: { zh: '其他', en: 'Besides' },
  clashes: { zh: '两份档案中相同的决定', en: 'Decisions that stand on both files' },
  clashesHelp: {
    zh: '请逐条选择以哪一条为准；另一条留在原档案，不再展示，还原时恢复。',
    en: 'Choose which one stands; the other stays behind and is not shown. Undoing brings it back.',
  },
  keepInto: { zh: '以移入档案的为准', en: 'The one already there' },
  keepFrom: { zh: '以移出档案的为准', en: 'The one that comes' },
  way: { zh: '暂不能办理', en: 'It cannot be done now' },
} as const satisfies Record<string, Words>

export type Stands = Record<string, 'from' | 'into'>
type Clash = PreviewView['clashes'][number]
export const clashKey = (c: Pick<Clash, 'fromId' | 'intoId'>): string => `${c.fromId} ${c.intoId}`

/** What goes where, and what has to be decided before. `choose` is absent where it is only read. */
export const Preview = ({
  preview,
  done,
  stands,
  choose,
}: {
  preview: PreviewView
  done: boolean
  stands: Stands
  choose?: (key: string, which: 'from' | 'into') => void
}) => {
  const { t, lang } = useLanguage()
  const subject = (s: PreviewView['from'] | null) => (s ? `${s.name}${s.code ? ` · ${s.code}` : ''}` : '—')
  const items = [
    { key: 'from', label: t(W.from), children: subject(preview.from) },
    { key: 'into', label: t(W.into), children: subject(preview.into) },
    {
      key: 'records',
      label: t(W.records),
      children: preview.records.length
        ? preview.records.map((r) => `${r.name} ${r.n}`).join(lang === 'zh' ? '；' : '; ')
        : t(W.noRecords),
    },
    ...(preview.codes.length
      ? [
          {
            key: 'codes',
            label: t(W.codes),
            children: preview.codes
              .map((c) => `${t(CODE_KIND_WORDS[c.kind as keyof typeof CODE_KIND_WORDS])} ${c.code}`)
              .join(lang === 'zh' ? '；' : '; '),
          },
        ]
      : []),
    ...(preview.names.length ? [{ key: 'names', label: t(W.names), children: listWords(preview.names, lang) }] : []),
    ...(preview.counts.length
      ? [
          {
            key: 'other',
            label: t(W.other),
            children: preview.counts.map((c) => `${t(c.what)} ${c.n}`).join(lang === 'zh' ? '；' : '; '),
          },
        ]
      : []),
  ]
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(done ? W.titleDone : W.title)}</h2>
      <Descriptions size="small" column={1} items={items} />
      {!done && preview.inTheWay.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginTop: 12 }}
          title={t(W.way)}
          description={
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {preview.inTheWay.map((w) => (
                <li key={w.message.zh}>{t(w.message)}</li>
              ))}
            </ul>
          }
        />
      )}
      {preview.clashes.length > 0 && (
        <section aria-label={t(W.clashes)} style={{ marginTop: 12 }}>
          <h3>{t(W.clashes)}</h3>
          {!done && <p>{t(W.clashesHelp)}</p>}
          {preview.clashes.map((c) => {
            const key = clashKey(c)
            return (
              <div key={key} className="xh-row">
                <div>
                  {c.docNo} · {c.authorityName} · {dayWords(c.decidedOn, lang)}
                </div>
                <Radio.Group
                  aria-label={c.docNo}
                  value={stands[key]}
                  disabled={!choose}
                  onChange={(e) => choose?.(key, e.target.value as 'from' | 'into')}
                  options={[
                    { value: 'into', label: t(W.keepInto) },
                    { value: 'from', label: t(W.keepFrom) },
                  ]}
                />
              </div>
            )
          })}
        </section>
      )}
    </Card>
  )
}
