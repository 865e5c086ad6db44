import { Alert, Button, Card, Flex, Form, Input, Popconfirm, Select, Tag } from 'antd'
import { type CandidateView, endpoints } from '../../../../src/capabilities/oversight/contract.ts'
import { ANSWERS, type Answer, CANDIDATE_STATES } from '../../../../src/capabilities/oversight/states.ts'
import {
  ANSWER_WORDS,
  CANDIDATE_ACTION_WORDS,
  CANDIDATE_STATE_WORDS,
} from '../../../../src/capabilities/oversight/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, instantWords, lawWords } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { Exports } from './parts.tsx'

const W = {
  lead: {
    zh: '连续未报年报未改正，且通过登记住所无法取得联系的企业，逐条列明证据，由信用牵头部门移交登记机关依法处理。',
    en: 'Enterprises that have not reported for years and cannot be reached, each with the entries that prove it. The credit office hands them to the registrar.',
  },
  noRule: { zh: '本地没有规定认定条件。', en: 'No rule is set here.' },
  rule: { zh: '依据：{law}', en: 'Basis: {law}' },
  unsure: { zh: '待确认', en: 'To be confirmed' },
  none: { zh: '没有符合条件的企业。', en: 'No enterprise meets the conditions.' },
  state: { zh: '状态', en: 'State' },
  all: { zh: '全部状态', en: 'All states' },
  find: { zh: '重新核对', en: 'Check again' },
  found: { zh: '新增 {found} 家，移出 {dropped} 家。', en: '{found} new, {dropped} dropped.' },
  one: { zh: '条件一', en: 'Condition 1' },
  two: { zh: '条件二', en: 'Condition 2' },
  since: { zh: '{day} 列入', en: 'listed on {day}' },
  gone: { zh: '现时核对：条件已不具备', en: 'Checked now: no longer proven' },
  holds: { zh: '现时核对：两项条件仍然具备', en: 'Checked now: both still hold' },
  sure: {
    zh: '将重新核对两项条件后移交登记机关，确定移交？',
    en: 'Both conditions are checked again, then it is handed over. Go on?',
  },
  yes: { zh: '确定', en: 'Yes' },
  cancel: { zh: '取消', en: 'Cancel' },
  handed: { zh: '{at} 移交 {registrar}', en: 'Handed to {registrar} on {at}' },
  answered: { zh: '{at} 答复：{answer}', en: 'Answered {at}: {answer}' },
  answer: { zh: '答复', en: 'Answer' },
  docNo: { zh: '决定书文号', en: 'Number of the decision' },
  note: { zh: '说明', en: 'Remarks' },
  send: { zh: '提交答复', en: 'Send the answer' },
} as const satisfies Record<string, Words>

const Entries = ({ title, part }: { title: Words; part: CandidateView['outOfReach'] }) => {
  const { t, lang } = useLanguage()
  return (
    <section style={{ flex: '1 1 280px' }}>
      <h2 style={{ fontSize: 14, margin: '4px 0' }}>
        {t(title)} · {t(part.says)}
      </h2>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {part.entries.map((e) => (
          <li key={e.recordId}>
            <span lang="zh-CN">
              {e.docNo} {e.authorityName}
            </span>{' '}
            {t(W.since, { day: dayWords(e.since, lang) })}
          </li>
        ))}
      </ul>
    </section>
  )
}

const AnswerForm = ({ of }: { of: CandidateView }) => {
  const { t } = useLanguage()
  const act = useAct(endpoints.answerCandidate)
  type Filled = { answer: Answer; docNo?: string; note?: string }
  return (
    <Form
      layout="vertical"
      style={{ marginTop: 12, maxWidth: 560 }}
      onFinish={(v: Filled) =>
        act.mutate({ id: of.id, seen: of.version, answer: v.answer, docNo: v.docNo ?? '', note: v.note ?? '' })
      }
    >
      <Form.Item name="answer" label={t(W.answer)} rules={[{ required: true, message: t(W.answer) }]}>
        <Select options={ANSWERS.map((a) => ({ value: a, label: t(ANSWER_WORDS[a]) }))} />
      </Form.Item>
      <Form.Item name="docNo" label={t(W.docNo)}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="note" label={t(W.note)}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      {act.error && <Failed problem={act.error} />}
      <Button type="primary" htmlType="submit" loading={act.isPending}>
        {t(W.send)}
      </Button>
    </Form>
  )
}

