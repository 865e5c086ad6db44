import { Alert, Button, Descriptions, Drawer, Flex, Tag } from 'antd'
import { type DaySetView, type LineView, endpoints } from '../../../../src/capabilities/results/contract.ts'
import {
  FILE_FORMATS,
  FILE_FORMAT_WORDS,
  LINE_KIND_WORDS,
  NO_RESULTS,
  SHARING_WORDS,
} from '../../../../src/capabilities/results/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { urlOf, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bytesWords, dayWords, instantWords, lawWords } from '../../ui/format.ts'
import { type Column, KeyedList, KeyedTable } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '每日信用修复结果', en: 'Daily sets of repair results' },
  lead: {
    zh: '{name}：{law}。{sharing}，{with}。数据集发布后{n}个工作日内在本单位网站撤下。',
    en: '{name}: {law}. {sharing}: {with}. Taken down from the own page within {n} working days after a set is out.',
  },
  day: { zh: '日期', en: 'Day' },
  lines: { zh: '结果', en: 'Results' },
  count: { zh: '{n}条，其中更正和撤销{m}条', en: '{n}, of them {m} amendments' },
  hash: { zh: '校验值（SHA-256）', en: 'SHA-256' },
  takedown: { zh: '部门网站撤下', en: 'Taken down by authorities' },
  done: { zh: '应撤下{asked}条，已完成{done}条', en: '{done} of {asked} done' },
  nothing: { zh: '无需撤下', en: 'Nothing to take down' },
  late: { zh: '逾期{n}条', en: '{n} late' },
  open: { zh: '查看', en: 'Open' },
  openDay: { zh: '查看{day}的结果', en: 'Open {day}' },
  empty: {
    zh: '还没有发布过结果。每日零时后发布前一日的修复结果，没有结果的日期也会发布。',
    en: 'No set is out yet. After midnight the day before is closed, with or without results.',
  },
  one: { zh: '{day}信用修复结果', en: 'Repair results of {day}' },
  close: { zh: '关闭', en: 'Close' },
  closed: { zh: '发布时间', en: 'Out since' },
  signature: { zh: '签名', en: 'Signature' },
  signedBy: { zh: '算法和密钥', en: 'Algorithm and key' },
  download: { zh: '下载', en: 'Download' },
  downloadOne: { zh: '下载{format}', en: 'Download {format}' },
  prove: { zh: '重新生成并核对', en: 'Compute again and compare' },
  same: {
    zh: '重新生成的结果与发布时逐字节一致，每条结果均可在日志中查到。',
    en: 'Byte for byte the same; every line is in the log.',
  },
  differs: {
    zh: '重新生成的结果与发布时不一致，请立即查明原因。',
    en: 'It differs from what was out. Find out why at once.',
  },
  kind: { zh: '类型', en: 'Kind' },
  doc: { zh: '决定书文号', en: 'Document' },
  subject: { zh: '信用主体', en: 'Subject' },
  authority: { zh: '认定单位', en: 'Authority' },
  effective: { zh: '生效日期', en: 'Effective' },
  amends: { zh: '针对', en: 'Amends' },
} as const satisfies Record<string, Words>

const Lines = ({ day }: { day: string }) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.listResults, { day, limit: 200 })
  const columns: Column<LineView>[] = [
    {
      key: 'doc',
      title: W.doc,
      lead: true,
      render: (l) => (
        <>
          {l.values.XF_WSH} <Tag color={l.kind === 'repaired' ? 'green' : 'orange'}>{t(LINE_KIND_WORDS[l.kind])}</Tag>
          {l.values.XF_GZBH && (
            <div className="xh-quiet">
              {t(W.amends)} {l.values.XF_GZBH}
            </div>
          )}
        </>
      ),
    },
    {
      key: 'subject',
      title: W.subject,
      render: (l) => (
        <>
          {l.values.XF_ZTMC}
          <div className="xh-quiet">{l.values.XF_TYDM}</div>
        </>
      ),
    },
    { key: 'authority', title: W.authority, render: (l) => l.values.XF_RDDW },
    { key: 'effective', title: W.effective, short: true, render: (l) => dayWords(l.values.XF_SXRQ, lang) },
  ]
  return (
    <Shown query={query} isEmpty={(p) => p.rows.length === 0} empty={<Nothing why={NO_RESULTS} />}>
      {(page) => <KeyedTable cards name={W.lines} rows={page.rows} columns={columns} rowKey={(l) => l.id} />}
    </Shown>
  )
}

