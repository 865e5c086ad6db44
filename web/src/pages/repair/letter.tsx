import { Button, Modal } from 'antd'
import { useState } from 'react'
import { type AnyLetter, endpoints } from '../../../../src/capabilities/certificates/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { colon, dayWords } from '../../ui/format.ts'

const W = {
  open: { zh: '查看《{title}》', en: 'Read “{title}”' },
  no: { zh: '编号：{no}', en: 'No. {no}' },
  basis: { zh: '依据', en: 'Basis' },
  close: { zh: '关闭', en: 'Close' },
  pdf: { zh: '下载 PDF', en: 'Download PDF' },
} as const satisfies Record<string, Words>

/** A letter as data, read on the screen or fetched as PDF. When its subject opens it, it is delivered. */
export const LetterButton = ({ letter, of }: { letter: AnyLetter; of: { subject: string; id: string } }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const receive = useAct(endpoints.receiveLetter)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        type="link"
        style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }}
        onClick={() => {
          setOpen(true)
          if (has('enterprise')) receive.mutate(of)
        }}
      >
        {t(W.open, { title: letter.title })}
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        title={t(letter.title)}
        closable={{ 'aria-label': t(W.close) }}
        footer={[
          <Button key="pdf" href={urlOf(endpoints.downloadLetter, { ...of, lang })} download>
            {t(W.pdf)}
          </Button>,
          <Button key="close" type="primary" onClick={() => setOpen(false)}>
            {t(W.close)}
          </Button>,
        ]}
      >
        <p style={{ color: '#4a5568' }}>{t(W.no, { no: letter.no })}</p>
        <p>
          {letter.addressee}
          {colon(lang)}
        </p>
        {letter.paragraphs.map((p) => (
          <p key={p.zh}>{t(p)}</p>
        ))}
        {letter.basis.length > 0 && (
          <p>
            {t(W.basis)}
            {colon(lang)}
            {letter.basis.map((b) => t(b)).join(lang === 'zh' ? '；' : '; ')}
          </p>
        )}
        <p style={{ textAlign: 'end' }}>
          {letter.signedBy}
          <br />
          {dayWords(letter.on, lang)}
        </p>
      </Modal>
    </>
  )
}
