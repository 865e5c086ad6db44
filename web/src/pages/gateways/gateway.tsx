import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Card, Descriptions, Drawer, Flex, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import {
  type GatewayView,
  type IntakeView,
  REASON_MIN,
  endpoints,
} from '../../../../src/capabilities/gateways/contract.ts'
import {
  GATEWAY_ACTION_WORDS,
  GATEWAY_HEALTH_WORDS,
  GATEWAY_KIND_WORDS,
  INTAKE_STATE_WORDS,
  MARKER_WORDS,
  ROW_STATUS_WORDS,
} from '../../../../src/capabilities/gateways/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { AskReason } from '../../ui/ask-reason.tsx'
import { bracketed, colon, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { Tried } from './gateway-form.tsx'
import { HEALTH_COLOURS } from './gateways.tsx'
import { TableScript } from './table-script.tsx'

const W = {
  heading: { zh: '自动接入', en: 'Automatic way in' },
  back: { zh: '返回列表', en: 'Back to the list' },
  kind: { zh: '接入方式', en: 'Kind' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  health: { zh: '运行状态', en: 'State' },
  folder: { zh: '文件夹', en: 'Folder' },
  marker: { zh: '何时视为写完', en: 'A file is complete when' },
  host: { zh: '前置库', en: 'Database' },
  table: { zh: '交换表', en: 'Table' },
  user: { zh: '连接账户', en: 'Account' },
  poll: { zh: '读取间隔', en: 'Looks every' },
  seconds: { zh: '{n} 秒', en: '{n} seconds' },
  backfill: { zh: '补报', en: 'Backfill' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  read: { zh: '最近成功读取', en: 'Last read' },
  took: { zh: '最近接收数据', en: 'Last took something in' },
  next: { zh: '下次读取', en: 'Next look' },
  never: { zh: '尚无', en: 'Not yet' },
  waitingFiles: { zh: '待接收文件', en: 'Files waiting' },
  waitingRows: { zh: '待读取行', en: 'Rows waiting' },
  unanswered: { zh: '待回写', en: 'To be answered' },
  failed: { zh: '最近 {n} 次读取失败', en: 'The last {n} looks failed' },
  now: { zh: '立即读取', en: 'Look now' },
  try: { zh: '测试连接', en: 'Try the connection' },
  change: { zh: '更换连接', en: 'Change the connection' },
  connection: { zh: '连接地址', en: 'Connection' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  close: { zh: '关闭', en: 'Close' },
  intakes: { zh: '接收记录', en: 'What was taken' },
  none: { zh: '还没有接收过数据。', en: 'Nothing has been taken yet.' },
  name: { zh: '来源', en: 'From' },
  stretch: { zh: '顺序号 {first} 至 {last}', en: 'rows {first} to {last}' },
  rows: { zh: '行数', en: 'Rows' },
  state: { zh: '状态', en: 'State' },
  receipt: { zh: '报送回执', en: 'Receipt' },
  repeated: { zh: '内容与首次报送相同，未重复入库', en: 'The same content as before; not taken in again' },
  takenAt: { zh: '接收时间', en: 'Taken' },
  answeredAt: { zh: '回写时间', en: 'Answered' },
  end: { zh: '终止“{name}”', en: 'End “{name}”' },
  reason: { zh: '终止理由', en: 'Why' },
  endHint: {
    zh: '终止后不再读取，接收记录和回执保留备查，连接信息随即清除；原处的文件和数据不作改动，同一位置可以重新接入。终止不能撤回。',
    en: 'Nothing is read any more. What was taken and its receipts are kept, the connection is forgotten, files and rows stay as they are, and the same place may be set up again. It cannot be undone.',
  },
  unansweredHint: {
    zh: '还有 {n} 批已接收的数据没有回写结果，终止后不再回写；报送结果仍可在报送回执中查看。',
    en: '{n} of what was taken have no answer yet and will get none; the receipts of the submissions show how they ended.',
  },
  endedOn: { zh: '已于{at}由{by}终止', en: 'Ended {at} by {by}' },
  statuses: { zh: '交换表的状态列', en: 'The status column of the table' },
} as const satisfies Record<string, Words>

const ChangeConnection = ({ gateway, done }: { gateway: GatewayView; done: () => void }) => {
  const { t } = useLanguage()
  const change = useAct(endpoints.setConnection, done)
  return (
    <Drawer open onClose={done} size="min(480px, 100vw)" title={t(W.change)} closable={{ 'aria-label': t(W.close) }}>
      <Form<{ connection: string }>
        name="connection"
        layout="vertical"
        onFinish={(v) => change.mutate({ id: gateway.id, seen: gateway.version, connection: v.connection })}
      >
        <Form.Item name="connection" label={t(W.connection)} rules={[{ required: true, message: t(W.need) }]}>
          <Input.Password autoComplete="off" maxLength={2000} />
        </Form.Item>
        {change.error && <Failed problem={change.error} />}
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t(W.save)}
        </Button>
      </Form>
    </Drawer>
  )
}

const Acts = ({ gateway }: { gateway: GatewayView }) => {
  const { t } = useLanguage()
  const [changing, setChanging] = useState(false)
  const [ending, setEnding] = useState(false)
  const end = useAct(endpoints.endGateway, () => setEnding(false))
  const move = useAct(endpoints.moveGateway)
  const read = useAct(endpoints.readGatewayNow)
  const trial = useAct(endpoints.tryGateway)
  const problem = move.error ?? read.error ?? trial.error
  if (!gateway.mayEdit) return null
  return (
    <>
      <Flex gap={8} wrap style={{ margin: '12px 0' }}>
        {gateway.state === 'active' && (
          <Button type="primary" loading={read.isPending} onClick={() => read.mutate({ id: gateway.id })}>
            {t(W.now)}
          </Button>
        )}
        {gateway.actions.map((action) =>
          action === 'end' ? (
            <Button key={action} danger onClick={() => setEnding(true)}>
              {t(GATEWAY_ACTION_WORDS[action])}
            </Button>
          ) : (
            <Button
              key={action}
              loading={move.isPending}
              onClick={() => move.mutate({ id: gateway.id, action, seen: gateway.version })}
            >
              {t(GATEWAY_ACTION_WORDS[action])}
            </Button>
          ),
        )}
        {gateway.table && (
          <>
            <Button loading={trial.isPending} onClick={() => trial.mutate({ id: gateway.id })}>
              {t(W.try)}
            </Button>
            <Button onClick={() => setChanging(true)}>{t(W.change)}</Button>
          </>
        )}
      </Flex>
      {problem && <Failed problem={problem} />}
      {trial.data && !trial.error && <Tried found={trial.data} />}
      {ending && (
        <AskReason
          id="gateway-end-reason"
          title={t(W.end, { name: gateway.name })}
          ok={GATEWAY_ACTION_WORDS.end}
          label={W.reason}
          least={REASON_MIN}
          danger
          act={end}
          send={(reason) => end.mutate({ id: gateway.id, reason, seen: gateway.version })}
          done={() => setEnding(false)}
        >
          <p>{t(W.endHint)}</p>
          {gateway.unanswered > 0 && <p>{t(W.unansweredHint, { n: gateway.unanswered })}</p>}
        </AskReason>
      )}
      {changing && <ChangeConnection gateway={gateway} done={() => setChanging(false)} />}
    </>
  )
}

const Intakes = ({ id, kind }: { id: string; kind: GatewayView['kind'] }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listIntakes, { id, after: search.after }, { every: 5000 })
  const columns: Column<IntakeView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (i) =>
        kind === 'table' ? (
          <>
            <code>{i.name}</code>
            {bracketed(t(W.stretch, { first: i.firstSeq, last: i.lastSeq }), lang)}
          </>
        ) : (
          i.name
        ),
    },
    { key: 'rows', title: W.rows, short: true, render: (i) => i.rows ?? '—' },
    {
      key: 'state',
      title: W.state,
      render: (i) => (
        <>
          {t(INTAKE_STATE_WORDS[i.state])}
          {i.repeated && <div>{t(W.repeated)}</div>}
          {i.problem && <div>{i.problem.message}</div>}
        </>
      ),
    },
    {
      key: 'receipt',
      title: W.receipt,
      short: true,
      render: (i) =>
        i.submission ? (
          <Link to="/submissions/$id" params={{ id: i.submission.id }}>
            {i.submission.no}
          </Link>
        ) : (
          '—'
        ),
    },
    { key: 'taken', title: W.takenAt, short: true, render: (i) => instantWords(i.takenAt, lang) },
    { key: 'answered', title: W.answeredAt, short: true, render: (i) => instantWords(i.answeredAt, lang) },
  ]
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.intakes)}</h2>
      <KeyedList
        query={query}
        name={W.intakes}
        empty={W.none}
        columns={columns}
        rowKey={(i) => i.id}
        after={search.after}
        go={go}
      />
    </Card>
  )
}

