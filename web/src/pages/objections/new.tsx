import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Card, Flex, Form, Input, Select, Tag } from 'antd'
import { useState } from 'react'
import { type TargetView, endpoints } from '../../../../src/capabilities/objections/contract.ts'
import { GROUND_WORDS, type Ground } from '../../../../src/capabilities/objections/words.ts'
import { endpoints as records } from '../../../../src/capabilities/records/contract.ts'
import { endpoints as repair } from '../../../../src/capabilities/repair/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, call, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { dayWords, lastDayShown } from '../../ui/format.ts'
import { Paging } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { GroundHint, Terms, useGuide } from './guide.tsx'
import { ObjectionsNav } from './nav.tsx'

const W = {
  title: { zh: '提出异议', en: 'Object' },
  which: { zh: '一、选择有关信息或者决定', en: '1. Choose the record or the decision' },
  what: { zh: '二、选择异议情形', en: '2. Choose the ground' },
  subject: { zh: '主体', en: 'Subject' },
  choose: { zh: '选择', en: 'Choose' },
  chosen: { zh: '已选择', en: 'Chosen' },
  other: { zh: '选择其他信息', en: 'Choose another' },
  begin: { zh: '填写异议', en: 'Go on' },
  ground: { zh: '异议情形', en: 'Ground' },
  needGround: { zh: '请选择异议情形', en: 'Choose the ground' },
  shown: { zh: '公示中，公示至{day}', en: 'Shown through {day}' },
  shownOpen: { zh: '公示中，不设最长公示期', en: 'Shown, without a longest period' },
  notShown: { zh: '目前没有公示', en: 'Not shown at present' },
  by: { zh: '{authority}，{day}', en: '{authority}, {day}' },
  notAccepted: { zh: '不予受理决定，{day}', en: 'Not accepted, {day}' },
  refused: { zh: '不予修复决定，{day}', en: 'Repair refused, {day}' },
  pending: { zh: '已就“{ground}”提出异议，正在办理', en: 'An objection is pending: {ground}' },
  none: {
    zh: '该主体名下没有可以提出异议的信息或者决定。',
    en: 'There is no record and no decision that could be objected to.',
  },
  nobody: {
    zh: '您还没有代表任何主体办理的授权，请携带授权材料到综合窗口登记。',
    en: 'You hold no mandate for a subject yet; have it registered at the window.',
  },
  code: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  find: { zh: '查找', en: 'Find' },
  need: { zh: '请输入代码', en: 'Enter the code' },
  clerk: {
    zh: '核对申请人身份和授权后，代为选择信息、上传材料并提交。',
    en: 'Check identity and mandate, then choose the record, upload the papers and submit for them.',
  },
} as const satisfies Record<string, Words>

const keyOf = (target: TargetView) => target.refused?.itemId ?? target.about.recordId

const Target = ({ target, chosen, choose }: { target: TargetView; chosen: boolean; choose: () => void }) => {
  const { t, lang } = useLanguage()
  const { about, refused } = target
  const until = about.shownUntil ? t(W.shown, { day: lastDayShown(about.shownUntil, lang) }) : t(W.shownOpen)
  return (
    <Card size="small" style={{ marginBottom: 8 }}>
      <Flex justify="space-between" align="center" gap={8} wrap>
        <div style={{ flex: '1 1 260px', minWidth: 0 }}>
          <strong>
            {t(about.itemName)} · {about.docNo}
          </strong>
          <div>{t(W.by, { authority: about.authorityName, day: dayWords(about.decidedOn, lang) })}</div>
          {refused ? (
            <Tag color="orange">
              {t(refused.state === 'refused' ? W.refused : W.notAccepted, { day: dayWords(refused.decidedOn, lang) })}
            </Tag>
          ) : (
            <span className="xh-quiet">{about.shown ? until : t(W.notShown)}</span>
          )}
          {target.pending.map((p) => (
            <div key={p.id}>
              <Tag color="blue">{t(W.pending, { ground: GROUND_WORDS[p.ground] })}</Tag>
            </div>
          ))}
        </div>
        {chosen ? (
          <Tag color="green">{t(W.chosen)}</Tag>
        ) : (
          <Button onClick={choose} aria-label={`${t(W.choose)} ${about.docNo}`}>
            {t(W.choose)}
          </Button>
        )}
      </Flex>
    </Card>
  )
}

