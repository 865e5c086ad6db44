import { Button, Drawer, Flex, Form } from 'antd'
import { type AuthorityView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { DivisionSelect, useDivisions } from './choices.tsx'

const W = {
  title: { zh: '调整单位所属行政区划', en: 'Move an authority to another division' },
  close: { zh: '关闭', en: 'Close' },
  now: { zh: '“{name}”现属{division}。', en: '“{name}” belongs to {division}.' },
  hint: {
    zh: '调整后，该单位及其用户归新的行政区划管理；已报送的数据不变。',
    en: 'The authority and its people then belong to the new division; what was handed in stays as it is.',
  },
  to: { zh: '调整到', en: 'Move to' },
  need: { zh: '请选择行政区划', en: 'Choose a division' },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

export const AuthorityMove = ({ authority, done }: { authority: AuthorityView; done: () => void }) => {
  const { t } = useLanguage()
  const { nameOf } = useDivisions()
  const move = useAct(endpoints.moveAuthority, done)
  return (
    <Drawer open onClose={done} size="min(480px, 100vw)" title={t(W.title)} closable={{ 'aria-label': t(W.close) }}>
      <p style={{ marginTop: 0 }}>{t(W.now, { name: authority.name, division: nameOf(authority.division) })}</p>
      <p>{t(W.hint)}</p>
      <Form<{ division: string }>
        name="move"
        layout="vertical"
        onFinish={({ division }) => move.mutate({ id: authority.id, division, seen: authority.version })}
      >
        <Form.Item name="division" label={t(W.to)} rules={[{ required: true, message: t(W.need) }]}>
          <DivisionSelect />
        </Form.Item>
        {move.error && <Failed problem={move.error} />}
        <Flex gap={8} style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={move.isPending}>
            {t(W.save)}
          </Button>
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