export const Gateway = () => {
  const { t, lang } = useLanguage()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useApi(endpoints.getGateway, { id }, { every: 3000 })
  const at = (instant: string | null) => (instant ? instantWords(instant, lang) : t(W.never))
  return (
    <Shown query={query} heading={W.heading}>
      {(g) => (
        <>
          <Link to="/gateways">{t(W.back)}</Link>
          <h1>{g.name}</h1>
          {g.ended && (
            <Alert
              type="info"
              showIcon
              title={t(W.endedOn, { at: instantWords(g.ended.at, lang), by: g.ended.by })}
              description={`${t(W.reason)}${colon(lang)}${g.ended.reason}`}
              style={{ marginBottom: 16 }}
            />
          )}
          {g.problem && (
            <Alert
              type={g.health === 'failing' ? 'error' : 'warning'}
              showIcon
              title={g.failures ? t(W.failed, { n: g.failures }) : t(GATEWAY_HEALTH_WORDS[g.health])}
              description={g.problem.message}
              style={{ marginBottom: 16 }}
            />
          )}
          <Card>
            <Descriptions
              column={{ xs: 1, md: 2 }}
              items={[
                {
                  key: 'health',
                  label: t(W.health),
                  children: <Tag color={HEALTH_COLOURS[g.health]}>{t(GATEWAY_HEALTH_WORDS[g.health])}</Tag>,
                },
                { key: 'kind', label: t(W.kind), children: t(GATEWAY_KIND_WORDS[g.kind]) },
                { key: 'authority', label: t(W.authority), children: g.authority.name },
                { key: 'item', label: t(W.item), children: t(g.itemName) },
                ...(g.folder
                  ? [
                      { key: 'folder', label: t(W.folder), children: <code>{g.folder.path}</code> },
                      { key: 'marker', label: t(W.marker), children: t(MARKER_WORDS[g.folder.marker]) },
                    ]
                  : []),
                ...(g.table
                  ? [
                      {
                        key: 'host',
                        label: t(W.host),
                        children: <code>{`${g.table.host}:${g.table.port}/${g.table.database}`}</code>,
                      },
                      {
                        key: 'table',
                        label: t(W.table),
                        children: <code>{`${g.table.schema}.${g.table.table}`}</code>,
                      },
                      { key: 'user', label: t(W.user), children: <code>{g.table.user}</code> },
                    ]
                  : []),
                { key: 'poll', label: t(W.poll), children: t(W.seconds, { n: g.pollSeconds }) },
                ...(g.ended
                  ? []
                  : [
                      { key: 'waiting', label: t(g.folder ? W.waitingFiles : W.waitingRows), children: g.waiting },
                      { key: 'unanswered', label: t(W.unanswered), children: g.unanswered },
                    ]),
                { key: 'read', label: t(W.read), children: at(g.readAt) },
                { key: 'took', label: t(W.took), children: at(g.takenAt) },
                ...(g.nextAt ? [{ key: 'next', label: t(W.next), children: instantWords(g.nextAt, lang) }] : []),
                { key: 'backfill', label: t(W.backfill), children: t(g.backfill ? W.yes : W.no) },
              ]}
            />
            <Acts gateway={g} />
            {g.table && <TableScript item={g.item} schema={g.table.schema} table={g.table.table} />}
          </Card>
          <Intakes id={g.id} kind={g.kind} />
          {g.table && (
            <Card style={{ marginTop: 16 }}>
              <h2>{t(W.statuses)}</h2>
              <Descriptions
                column={1}
                items={ROW_STATUS_WORDS.map(({ status, words }) => ({
                  key: String(status),
                  label: String(status),
                  children: t(words),
                }))}
              />
            </Card>
          )}
        </>
      )}
    </Shown>
  )
}