const Choose = ({ subject }: { subject: string }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const { search, go } = useListSearch()
  const guide = useGuide()
  const [key, setKey] = useState<string | null>(search.record ?? null)
  const [ground, setGround] = useState<Ground>()
  const query = useApi(endpoints.listTargets, { subject, after: search.after, limit: 50 })
  const create = useAct(
    endpoints.createObjection,
    (o) => void navigate({ to: '/objections/$subject/$id', params: { subject: o.subjectId, id: o.id }, search: {} }),
  )
  return (
    <Shown query={query} isEmpty={(d) => d.rows.length === 0} empty={<Nothing why={W.none} />}>
      {({ rows, next }) => {
        const target = rows.find((r) => keyOf(r) === key)
        const grounds = target?.grounds ?? []
        return (
          <>
            <h2>{t(W.which)}</h2>
            {(target ? [target] : rows).map((r) => (
              <Target
                key={keyOf(r)}
                target={r}
                chosen={r === target}
                choose={() => {
                  setKey(keyOf(r))
                  setGround(undefined)
                }}
              />
            ))}
            {!target && <Paging after={search.after} next={next} go={go} />}
            {target && (
              <>
                <Button onClick={() => setKey(null)}>{t(W.other)}</Button>
                <h2 style={{ marginTop: 16 }}>{t(W.what)}</h2>
                <Form layout="vertical" requiredMark={false} style={{ maxWidth: 640 }}>
                  <Form.Item
                    label={t(W.ground)}
                    htmlFor="ground"
                    extra={<GroundHint guide={guide.data} ground={ground} />}
                  >
                    <Select
                      id="ground"
                      aria-label={t(W.ground)}
                      value={ground ?? null}
                      placeholder={t(W.needGround)}
                      onChange={(g: Ground) => setGround(g)}
                      options={grounds.map((g) => ({ value: g, label: t(GROUND_WORDS[g]) }))}
                    />
                  </Form.Item>
                  {create.error && (
                    <div style={{ marginBottom: 12 }}>
                      <Failed problem={create.error} />
                    </div>
                  )}
                  <Button
                    type="primary"
                    disabled={!ground}
                    loading={create.isPending}
                    onClick={() =>
                      ground &&
                      create.mutate({
                        subject,
                        ...(target.refused
                          ? { refusedItem: target.refused.itemId }
                          : { record: target.about.recordId }),
                        ground,
                      })
                    }
                  >
                    {t(W.begin)}
                  </Button>
                </Form>
              </>
            )}
          </>
        )
      }}
    </Shown>
  )
}

const AtWindow = () => {
  const { t } = useLanguage()
  const find = useMutation<{ subjectId: string; name: string }, ApiProblem, { code: string }>({
    mutationFn: (v) => call(repair.lookUpSubject, v),
  })
  return (
    <>
      <Card style={{ marginBottom: 16 }}>
        <p>{t(W.clerk)}</p>
        <Form layout="vertical" requiredMark={false} onFinish={(v: { code: string }) => find.mutate(v)}>
          <Form.Item name="code" label={t(W.code)} rules={[{ required: true, message: t(W.need) }]}>
            <Input autoComplete="off" style={{ maxWidth: 360 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={find.isPending}>
            {t(W.find)}
          </Button>
        </Form>
        {find.error && (
          <div style={{ marginTop: 12 }}>
            <Failed problem={find.error} />
          </div>
        )}
      </Card>
      {find.data && (
        <>
          <h2>{find.data.name}</h2>
          <Choose key={find.data.subjectId} subject={find.data.subjectId} />
        </>
      )}
    </>
  )
}

const SubjectName = ({ id }: { id: string }) => useApi(records.myFile, { subjectId: id }).data?.subject.name ?? '…'

const Mine = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const { search, filter } = useListSearch()
  const ids = person?.subjectIds ?? []
  const subject = ids.find((id) => id === search.subject) ?? ids[0]
  if (!subject) return <Alert type="info" showIcon title={t(W.nobody)} />
  return (
    <>
      {ids.length > 1 && (
        <Flex gap={8} align="center" wrap style={{ marginBottom: 12 }}>
          <label htmlFor="subject">{t(W.subject)}</label>
          <Select
            id="subject"
            style={{ minWidth: 260 }}
            value={subject}
            onChange={(id: string) => filter({ subject: id, record: undefined })}
            options={ids.map((id) => ({ value: id, label: <SubjectName id={id} /> }))}
          />
        </Flex>
      )}
      <Choose key={subject} subject={subject} />
    </>
  )
}

export const ObjectionNew = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  return (
    <>
      <h1>{t(W.title)}</h1>
      <ObjectionsNav />
      {has('window_clerk') ? <AtWindow /> : <Mine />}
      <Terms />
    </>
  )
}
