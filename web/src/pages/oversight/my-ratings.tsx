import { Button, Card, Checkbox, Flex, Form, Input, Radio, Tag } from 'antd'
import { useState } from 'react'
import { type MyRatingView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import {
  COMPLAINTS,
  PRAISE,
  RATING_REASONS,
  RATING_WORDS,
  REASON_UP_TO,
  REASON_WORDS,
  type RatingReason,
} from '../../../../src/capabilities/oversight/words.ts'
import { ITEM_STATES } from '../../../../src/capabilities/repair/states.ts'
import { STATE_WORDS } from '../../../../src/capabilities/repair/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  title: { zh: '服务评价', en: 'Rate the service' },
  lead: {
    zh: '对已经作出决定的修复事项，可以评价一次。办理单位看到评价内容，看不到评价人。',
    en: 'You may rate each decided item once. The authority sees what you say and not who you are.',
  },
  none: {
    zh: '还没有可以评价的事项，作出决定后在这里评价。',
    en: 'There is nothing to rate yet; decided items appear here.',
  },
  score: { zh: '您对办理是否满意', en: 'How satisfied are you' },
  reasons: { zh: '原因（可多选）', en: 'Reasons (any number)' },
  remark: { zh: '意见建议（选填）', en: 'Remarks (optional)' },
  remarkHelp: { zh: '请勿填写个人信息。', en: 'Please leave out personal data.' },
  send: { zh: '提交评价', en: 'Send the rating' },
  rate: { zh: '评价', en: 'Rate' },
  rateOne: { zh: '评价：{doc}', en: 'Rate: {doc}' },
  said: { zh: '您的评价：{score} 分，{words}（{at}）', en: 'Your rating: {score}, {words} ({at})' },
  reply: { zh: '办理单位回复：', en: 'The authority replied: ' },
  decided: { zh: '{day} 办结', en: 'decided on {day}' },
} as const satisfies Record<string, Words>
const POINTS = [5, 4, 3, 2, 1] as const

type Filled = { score: number; reasons?: RatingReason[]; remark?: string }
const RateForm = ({ of }: { of: MyRatingView }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Filled>()
  const score = Form.useWatch('score', form)
  const act = useAct(endpoints.rateItem)
  const fitting =
    score === undefined ? [] : score <= REASON_UP_TO ? COMPLAINTS : score > REASON_UP_TO + 1 ? PRAISE : RATING_REASONS
  return (
    <Form
      form={form}
      layout="vertical"
      style={{ marginTop: 12 }}
      onFinish={(v: Filled) =>
        act.mutate({
          subject: of.subjectId,
          item: of.itemId,
          score: v.score,
          reasons: (v.reasons ?? []).filter((r) => fitting.includes(r)),
          remark: v.remark ?? '',
        })
      }
    >
      <Form.Item name="score" label={t(W.score)} rules={[{ required: true, message: t(W.score) }]}>
        <Radio.Group>
          <Flex gap={8} wrap>
            {POINTS.map((n) => (
              <Radio key={n} value={n}>
                {n} · {t(RATING_WORDS[n])}
              </Radio>
            ))}
          </Flex>
        </Radio.Group>
      </Form.Item>
      {fitting.length > 0 && (
        <Form.Item name="reasons" label={t(W.reasons)}>
          <Checkbox.Group options={fitting.map((r) => ({ value: r, label: t(REASON_WORDS[r]) }))} />
        </Form.Item>
      )}
      <Form.Item name="remark" label={t(W.remark)} extra={t(W.remarkHelp)}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Button type="primary" htmlType="submit" loading={act.isPending}>
        {t(W.send)}
      </Button>
    </Form>
  )
}

const One = ({ of }: { of: MyRatingView }) => {
  const { t, lang } = useLanguage()
  const [open, setOpen] = useState(false)
  const state = ITEM_STATES.find((s) => s === of.state)
  const { rating } = of
  return (
    <Card
      size="small"
      style={{ marginBottom: 12 }}
      title={
        <Flex gap={8} wrap align="center" style={{ whiteSpace: 'normal' }}>
          <span>
            {t(of.itemName)} <span lang="zh-CN">{of.docNo}</span>
          </span>
          {state && <Tag>{t(STATE_WORDS[state])}</Tag>}
        </Flex>
      }
    >
      <div className="xh-quiet">
        <span lang="zh-CN">{of.authorityName}</span>
        {of.decidedOn && ` · ${t(W.decided, { day: dayWords(of.decidedOn, lang) })}`} · {of.no}
      </div>
      {rating ? (
        <>
          <p>
            {t(W.said, {
              score: rating.score,
              words: RATING_WORDS[rating.score as keyof typeof RATING_WORDS],
              at: instantWords(rating.ratedAt, lang),
            })}
          </p>
          {rating.remark && <p lang="zh-CN">{rating.remark}</p>}
          {rating.reply && (
            <p>
              {t(W.reply)}
              <span lang="zh-CN">{rating.reply}</span>
            </p>
          )}
        </>
      ) : open ? (
        <RateForm of={of} />
      ) : (
        <Button style={{ marginTop: 8 }} onClick={() => setOpen(true)} aria-label={t(W.rateOne, { doc: of.docNo })}>
          {t(W.rate)}
        </Button>
      )}
    </Card>
  )
}

/** 好差评. At the window the clerk opens it for the subject that stands there: the subject is in the address. */
export const MyRatings = () => {
  const { t } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listMyRatings, {
    ...(search.subject ? { subject: search.subject } : {}),
    after: search.after,
  })
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.lead)}</p>
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <>
            {data.rows.map((r) => (
              <One key={r.itemId} of={r} />
            ))}
            <Paging after={search.after} next={data.next} go={go} />
          </>
        )}
      </Shown>
    </>
  )
}
