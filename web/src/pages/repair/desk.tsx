import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Card, Flex, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import { type ApplicationView, endpoints as repair } from '../../../../src/capabilities/repair/contract.ts'
import {
  type HandOverState,
  type WindowNoticeView,
  endpoints,
} from '../../../../src/capabilities/repair/contract.window.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { colon, dayWords, instantWords } from '../../ui/format.ts'
import { Failed, Shown } from '../../ui/states.tsx'
import { Code } from './code.tsx'

const W = {
  phone: { zh: '转申请人手机办理', en: 'Hand over to the applicant’s phone' },
  phoneHint: {
    zh: '申请人用手机扫描二维码，可以拍照上传材料、阅读并签署信用承诺书，办完交回窗口。链接只能由一部手机打开一次，限时有效。',
    en: 'The applicant scans the code, photographs the papers, reads and signs the commitment, and hands back. The link opens once, on one phone, for a short time.',
  },
  show: { zh: '出示二维码', en: 'Show the code' },
  again: { zh: '重新出示二维码', en: 'Show a new code' },
  code: { zh: '转手机办理的二维码', en: 'The code of the hand-over' },
  end: { zh: '结束手机办理', en: 'End the hand-over' },
  until: { zh: '有效至 {at}', en: 'Valid until {at}' },
  checking: { zh: '形式审查', en: 'Check of the form' },
  complete: { zh: '材料齐全，符合形式要求，可以收件。', en: 'Complete and in order: it can be taken in.' },
  incomplete: { zh: '尚缺 {n} 项', en: '{n} things are missing' },
  note: { zh: '补充说明（选填）', en: 'Note (optional)' },
  give: { zh: '出具一次性告知书', en: 'Give the one notice of all that is missing' },
  once: {
    zh: '一次性告知书只能出具一次，列明全部需要补正的内容。确定出具吗？',
    en: 'It is given only once and lists everything that is missing. Give it?',
  },
  yes: { zh: '确定', en: 'Yes' },
  no: { zh: '取消', en: 'No' },
  given: { zh: '已于{day}出具一次性告知书（{no}）', en: 'The one notice was given on {day} ({no})' },
  print: { zh: '打印', en: 'Print' },
  noticeTitle: { zh: '信用修复申请一次性告知书', en: 'One-time notice of what is missing' },
  noticeLead: {
    zh: '经审查，你单位（个人）提交的信用修复申请尚缺以下内容，请一次补齐：',
    en: 'The application lacks the following. Please bring all of it at once:',
  },
  accepts: {
    zh: '按规定由窗口直接受理，受理后转各认定单位办理（{article}）。',
    en: 'The window accepts here and passes on to each authority ({article}).',
  },
  passes: {
    zh: '收件后转各认定单位，由认定单位决定是否受理。',
    en: 'Once taken in it goes to each authority, which decides on acceptance.',
  },
  takeIn: { zh: '收件并打印回执', en: 'Take in and print the receipt' },
  discard: { zh: '删除草稿', en: 'Discard the draft' },
  sure: { zh: '确定吗？', en: 'Are you sure?' },
} as const satisfies Record<string, Words>

const STATE: Record<HandOverState, Words> = {
  waiting: { zh: '等待申请人扫码', en: 'Waiting for the applicant to scan' },
  opened: {
    zh: '申请人正在手机上办理，材料会自动出现在本页',
    en: 'On the applicant’s phone; files appear here by themselves',
  },
  returned: { zh: '申请人已办完交回', en: 'The applicant has handed back' },
  recalled: { zh: '手机办理已结束', en: 'The hand-over has ended' },
  expired: { zh: '二维码已过期，请重新出示', en: 'The code has run out; show a new one' },
}

const HandOver = ({ application }: { application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const at = { subject: application.subjectId, id: application.id }
  const [token, setToken] = useState<string | null>(null)
  const query = useApi(endpoints.getHandOver, at, {
    every: (d) => (d?.handOver && ['waiting', 'opened'].includes(d.handOver.state) ? 2000 : false),
  })
  const start = useAct(endpoints.startHandOver, (r) => setToken(r.token))
  const end = useAct(endpoints.endHandOver, () => setToken(null))
  const held = query.data?.handOver ?? null
  const live = held?.state === 'waiting' || held?.state === 'opened'
  const problem = start.error ?? end.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.phone)}</h2>
      <p>{t(W.phoneHint)}</p>
      {held && (
        <Alert
          type={held.state === 'returned' ? 'success' : held.state === 'expired' ? 'warning' : 'info'}
          showIcon
          title={t(STATE[held.state])}
          description={live ? t(W.until, { at: instantWords(held.expiresAt, lang) }) : undefined}
          style={{ marginBottom: 12 }}
        />
      )}
      {token && held?.state === 'waiting' && <Code name={W.code} address={`${location.origin}/app/hand#${token}`} />}
      {problem && <Failed problem={problem} />}
      <Flex gap={12} wrap style={{ marginTop: 8 }}>
        <Button loading={start.isPending} onClick={() => start.mutate(at)}>
          {t(held ? W.again : W.show)}
        </Button>
        {live && (
          <Button loading={end.isPending} onClick={() => end.mutate(at)}>
            {t(W.end)}
          </Button>
        )}
      </Flex>
    </Card>
  )
}

