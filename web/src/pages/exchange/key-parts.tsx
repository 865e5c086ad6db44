import { Form, type FormInstance, Modal, Select, Tag } from 'antd'
import type { ReactNode } from 'react'
import {
  ALGORITHMS,
  ALGORITHM_WORDS,
  type Algorithm,
  KEY_STATE_WORDS,
  type KeyState,
} from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import type { ApiProblem } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import type { Column } from '../../ui/keyed-table.tsx'
import { Failed } from '../../ui/states.tsx'

/** What our own signing keys and those of peers have in common. */

const W = {
  id: { zh: '密钥编号', en: 'Id' },
  algorithm: { zh: '签名算法', en: 'Algorithm' },
  state: { zh: '状态', en: 'State' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
} as const satisfies Record<string, Words>

const COLOURS: Record<KeyState, string> = { coming: 'blue', valid: 'green', ended: 'default', revoked: 'red' }

/** Which key it is, of what kind, and whether it counts. */
export const useKeyColumns = (): Column<{ keyId: string; algorithm: Algorithm; state: KeyState }>[] => {
  const { t } = useLanguage()
  return [
    { key: 'id', title: W.id, lead: true, render: (k) => <code>{k.keyId}</code> },
    { key: 'algorithm', title: W.algorithm, short: true, render: (k) => t(ALGORITHM_WORDS[k.algorithm]) },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (k) => <Tag color={COLOURS[k.state]}>{t(KEY_STATE_WORDS[k.state])}</Tag>,
    },
  ]
}

/** Asks for a key, or for a new one in place of another. What was filled in stays when the platform refuses. */
export const KeyDialog = <T extends { algorithm: Algorithm }>({
  id,
  title,
  form,
  initial,
  act,
  send,
  done,
  lead,
  children,
}: {
  id: string
  /** Of the dialog and of its button. */
  title: Words
  form: FormInstance<T>
  initial: Partial<T> & { algorithm: Algorithm }
  act: { isPending: boolean; error: ApiProblem | null }
  send: (values: T) => void
  done: () => void
  lead?: Words
  children: (required: { required: true; message: string }) => ReactNode
}) => {
  const { t } = useLanguage()
  const required = { required: true as const, message: t(W.need) }
  return (
    <Modal
      open
      onCancel={done}
      title={t(title)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(title)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending }}
      onOk={() => form.submit()}
    >
      {lead && <p>{t(lead)}</p>}
      <Form<T> name={id} form={form} layout="vertical" initialValues={initial} onFinish={send}>
        <Form.Item name="algorithm" label={t(W.algorithm)} rules={[required]}>
          <Select options={ALGORITHMS.map((a) => ({ value: a, label: t(ALGORITHM_WORDS[a]) }))} />
        </Form.Item>
        {children(required)}
      </Form>
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}
