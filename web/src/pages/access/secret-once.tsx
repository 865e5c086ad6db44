import { Alert, Button, Descriptions, Flex } from 'antd'
import { useState } from 'react'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
  byHand: {
    zh: '浏览器不允许自动复制，请选中后手动复制',
    en: 'This browser does not copy; select it and copy by hand',
  },
  close: { zh: '已妥善保存，关闭', en: 'I have kept it; close' },
} as const satisfies Record<string, Words>

/** A secret that is told one time only; it is gone when the page is left. */
export const SecretOnce = ({
  title,
  hint,
  label,
  secret,
  also = [],
  done,
}: {
  title: string
  hint: string
  label: string
  secret: string
  also?: { label: string; value: string }[]
  done: () => void
}) => {
  const { t } = useLanguage()
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    } catch {
      setCopied(false)
    }
  }
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={title}
      style={{ marginBottom: 16 }}
      description={
        <>
          <p style={{ marginTop: 0 }}>{hint}</p>
          <Descriptions
            size="small"
            column={1}
            items={[
              ...also.map((a) => ({ key: a.label, label: a.label, children: a.value })),
              {
                key: 'secret',
                label,
                children: <code style={{ userSelect: 'all', overflowWrap: 'anywhere' }}>{secret}</code>,
              },
            ]}
          />
          <Flex gap={8} wrap align="center" style={{ marginTop: 8 }}>
            <Button type="primary" onClick={() => void copy()}>
              {t(W.copy)}
            </Button>
            <Button onClick={done}>{t(W.close)}</Button>
            <span aria-live="polite">{copied === null ? '' : t(copied ? W.copied : W.byHand)}</span>
          </Flex>
        </>
      }
    />
  )
}