const One = ({ of }: { of: CandidateView }) => {
  const { t, lang } = useLanguage()
  const hand = useAct(endpoints.handOverCandidate)
  return (
    <Card
      size="small"
      style={{ marginBottom: 12 }}
      title={
        <Flex gap={8} wrap align="center" style={{ whiteSpace: 'normal' }}>
          <span lang="zh-CN">{of.name}</span>
          {of.code && <code>{of.code}</code>}
          <Tag>{t(CANDIDATE_STATE_WORDS[of.state])}</Tag>
        </Flex>
      }
    >
      <Flex gap={16} wrap>
        <Entries title={W.one} part={of.proof} />
        <Entries title={W.two} part={of.outOfReach} />
      </Flex>
      <p className="xh-quiet">{t(of.stillProven ? W.holds : W.gone)}</p>
      {of.handedAt && <p>{t(W.handed, { at: instantWords(of.handedAt, lang), registrar: of.registrarName ?? '' })}</p>}
      {of.answer && (
        <p>
          {t(W.answered, { at: instantWords(of.answeredAt, lang), answer: ANSWER_WORDS[of.answer] })}{' '}
          <span lang="zh-CN">
            {of.answerDocNo} {of.answerNote}
          </span>
        </p>
      )}
      {hand.error && <Failed problem={hand.error} />}
      {of.actions.includes('hand_over') && (
        <Popconfirm
          title={t(W.sure)}
          okText={t(W.yes)}
          cancelText={t(W.cancel)}
          onConfirm={() => hand.mutate({ id: of.id, seen: of.version })}
        >
          <Button loading={hand.isPending}>{t(CANDIDATE_ACTION_WORDS.hand_over)}</Button>
        </Popconfirm>
      )}
      {of.actions.includes('answer') && <AnswerForm of={of} />}
    </Card>
  )
}

export const Candidates = () => {
  const { t, lang } = useLanguage()
  const { has } = useSession()
  const { search, filter, go } = useListSearch()
  const state = CANDIDATE_STATES.find((s) => s === search.state)
  const query = useApi(endpoints.listCandidates, { ...(state ? { state } : {}), after: search.after })
  const find = useAct(endpoints.findCandidates)
  return (
    <>
      <p>{t(W.lead)}</p>
      {find.error && <Failed problem={find.error} />}
      {find.data && <Alert type="success" showIcon title={t(W.found, find.data)} style={{ marginBottom: 12 }} />}
      <Shown query={query}>
        {(data) => (
          <>
            <p className="xh-quiet">
              {data.rule ? t(W.rule, { law: lawWords(data.rule.instrument, data.rule.article, lang) }) : t(W.noRule)}
            </p>
            {data.rule?.unsure && data.rule.note && (
              <Alert
                type="info"
                showIcon
                title={t(W.unsure)}
                description={t(data.rule.note)}
                style={{ marginBottom: 12 }}
              />
            )}
            <Flex gap={8} wrap justify="space-between" style={{ marginBottom: 12 }}>
              <Flex gap={8} wrap>
                <Select
                  aria-label={t(W.state)}
                  value={state ?? ''}
                  style={{ minWidth: 200 }}
                  onChange={(value: string) => filter({ state: value })}
                  options={[
                    { value: '', label: t(W.all) },
                    ...CANDIDATE_STATES.map((s) => ({
                      value: s,
                      label: `${t(CANDIDATE_STATE_WORDS[s])} (${data.byState[s]})`,
                    })),
                  ]}
                />
                {has('credit_office') && data.rule && (
                  <Button loading={find.isPending} onClick={() => find.mutate({})}>
                    {t(W.find)}
                  </Button>
                )}
              </Flex>
              <Exports endpoint={endpoints.exportCandidates} input={state ? { state } : {}} />
            </Flex>
            {data.rows.length === 0 && <Nothing why={W.none} />}
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
