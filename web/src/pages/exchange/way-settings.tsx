import { Alert, Button, Descriptions, Flex, Tag } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { ParcelView, WayView } from '../../../../src/capabilities/exchange/contract.ways.ts'
import { FORMAT_WORDS, wayWords } from '../../../../src/capabilities/exchange/words.ts'
import {
  PARCEL_KIND_WORDS,
  PARCEL_STATE_WORDS,
  type ParcelState,
  WAY_HEALTH_WORDS,
  type WayHealth,
} from '../../../../src/capabilities/exchange/words.ways.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { bytesWords, instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { FolderSigning } from './folder-signing.tsx'
import { WayForm } from './way-form.tsx'
import { Sample, WayScript } from './way-parts.tsx'

const W = {
  how: { zh: '交换方式', en: 'How it is reached' },
  way: { zh: '交换方式', en: 'Way' },
  format: { zh: '报文格式', en: 'Format' },
  health: { zh: '运行状态', en: 'State' },
  folder: { zh: '文件夹', en: 'Folder' },
  database: { zh: '对方数据库', en: 'Database' },
  tables: { zh: '交换表', en: 'Tables' },
  account: { zh: '连接账户', en: 'Account' },
  every: { zh: '间隔', en: 'Looks every' },
  seconds: { zh: '{n} 秒', en: '{n} seconds' },
  looked: { zh: '最近一次', en: 'Last look' },
  next: { zh: '下一次', en: 'Next look' },
  never: { zh: '尚无', en: 'Not yet' },
  url: { zh: '接收地址', en: 'Address of its receiver' },
  ackUrl: { zh: '接收确认的地址', en: 'Address for our acknowledgements' },
  token: { zh: '访问令牌', en: 'Access token' },
  held: { zh: '已登记', en: 'held' },
  none: { zh: '未登记', en: 'none' },
  change: { zh: '设置交换方式', en: 'Set the way' },
  now: { zh: '立即交换', en: 'Look now' },
  parcels: { zh: '文件和批次', en: 'Files and batches' },
  empty: {
    zh: '还没有交换过文件或者批次。',
    en: 'No file or batch has gone over yet.',
  },
  name: { zh: '名称', en: 'Name' },
  batch: { zh: '第 {n} 批', en: 'batch {n}' },
  rows: { zh: '顺序号 {rows}', en: 'rows {rows}' },
  oneRow: { zh: '顺序号 {row}', en: 'row {row}' },
  state: { zh: '状态', en: 'State' },
  events: { zh: '条数', en: 'Events' },
  acknowledged: { zh: '已确认 {n}', en: '{n} acknowledged' },
  faulty: { zh: '不能使用 {n}', en: '{n} could not be used' },
  hash: { zh: '校验值（SHA-256）', en: 'SHA-256' },
  at: { zh: '时间', en: 'When' },
  download: { zh: '下载', en: 'Download' },
  downloadOne: { zh: '下载{name}', en: 'Download {name}' },
} as const satisfies Record<string, Words>

const HEALTH: Record<WayHealth, string> = { new: 'blue', well: 'green', failing: 'red', not_set: 'orange' }
const STATES: Record<ParcelState, string> = {
  made: 'gold',
  written: 'green',
  taken: 'gold',
  answered: 'green',
  refused: 'red',
}

/** What went by table has the numbers of its rows for a name. */
const nameOf = (name: string, t: (words: Words, params?: Record<string, unknown>) => string): string => {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(name) ?? []
  if (!first) return name
  return first === last ? t(W.oneRow, { row: first }) : t(W.rows, { rows: name })
}