const Day = ({ day, close }: { day: string; close: () => void }) => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const query = useApi(endpoints.getSet, { day })
  const proof = useAct(endpoints.proveSet)
  return (
    <Drawer
      open
      onClose={close}
      size="min(720px, 100vw)"
      title={t(W.one, { day: dayWords(day, lang) })}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Shown query={query}>
        {(set) => (
          <Flex vertical gap={16}>
            <Descriptions
              size="small"
              column={1}
              items={[
                { key: 'n', label: t(W.lines), children: t(W.count, { n: set.lines, m: set.amendments }) },
                { key: 'at', label: t(W.closed), children: instantWords(set.closedAt, lang) },
                {
                  key: 'sig',
                  label: t(W.signature),
                  children: (
                    <div style={{ wordBreak: 'break-all' }}>
                      {t(W.signedBy)} <code>{`${set.signature.algorithm} ${set.signature.keyId}`}</code>
                      <code className="xh-quiet">{set.signature.value}</code>
                    </div>
                  ),
                },
                ...set.files.map((f) => ({
                  key: f.format,
                  label: t(FILE_FORMAT_WORDS[f.format]),
                  children: (
                    <div style={{ wordBreak: 'break-all' }}>
                      <code>{f.sha256}</code>
                      <div className="xh-quiet">{bytesWords(f.bytes)}</div>
                    </div>
                  ),
                })),
              ]}
            />
            <Flex gap={8} wrap>
              {FILE_FORMATS.map((format) => (
                <Button key={format} href={urlOf(endpoints.downloadSet, { day, format })}>
                  {t(W.downloadOne, { format: t(FILE_FORMAT_WORDS[format]) })}
                </Button>
              ))}
              {has('credit_office', 'auditor') && (
                <Button loading={proof.isPending} onClick={() => proof.mutate({ day })}>
                  {t(W.prove)}
                </Button>
              )}
            </Flex>
            {proof.error && <Failed problem={proof.error} />}
            {proof.data && (
              <Alert
                showIcon
                type={proof.data.same && proof.data.traced ? 'success' : 'error'}
                title={t(proof.data.same && proof.data.traced ? W.same : W.differs)}
              />
            )}
            <Lines day={day} />
          </Flex>
        )}
      </Shown>
    </Drawer>
  )
}

export const ResultDays = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const query = useApi(endpoints.listSets, { after: search.after, limit: 30 })
  const set = useApi(endpoints.resultDataSet, {})
  const columns: Column<DaySetView>[] = [
    {
      key: 'day',
      title: W.day,
      lead: true,
      render: (s) => (
        <Button
          type="link"
          style={{ padding: 0 }}
          aria-label={t(W.openDay, { day: dayWords(s.day, lang) })}
          onClick={() => filter({ from: s.day })}
        >
          {dayWords(s.day, lang)}
        </Button>
      ),
    },
    {
      key: 'lines',
      title: W.lines,
      render: (s) => (s.lines ? t(W.count, { n: s.lines, m: s.amendments }) : t(NO_RESULTS)),
    },
    {
      key: 'takedown',
      title: W.takedown,
      render: (s) =>
        s.takedown.asked ? (
          <>
            {t(W.done, { asked: s.takedown.asked, done: s.takedown.done })}{' '}
            {s.takedown.late > 0 && <Tag color="red">{t(W.late, { n: s.takedown.late })}</Tag>}
          </>
        ) : (
          t(W.nothing)
        ),
    },
    {
      key: 'hash',
      title: W.hash,
      render: (s) => <code style={{ wordBreak: 'break-all' }}>{s.hash}</code>,
    },
  ]
  return (
    <>
      {set.data && (
        <p>
          {t(W.lead, {
            name: t(set.data.name),
            law: lawWords(set.data.instrument, set.data.article, lang),
            sharing: t(SHARING_WORDS[set.data.sharing]),
            with: t(set.data.sharedWith),
            n: set.data.takedown.workdays,
          })}
        </p>
      )}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(s) => s.day}
        after={search.after}
        go={go}
      />
      {search.from && <Day key={search.from} day={search.from} close={() => filter({ from: undefined })} />}
    </>
  )
}
