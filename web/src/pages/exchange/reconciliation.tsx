import { Alert, Button, Flex, Input, Modal, Select, Tabs } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/reconciliation/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { Differences } from './reconciliation-differences.tsx'
import { Statements } from './reconciliation-statements.tsx'
import { ExchangeTabs } from './section.tsx'

const W = {
  title: { zh: '公示系统对账', en: 'Reconciliation with the publicity system' },
  lead: {
    zh: '每日 {hour}:00 起与企业信用信息公示系统双向共享信用修复结果（含较低数额罚款到期停止公示），并逐条比对两个系统的公示内容。依据：{basis}',
    en: 'From {hour}:00 each day repair results are exchanged with the publicity system, small fines that expired included, and what both show is compared record by record. Basis: {basis}',
  },
  differences: { zh: '差异', en: 'Differences' },
  statements: { zh: '每日对账单', en: 'Daily statements' },
  now: { zh: '立即对账', en: 'Reconcile now' },
  system: { zh: '公示系统', en: 'Publicity system' },
  none: {
    zh: '还没有使用中的企业信用信息公示系统。请先在“共享对象”中接入。',
    en: 'No publicity system is in service yet. Connect one under “Peers” first.',
  },
  unset: {
    zh: '“{name}”还没有设置清单地址，尚不能对账。',
    en: 'It is not yet known where the list of “{name}” is found, so it cannot be compared.',
  },
  set: { zh: '设置清单地址', en: 'Set the address' },
  address: {
    zh: '清单地址（对方提供公示清单和处理结果的地址）',
    en: 'Address where the other side offers its list and results',
  },
  save: { zh: '保存', en: 'Save' },
  cancel: { zh: '取消', en: 'Cancel' },
  close: { zh: '关闭', en: 'Close' },
  done: {
    zh: '对账完成：两侧一致 {same} 条，未结差异 {open} 条。',
    en: 'Done: {same} the same on both sides, {open} differences open.',
  },
  failed: { zh: '对账未完成：{why}。', en: 'Not carried out: {why}.' },
} as const satisfies Record<string, Words>

type System = { id: string; name: string; address: string | null }

const SetAddress = ({ system, done }: { system: System; done: () => void }) => {
  const { t } = useLanguage()
  const [address, setAddress] = useState(system.address ?? '')
  const act = useAct(endpoints.setReconciliationAddress, done)
  return (
    <Modal
      open
      onCancel={done}
      title={t(W.set)}
      closable={{ 'aria-label': t(W.close) }}
      okText={t(W.save)}
      cancelText={t(W.cancel)}
      okButtonProps={{ loading: act.isPending, disabled: address.trim() === '' }}
      onOk={() => act.mutate({ peerId: system.id, address: address.trim() })}
    >
      <label htmlFor="list-address">{t(W.address)}</label>
      <Input id="list-address" value={address} maxLength={500} onChange={(e) => setAddress(e.target.value)} />
      {act.error && <Failed problem={act.error} />}
    </Modal>
  )
}

const RunNow = ({ peerId }: { peerId: string }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.reconcileNow)
  const { data: s } = act
  return (
    <>
      <Button type="primary" loading={act.isPending} onClick={() => act.mutate({ peerId })}>
        {t(W.now)}
      </Button>
      <div aria-live="polite" style={{ flexBasis: '100%' }}>
        {act.error && <Failed problem={act.error} />}
        {s?.state === 'done' && (
          <Alert
            type={s.openAfter ? 'warning' : 'success'}
            showIcon
            title={t(W.done, { same: s.same, open: s.openAfter })}
          />
        )}
        {s && s.state !== 'done' && (
          <Alert type="error" showIcon title={t(W.failed, { why: s.fault ?? { zh: '', en: '' } })} />
        )}
      </div>
    </>
  )
}

const Systems = ({ systems }: { systems: readonly System[] }) => {
  const { t } = useLanguage()
  const { has } = useSession()
  const { search, filter } = useListSearch()
  const [setting, setSetting] = useState<System | null>(null)
  const mayEdit = has('credit_office')
  const ready = systems.filter((s) => s.address !== null)
  const chosen = ready.find((s) => s.id === search.by) ?? ready[0]
  return (
    <>
      {systems
        .filter((s) => s.address === null)
        .map((s) => (
          <Alert
            key={s.id}
            type="info"
            showIcon
            title={t(W.unset, { name: s.name })}
            action={mayEdit && <Button onClick={() => setSetting(s)}>{t(W.set)}</Button>}
            style={{ marginBottom: 12 }}
          />
        ))}
      {chosen && (
        <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
          <Select
            aria-label={t(W.system)}
            value={chosen.id}
            onChange={(by) => filter({ by })}
            options={ready.map((s) => ({ value: s.id, label: s.name }))}
            style={{ minWidth: 240, maxWidth: '100%' }}
          />
          {mayEdit && <Button onClick={() => setSetting(chosen)}>{t(W.set)}</Button>}
          {mayEdit && <RunNow key={chosen.id} peerId={chosen.id} />}
        </Flex>
      )}
      {setting && <SetAddress system={setting} done={() => setSetting(null)} />}
    </>
  )
}

export const Reconciliation = () => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const query = useApi(endpoints.reconciliation, {})
  const view = search.view === 'statements' ? 'statements' : 'differences'
  return (
    <>
      <ExchangeTabs at="/exchange/reconciliation" />
      <h1>{t(W.title)}</h1>
      <Shown query={query} isEmpty={(d) => d.systems.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <>
            <p className="xh-quiet">{t(W.lead, { hour: data.hour, basis: data.basis })}</p>
            <Systems systems={data.systems} />
            <Tabs
              activeKey={view}
              onChange={(next) =>
                filter({ view: next === 'differences' ? undefined : next, state: undefined, code: undefined })
              }
              destroyOnHidden
              items={[
                { key: 'differences', label: t(W.differences), children: <Differences causes={data.causes} /> },
                { key: 'statements', label: t(W.statements), children: <Statements /> },
              ]}
            />
          </>
        )}
      </Shown>
    </>
  )
}
