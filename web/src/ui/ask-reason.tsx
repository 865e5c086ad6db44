import { Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Words } from '../../../src/kernel/words.ts'
import type { ApiProblem } from '../app/api.ts'
import { useLanguage } from '../app/language.tsx'
import { Failed } from './states.tsx'

const CANCEL: Words = { zh: '取消', en: 'Cancel' }
const CLOSE: Words = { zh: '关闭', en: 'Close' }

/** Asks once more before something is done, and takes down why. What was written stays when the platform refuses. */
export const AskReason = ({
  id,
  title,
  ok,
  label,
  least,
  most = 500,
  danger = false,
  ready = true,
  act,
  send,
  done,
  children,
}: {
  /** Of the field; names it in the page. */
  id: string
  title: string
  ok: Words
  label: Words
  /** So many characters at least; 0: it may be left empty. */
  least: number
  most?: number
  danger?: boolean
  /** Whether all that stands above the reason is there. */
  ready?: boolean
  act: { isPending: boolean; error: ApiProblem | null }
  /** The reason without spaces around it. */
  send: (reason: string) => void
  done: () => void
  /** What it brings about. */
  children?: ReactNode
}) => {
  const { t } = useLanguage()
  const [reason, setReason] = useState('')
  return (
    <Modal
      open
      onCancel={done}
      title={title}
      closable={{ 'aria-label': t(CLOSE) }}
      okText={t(ok)}
      cancelText={t(CANCEL)}
      okButtonProps={{ danger, loading: act.isPending, disabled: !ready || reason.trim().length < least }}
      onOk={() => send(reason.trim())}
    >
      {children}
      <Form layout="vertical">
        <Form.Item label={t(label)} htmlFor={id} required={least > 0}>
          <Input.TextArea
            id={id}
            rows={3}
            maxLength={most}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        </Form.Item>
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}