const Parcels = ({ peerId }: { peerId: string }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.parcels, { id: peerId, after: search.after }, { every: 10_000 })
  const columns: Column<ParcelView>[] = [
    {
      key: 'name',
      title: W.name,
      lead: true,
      render: (p) => (
        <>
          <strong>{nameOf(p.name, t)}</strong>
          <div className="xh-quiet">
            {t(PARCEL_KIND_WORDS[p.kind])}
            {p.number !== null && ` · ${t(W.batch, { n: p.number })}`}
            {p.bytes !== null && ` · ${bytesWords(p.bytes)}`}
          </div>
        </>
      ),
    },
    {
      key: 'state',
      title: W.state,
      render: (p) => (
        <>
          <Tag color={STATES[p.state]}>{t(PARCEL_STATE_WORDS[p.state])}</Tag>
          {p.problem?.message}
        </>
      ),
    },
    {
      key: 'events',
      title: W.events,
      render: (p) => (
        <>
          {p.events}
          {p.kind === 'outgoing' && <div className="xh-quiet">{t(W.acknowledged, { n: p.acknowledged })}</div>}
          {p.faulty > 0 && <div>{t(W.faulty, { n: p.faulty })}</div>}
        </>
      ),
    },
    {
      key: 'hash',
      title: W.hash,
      render: (p) => (p.hash ? <code style={{ overflowWrap: 'anywhere' }}>{p.hash}</code> : '—'),
    },
    { key: 'at', title: W.at, short: true, render: (p) => instantWords(p.doneAt ?? p.madeAt, lang) },
    {
      key: 'file',
      title: W.download,
      short: true,
      render: (p) =>
        p.hasFile ? (
          <a
            href={urlOf(endpoints.parcelFile, { id: peerId, parcelId: p.id })}
            aria-label={t(W.downloadOne, { name: p.name })}
          >
            {t(W.download)}
          </a>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <KeyedList
      query={query}
      name={W.parcels}
      empty={W.empty}
      columns={columns}
      rowKey={(p) => p.id}
      after={search.after}
      go={go}
    />
  )
}

const Facts = ({ way }: { way: WayView }) => {
  const { t, lang } = useLanguage()
  const runs = way.way === 'file' || way.way === 'table'
  const row = (label: Words, children: React.ReactNode) => ({ key: label.en, label: t(label), children })
  const addressWords = (url: string | null) => (url ? <code>{url}</code> : t(W.none))
  return (
    <Descriptions
      column={{ xs: 1, md: 2 }}
      size="small"
      bordered
      styles={{ label: { minWidth: '8em' }, content: { overflowWrap: 'anywhere' } }}
      items={[
        row(W.way, t(wayWords(way))),
        row(W.format, t(FORMAT_WORDS[way.format])),
        ...(way.way === 'push' && way.direction !== 'in' ? [row(W.url, addressWords(way.url))] : []),
        ...(!runs && way.direction !== 'out' ? [row(W.ackUrl, addressWords(way.ackUrl))] : []),
        ...(!runs && (way.way === 'push' || way.direction !== 'out')
          ? [row(W.token, t(way.hasToken ? W.held : W.none))]
          : []),
        ...(runs
          ? [
              row(W.health, <Tag color={HEALTH[way.health]}>{t(WAY_HEALTH_WORDS[way.health])}</Tag>),
              row(W.every, t(W.seconds, { n: way.everySeconds })),
              row(W.looked, way.lookedAt ? instantWords(way.lookedAt, lang) : t(W.never)),
              row(W.next, way.nextAt ? instantWords(way.nextAt, lang) : t(W.never)),
            ]
          : []),
        ...(way.folder
          ? [
              row(
                W.folder,
                <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                  {way.folders.map((f) => (
                    <li key={f.path} style={{ overflowWrap: 'anywhere' }}>
                      <code>{f.path}</code>
                      <div className="xh-quiet">{t(f.for)}</div>
                    </li>
                  ))}
                </ul>,
              ),
            ]
          : []),
        ...(way.table
          ? [
              row(W.database, <code>{`${way.table.host}:${way.table.port} / ${way.table.database}`}</code>),
              row(W.account, <code>{way.table.user}</code>),
              row(
                W.tables,
                <code style={{ overflowWrap: 'anywhere' }}>
                  {[
                    ...(way.direction === 'in' ? [] : [`${way.table.schema}.${way.table.out}`]),
                    ...(way.direction === 'out' ? [] : [`${way.table.schema}.${way.table.in}`]),
                  ].join(', ')}
                </code>,
              ),
            ]
          : []),
      ]}
    />
  )
}

/** How one peer is reached, how that goes, and every file and batch that went over. */
export const WaySettings = ({ peerId }: { peerId: string }) => {
  const { t } = useLanguage()
  const query = useApi(endpoints.way, { id: peerId }, { every: 5000 })
  const [setting, setSetting] = useState(false)
  const look = useAct(endpoints.lookNow)
  return (
    <Shown query={query}>
      {(way) => {
        const runs = way.way === 'file' || way.way === 'table'
        return (
          <Flex vertical gap={16}>
            <Flex justify="space-between" align="center" gap={12} wrap>
              <h2 style={{ margin: 0 }}>{t(W.how)}</h2>
              {way.mayEdit && (
                <Flex gap={8} wrap>
                  {runs && (
                    <Button loading={look.isPending} onClick={() => look.mutate({ id: peerId })}>
                      {t(W.now)}
                    </Button>
                  )}
                  <Button type="primary" onClick={() => setSetting(true)}>
                    {t(W.change)}
                  </Button>
                </Flex>
              )}
            </Flex>
            {way.problem && <Alert type="error" showIcon title={way.problem.message} />}
            {look.error && <Failed problem={look.error} />}
            <Facts way={way} />
            <FolderSigning way={way} />
            <Sample peerId={peerId} format={way.format} />
            {way.way === 'table' && <WayScript peerId={peerId} />}
            {runs && (
              <section>
                <h2>{t(W.parcels)}</h2>
                <Parcels peerId={peerId} />
              </section>
            )}
            {setting && <WayForm way={way} done={() => setSetting(false)} />}
          </Flex>
        )
      }}
    </Shown>
  )
}
