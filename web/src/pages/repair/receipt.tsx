import { Link, useParams } from '@tanstack/react-router'
import { Button, Card, Descriptions, Flex } from 'antd'
import { endpoints } from '../../../../src/capabilities/repair/contract.window.ts'
import { WAY_IN_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { Shown } from '../../ui/states.tsx'
import { Code } from './code.tsx'

const W = {
  title: { zh: '信用修复申请收件回执', en: 'Receipt of a repair application' },
  no: { zh: '回执编号', en: 'Receipt number' },
  code: { zh: '查询码', en: 'Code' },
  subject: { zh: '申请主体', en: 'Applicant' },
  at: { zh: '收件时间', en: 'Taken in' },
  window: { zh: '收件窗口', en: 'Window' },
  way: { zh: '申请方式', en: 'Way in' },
  items: { zh: '申请修复的信息及办理单位', en: 'Records and who decides each' },
  item: { zh: '{item} {doc}：由{decider}办理', en: '{item} {doc}: decided by {decider}' },
  due: { zh: '，期限至{day}', en: ', due {day}' },
  materials: { zh: '收到的材料', en: 'Material received' },
  none: { zh: '由有关单位共享，未另行提交', en: 'Shared by authorities; none handed in' },
  query: {
    zh: '凭回执编号和查询码，可以在公示网站“办理进度查询”页面查询，无需登录；也可以扫描下方二维码。不收取任何费用。',
    en: 'With the number and the code anyone can ask for the progress on the public site, without an account, or scan the code below. There is no fee.',
  },
  scan: { zh: '办理进度查询的二维码', en: 'The code of the query of progress' },
  print: { zh: '打印回执', en: 'Print' },
  back: { zh: '返回申请', en: 'Back to the application' },
} as const satisfies Record<string, Words>

/** What the applicant takes home. */
export const ApplicationReceipt = () => {
  const { t, lang } = useLanguage()
  const { subject, id } = useParams({ strict: false }) as { subject: string; id: string }
  const query = useApi(endpoints.getReceipt, { subject, id })
  return (
    <Shown query={query} heading={W.title}>
      {(r) => (
        <Card>
          <h1>{t(W.title)}</h1>
          <Descriptions
            column={1}
            size="small"
            items={[
              { key: 'no', label: t(W.no), children: <strong>{r.no}</strong> },
              {
                key: 'code',
                label: t(W.code),
                children: <code style={{ font: 'inherit', fontWeight: 600, letterSpacing: 2 }}>{r.code}</code>,
              },
              { key: 'subject', label: t(W.subject), children: r.subjectName },
              { key: 'way', label: t(W.way), children: t(WAY_IN_WORDS[r.wayIn]) },
              ...(r.windowName ? [{ key: 'window', label: t(W.window), children: r.windowName }] : []),
              { key: 'at', label: t(W.at), children: instantWords(r.submittedAt, lang) },
            ]}
          />
          <h2 style={{ marginTop: 16 }}>{t(W.items)}</h2>
          <ol>
            {r.items.map((i) => (
              <li key={i.docNo}>
                {t(W.item, { item: i.itemName, doc: i.docNo, decider: i.deciderName })}
                {i.dueOn && t(W.due, { day: dayWords(i.dueOn, lang) })}
              </li>
            ))}
          </ol>
          <h2>{t(W.materials)}</h2>
          {r.materials.length ? (
            <ul>
              {r.materials.map((m) => (
                <li key={`${m.kindName.zh}${m.name}`}>
                  {t(m.kindName)} · {m.name}
                </li>
              ))}
            </ul>
          ) : (
            <p>{t(W.none)}</p>
          )}
          <p>{t(W.query)}</p>
          <p>
            <code lang="en">{`${location.host}/progress`}</code>
          </p>
          <Code name={W.scan} address={`${location.origin}/progress?no=${encodeURIComponent(r.no)}`} size={160} />
          <Flex gap={12} wrap className="xh-no-print">
            <Button type="primary" onClick={() => window.print()}>
              {t(W.print)}
            </Button>
            <Link to="/applications/$subject/$id" params={{ subject, id }}>
              {t(W.back)}
            </Link>
          </Flex>
        </Card>
      )}
    </Shown>
  )
}