const Notice = ({ notice }: { notice: WindowNoticeView }) => {
  const { t, lang } = useLanguage()
  return (
    <section aria-label={t(W.noticeTitle)} style={{ border: '1px solid #d5dce5', padding: 16, marginTop: 12 }}>
      <h3 style={{ textAlign: 'center' }}>{t(W.noticeTitle)}</h3>
      <p className="xh-quiet">{notice.no}</p>
      <p>
        {notice.addressee}
        {colon(lang)}
      </p>
      <p>{t(W.noticeLead)}</p>
      <ol>
        {notice.missing.map((m) => (
          <li key={`${m.code}${m.text.zh}`}>{t(m.text)}</li>
        ))}
      </ol>
      {notice.note && <p>{notice.note}</p>}
      <p style={{ textAlign: 'end' }}>
        {notice.authorityName}
        <br />
        {dayWords(notice.on, lang)}
      </p>
      <Button onClick={() => window.print()}>{t(W.print)}</Button>
    </section>
  )
}

const Check = ({ application }: { application: ApplicationView }) => {
  const { t, lang } = useLanguage()
  const navigate = useNavigate()
  const [note, setNote] = useState('')
  const at = { subject: application.subjectId, id: application.id }
  // What the phone sends changes what is missing.
  const query = useApi(endpoints.checkForm, at, { every: 3000 })
  const give = useAct(endpoints.giveWindowNotice)
  const discard = useAct(repair.discardApplication, () => void navigate({ to: '/applications' }))
  const takeIn = useAct(
    endpoints.takeIn,
    (a) => void navigate({ to: '/applications/$subject/$id/receipt', params: { subject: a.subjectId, id: a.id } }),
  )
  const problem = give.error ?? takeIn.error ?? discard.error
  return (
    <Card style={{ marginTop: 16 }}>
      <h2>{t(W.checking)}</h2>
      <Shown query={query}>
        {(check) => (
          <>
            <Alert
              type={check.complete ? 'success' : 'warning'}
              showIcon
              title={check.complete ? t(W.complete) : t(W.incomplete, { n: check.missing.length })}
              description={
                check.missing.length > 0 && (
                  <ol style={{ margin: '4px 0 0', paddingInlineStart: 20 }}>
                    {check.missing.map((m) => (
                      <li key={`${m.code}${m.text.zh}`}>{t(m.text)}</li>
                    ))}
                  </ol>
                )
              }
            />
            <p style={{ marginTop: 12 }}>
              {check.accepts ? t(W.accepts, { article: check.accepts.article }) : t(W.passes)}
            </p>
            {check.notice ? (
              <>
                <p>{t(W.given, { day: dayWords(check.notice.on, lang), no: check.notice.no })}</p>
                <Notice notice={check.notice} />
              </>
            ) : (
              !check.complete && (
                <>
                  <label htmlFor="window-note">{t(W.note)}</label>
                  <Input.TextArea
                    id="window-note"
                    rows={2}
                    maxLength={2000}
                    value={note}
                    onChange={(e) => setNote(e.target.value)}
                  />
                </>
              )
            )}
            {problem && <Failed problem={problem} />}
            <Flex gap={12} wrap style={{ marginTop: 12 }}>
              <Button
                type="primary"
                disabled={!check.complete}
                loading={takeIn.isPending}
                onClick={() => takeIn.mutate({ ...at, seen: application.version })}
              >
                {t(W.takeIn)}
              </Button>
              {!check.complete && !check.notice && (
                <Popconfirm
                  title={t(W.once)}
                  okText={t(W.yes)}
                  cancelText={t(W.no)}
                  onConfirm={() => give.mutate({ ...at, note })}
                >
                  <Button loading={give.isPending}>{t(W.give)}</Button>
                </Popconfirm>
              )}
              <Popconfirm title={t(W.sure)} okText={t(W.yes)} cancelText={t(W.no)} onConfirm={() => discard.mutate(at)}>
                <Button loading={discard.isPending}>{t(W.discard)}</Button>
              </Popconfirm>
            </Flex>
          </>
        )}
      </Shown>
    </Card>
  )
}

/** What the clerk does with an application before it is handed in. */
export const Desk = ({ application }: { application: ApplicationView }) => (
  <>
    <HandOver application={application} />
    <Check application={application} />
  </>
)
