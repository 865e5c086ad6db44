import { Alert, Button, Card, Checkbox, Flex, Form, Input, Tag, Typography } from 'antd'
import { useState } from 'react'
import type { PeerView } from '../../../../src/capabilities/exchange/contract.ts'
import {
  type OnboardingView,
  type RequestView,
  type StepView,
  endpoints,
} from '../../../../src/capabilities/onboarding/contract.ts'
import {
  STEP_HINTS,
  STEP_STATE_WORDS,
  STEP_WORDS,
  type StepState,
} from '../../../../src/capabilities/onboarding/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'

const W = {
  steps: { zh: '接入步骤', en: 'Steps of the connection' },
  by: {
    credit_office: { zh: '信用办办理', en: 'by the credit office' },
    peer: { zh: '对方上报', en: 'reported by the peer' },
    platform: { zh: '平台核验', en: 'seen by the platform' },
  },
  profile: { zh: '确认资料齐全', en: 'The profile is complete' },
  sandbox: { zh: '确认沙箱核对无误', en: 'The sandbox is in order' },
  service: { zh: '启用', en: 'Take into service' },
  basis: { zh: '已核对共享依据：{basis}', en: 'The legal basis was checked: {basis}' },
  note: { zh: '说明（选填）', en: 'Note (optional)' },
  inSandbox: {
    zh: '沙箱共 {events} 个事件，已确认 {acknowledged} 个；停止公示 {withdrawals} 个，已确认撤下 {down} 个。',
    en: 'The sandbox holds {events} events, {acknowledged} acknowledged; {withdrawals} withdrawals, {down} acknowledged as down.',
  },
  command: { zh: '请对方运行', en: 'The peer runs' },
  commandHint: {
    zh: '把“接口密钥”和“私钥文件”换成对方自己的；没有本平台程序的，按《对接说明》自行编写。',
    en: 'With its own key and key file; how to connect without this program is in the page for developers.',
  },
  copy: { zh: '复制', en: 'Copy' },
  copied: { zh: '已复制', en: 'Copied' },
  done: {
    onboarding: null,
    active: { zh: '已启用，正在交换正式数据。', en: 'In service: real data is exchanged.' },
    suspended: { zh: '接入已完成，目前暂停共享。', en: 'It was connected, and is suspended now.' },
    cut_off: { zh: '已停止供数。', en: 'It was connected, and is cut off now.' },
  },
  unrecorded: {
    zh: '该对象没有经过接入步骤，直接启用，因此没有步骤记录。',
    en: 'It was taken into service without these steps, so nothing of them is recorded.',
  },
  requests: { zh: '最近的请求', en: 'Last requests' },
  requestsHint: {
    zh: '接入期间显示全部请求，启用后只显示未成功的请求。',
    en: 'Everything while it is being connected; later what failed.',
  },
  at: { zh: '时间', en: 'Time' },
  what: { zh: '请求', en: 'Request' },
  from: { zh: '对方请求本平台，来自 {address}', en: 'the peer to us, from {address}' },
  to: { zh: '本平台向对方推送', en: 'our push to the peer' },
  result: { zh: '结果', en: 'Result' },
  why: { zh: '说明', en: 'In words' },
  fine: { zh: '成功', en: 'fine' },
  none: { zh: '还没有收到对方的请求。', en: 'No request has come yet.' },
} as const

const COLOURS: Record<StepState, string> = { open: 'default', passed: 'green', failed: 'red', outdated: 'orange' }
type Taken = 'profile' | 'sandbox' | 'service'
const isTaken = (step: string): step is Taken => step === 'profile' || step === 'sandbox' || step === 'service'

const Take = ({ peer, view, step }: { peer: PeerView; view: OnboardingView; step: Taken }) => {
  const { t } = useLanguage()
  const [note, setNote] = useState('')
  const [basisChecked, setBasisChecked] = useState(false)
  const act = useAct(endpoints.takeStep, () => undefined)
  return (
    <Form layout="vertical" style={{ marginTop: 12 }}>
      {step === 'service' && (
        <Form.Item>
          <Checkbox checked={basisChecked} onChange={(e) => setBasisChecked(e.target.checked)}>
            {t(W.basis, { basis: t(view.legalBasis) })}
          </Checkbox>
        </Form.Item>
      )}
      <Form.Item label={t(W.note)} htmlFor={`note-${step}`}>
        <Input id={`note-${step}`} maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Button
        type="primary"
        loading={act.isPending}
        disabled={step === 'service' && !basisChecked}
        onClick={() => act.mutate({ id: peer.id, step, note: note.trim(), basisChecked, seen: view.version })}
      >
        {t(W[step])}
      </Button>
    </Form>
  )
}

