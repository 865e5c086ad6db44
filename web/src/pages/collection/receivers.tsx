import { Collapse, Flex, Tag } from 'antd'
import { type ReceiverView, endpoints } from '../../../../src/capabilities/gateways/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bracketed, lawWords } from '../../ui/format.ts'
import { Nothing, Shown } from '../../ui/states.tsx'
import { CodeBox } from '../gateways/code-box.tsx'

const W = {
  title: { zh: '一次报送的去向', en: 'Where it goes' },
  lead: {
    zh: '报送一次，平台按下列格式分送各接收方，不需要分别填报。',
    en: 'You hand in once; each receiver is sent its own format.',
  },
  none: { zh: '该事项不对外共享，只在本平台使用。', en: 'This item is not shared; it stays on this platform.' },
  fields: { zh: '字段对应（目录字段 → 接收方字段）', en: 'Fields (ours → theirs)' },
  sample: { zh: '示例', en: 'Example' },
  masked: { zh: '隐去', en: 'masked' },
  unsure: { zh: '待核对', en: 'To be confirmed' },
  download: { zh: '下载已入库数据', en: 'Download the accepted rows' },
} as const satisfies Record<string, Words>

const Receiver = ({ receiver, submission }: { receiver: ReceiverView; submission: string | undefined }) => {
  const { t, lang } = useLanguage()
  return (
    <>
      <p className="xh-quiet">{lawWords(receiver.basis.instrument, receiver.basis.article, lang)}</p>
      {receiver.note && <p className="xh-quiet">{t(receiver.note)}</p>}
      {submission && (
        <p>
          <a href={urlOf(endpoints.receiverFile, { id: submission, receiver: receiver.code })}>{t(W.download)}</a>
        </p>
      )}
      <strong>{t(W.sample)}</strong>
      <CodeBox label={t(W.sample)} text={receiver.sample} />
      <strong>{t(W.fields)}</strong>
      <ul className="xh-pairs" aria-label={t(W.fields)}>
        {receiver.fields.map((f) => (
          <li key={f.key}>
            {t(f.label)}
            {f.masked && bracketed(t(W.masked), lang)} → <code>{f.name}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Shown before anything is sent: who receives an item, in which format; on a receipt also the rows in that format. */
export const Receivers = ({ item, submission }: { item: string; submission?: string }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.receivers, { item })
  return (
    <section style={{ marginTop: 16 }}>
      <h2>{t(W.title)}</h2>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <>
            <p className="xh-quiet">{t(W.lead)}</p>
            <Collapse
              items={data.rows.map((r) => ({
                key: r.code,
                label: (
                  <Flex gap={8} wrap align="center">
                    {t(r.name)} <Tag>{r.format.toUpperCase()}</Tag>
                    {r.unsure && <Tag color="gold">{t(W.unsure)}</Tag>}
                  </Flex>
                ),
                children: <Receiver receiver={r} submission={submission} />,
              }))}
            />
          </>
        )}
      </Shown>
    </section>
  )
}
