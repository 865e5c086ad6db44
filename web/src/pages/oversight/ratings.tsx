import { Alert, Button, Card, Flex, Form, Input, Rate, Select, Tag } from 'antd'
import { type RatingView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { RATING_WORDS, REASON_WORDS, REPLY_STATE_WORDS } from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords, instantWords, monthWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'

const W = {
  none: { zh: '还没有收到服务评价。', en: 'Nobody has rated yet.' },
  lead: {
    zh: '评价由申请人在事项办结后作出，每项一次。为保护申请人，此处不显示评价人和申请编号。',
    en: 'Applicants rate each decided item once. To protect them neither the applicant nor the application is shown here.',
  },
  mean: { zh: '平均 {mean} 分，共 {count} 件', en: '{mean} points on average, {count} ratings' },
  score: { zh: '{n} 分 {count} 件', en: '{n} points: {count}' },
  filter: { zh: '回复状态', en: 'Reply' },
  all: { zh: '全部评价', en: 'All ratings' },
  reply: { zh: '回复', en: 'Reply' },
  send: { zh: '提交回复', en: 'Send the reply' },
  replied: { zh: '{at} 回复：', en: 'Replied {at}: ' },
  due: { zh: '请于 {day} 前回复', en: 'reply due by {day}' },
  about: { zh: '{item}（{month}）', en: '{item} ({month})' },
} as const satisfies Record<string, Words>
const COLOURS = { needed: 'gold', overdue: 'red', replied: 'green', none: 'default' } as const

const Reply = ({ of }: { of: RatingView }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.replyToRating)
  return (
    <Form
      layout="vertical"
      style={{ marginTop: 12 }}
      onFinish={({ reply }: { reply: string }) => act.mutate({ id: of.id, seen: of.version, reply })}
    >
      <Form.Item name="reply" label={t(W.reply)} rules={[{ required: true, min: 2, message: t(W.reply) }]}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Button htmlType="submit" loading={act.isPending}>
        {t(W.send)}
      </Button>
    </Form>
  )
}

const One = ({ of }: { of: RatingView }) => {
  const { t, lang } = useLanguage()
  const score = of.score as keyof typeof RATING_WORDS
  return (
    <Card
      size="small"
      style={{ marginBottom: 12 }}
      title={
        <Flex gap={8} wrap align="center" style={{ whiteSpace: 'normal' }}>
          <strong>
            {of.score} · {t(RATING_WORDS[score])}
          </strong>
          <Tag color={COLOURS[of.replyState]}>{t(REPLY_STATE_WORDS[of.replyState])}</Tag>
        </Flex>
      }
    >
      <div className="xh-quiet">
        <span lang="zh-CN">{of.authorityName}</span> ·{' '}
        {t(W.about, { item: of.itemName, month: monthWords(of.month, lang) })}
      </div>
      {of.reasons.length > 0 && (
        <Flex gap={4} wrap style={{ margin: '8px 0' }}>
          {of.reasons.map((r) => (
            <Tag key={r}>{t(REASON_WORDS[r])}</Tag>
          ))}
        </Flex>
      )}
      {of.remark && <p lang="zh-CN">{of.remark}</p>}
      {of.reply && (
        <p>
          {t(W.replied, { at: instantWords(of.repliedAt, lang) })}
          <span lang="zh-CN">{of.reply}</span>
        </p>
      )}
      {of.replyDueOn && !of.reply && <p>{t(W.due, { day: dayWords(of.replyDueOn, lang) })}</p>}
      {of.mayReply && <Reply of={of} />}
    </Card>
  )
}

export const Ratings = () => {
  const { t } = useLanguage()
  const { search, filter, go } = useListSearch()
  const state =
    search.state === 'needed' || search.state === 'overdue' || search.state === 'replied' ? search.state : ''
  const query = useApi(endpoints.listRatings, {
    ...(search.authority ? { authority: search.authority } : {}),
    ...(state ? { state } : {}),
    after: search.after,
  })
  return (
    <>
      <Alert type="info" title={t(W.lead)} style={{ marginBottom: 12 }} />
      <Select
        aria-label={t(W.filter)}
        value={state}
        style={{ minWidth: 180, marginBottom: 12 }}
        onChange={(value: string) => filter({ state: value })}
        options={[
          { value: '', label: t(W.all) },
          ...(['needed', 'overdue', 'replied'] as const).map((s) => ({ value: s, label: t(REPLY_STATE_WORDS[s]) })),
        ]}
      />
      <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
        {(data) => (
          <>
            {data.mean !== null && (
              <Flex gap={12} wrap align="center" style={{ marginBottom: 12 }}>
                <Rate disabled allowHalf value={Math.round(data.mean * 2) / 2} aria-hidden />
                <strong>{t(W.mean, { mean: data.mean, count: data.count })}</strong>
                {data.byScore.map((s) => (
                  <Tag key={s.score}>{t(W.score, { n: s.score, count: s.count })}</Tag>
                ))}
              </Flex>
            )}
            {data.rows.map((r) => (
              <One key={r.id} of={r} />
            ))}
            <Paging after={search.after} next={data.next} go={go} />
          </>
        )}
      </Shown>
    </>
  )
}