const StepCard = ({ peer, view, one, n }: { peer: PeerView; view: OnboardingView; one: StepView; n: number }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const command = `xinheng peer test --url ${window.location.origin} --key ${lang === 'zh' ? '接口密钥' : 'KEY'} --signing-key ${lang === 'zh' ? '私钥文件' : 'FILE'}`
  return (
    <li style={{ listStyle: 'none' }}>
      <Card size="small">
        <Flex justify="space-between" gap={8} wrap>
          <h3 style={{ margin: 0 }}>
            {n}. {t(STEP_WORDS[one.step])}
          </h3>
          <Tag color={COLOURS[one.state]}>{t(STEP_STATE_WORDS[one.state])}</Tag>
        </Flex>
        <p className="xh-quiet" style={{ marginBottom: 4 }}>
          {t(STEP_HINTS[one.step])}
        </p>
        {one.at && one.by && (
          <div>
            {instantWords(one.at, lang)} {t(W.by[one.by])}
          </div>
        )}
        {one.proof.length > 0 && (
          <ul style={{ margin: '4px 0 0', paddingInlineStart: 20, overflowWrap: 'anywhere' }}>
            {one.proof.map((p) => (
              <li key={p.en}>{t(p)}</li>
            ))}
          </ul>
        )}
        {one.step === 'conformance' && one.state !== 'passed' && view.state === 'onboarding' && (
          <>
            <div>{t(W.command)}</div>
            <Typography.Paragraph
              copyable={{ text: command, tooltips: [t(W.copy), t(W.copied)] }}
              style={{ overflowWrap: 'anywhere', marginBottom: 4 }}
            >
              <code>{command}</code>
            </Typography.Paragraph>
            <div className="xh-quiet">{t(W.commandHint)}</div>
          </>
        )}
        {one.step === 'sandbox' && <div>{t(W.inSandbox, view.sandbox)}</div>}
        {one.ready && has('credit_office') && isTaken(one.step) && <Take peer={peer} view={view} step={one.step} />}
      </Card>
    </li>
  )
}

const Requests = ({ peer }: { peer: PeerView }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.peerRequests, { id: peer.id, after: search.after }, { every: 5000 })
  const title: Words = W.requests
  const columns: Column<RequestView>[] = [
    { key: 'at', title: W.at, short: true, lead: true, render: (r) => instantWords(r.at, lang) },
    {
      key: 'what',
      title: W.what,
      render: (r) => (
        <span style={{ overflowWrap: 'anywhere' }}>
          {r.method} {r.path}
          <div className="xh-quiet">{r.direction === 'from_peer' ? t(W.from, { address: r.address }) : t(W.to)}</div>
        </span>
      ),
    },
    {
      key: 'result',
      title: W.result,
      short: true,
      render: (r) => <Tag color={r.code ? 'red' : 'green'}>{r.status || '—'}</Tag>,
    },
    { key: 'why', title: W.why, render: (r) => t(r.detail) || t(W.fine) },
  ]
  return (
    <>
      <h2 style={{ marginTop: 24 }}>{t(title)}</h2>
      <p className="xh-quiet">{t(W.requestsHint)}</p>
      <KeyedList
        query={query}
        name={title}
        empty={W.none}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}

/** How far a peer is connected, each step with its proof, and what its system asked lately. */
export const PeerOnboarding = ({ peer }: { peer: PeerView }) => {
  const { t } = useLanguage()
  const query = useApi(
    endpoints.onboarding,
    { id: peer.id },
    { every: (d) => (d && d.state === 'onboarding' ? 4000 : false) },
  )
  return (
    <>
      <h2>{t(W.steps)}</h2>
      <Shown query={query}>
        {(view) => {
          const done = W.done[view.state]
          const recorded = view.state === 'onboarding' || view.steps.some((s) => s.at)
          return (
            <>
              {done && (
                <Alert
                  type={view.state === 'active' ? 'success' : 'warning'}
                  showIcon
                  title={t(done)}
                  description={recorded ? undefined : t(W.unrecorded)}
                  style={{ marginBottom: 12 }}
                />
              )}
              {recorded && (
                <Flex component="ol" vertical gap={12} style={{ padding: 0, margin: 0 }}>
                  {view.steps.map((one, i) => (
                    <StepCard key={one.step} peer={peer} view={view} one={one} n={i + 1} />
                  ))}
                </Flex>
              )}
            </>
          )
        }}
      </Shown>
      <Requests peer={peer} />
    </>
  )
}
