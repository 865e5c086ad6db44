import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Drawer, Flex, Form, Input, InputNumber, Select, Upload } from 'antd'
import { type DrawUpAsk, type RuleDetail, endpoints } from '../../../../src/capabilities/policies/contract.ts'
import { KIND_WORDS } from '../../../../src/capabilities/policies/words.ts'
import type { ChangeKind } from '../../../../src/capabilities/policies/states.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Shown } from '../../ui/states.tsx'
import { InvalidText } from '../../ui/invalid-text.tsx'

const W = {
  title: { zh: '拟定规则变更：{kind}', en: 'Draw up a change: {kind}' },
  close: { zh: '关闭', en: 'Close' },
  choose: { zh: '选择文件', en: 'Choose a file' },
  text: { zh: '规则文件', en: 'Text of the rules' },
  textHint: {
    zh: '按规则包的写法，写一行或者几行规则：编号与现行规则相同的替换该行，不同的为新增；失效日期早于施行日期的，废止该行。有误的，提交后按行列出。',
    en: 'One or more rows in the spelling of the pack: a row with a known id takes its place, another is added, one whose last day lies before the day of the change takes the row out. What is wrong is listed by line.',
  },
  system: { zh: '行业（认定单位系统）', en: 'Sector (system of the authority)' },
  field: { zh: '领域（选填）', en: 'Field (optional)' },
  kinds: { zh: '处罚类别（不选为全部）', en: 'Kinds of penalty (none: all)' },
  fine: { zh: '罚款不超过（元，选填）', en: 'Fine of at most (yuan, optional)' },
  class: { zh: '列为', en: 'Classed as' },
  value: { zh: '改为', en: 'New value' },
  valueHint: { zh: '按规则包的写法填写，现为所示内容。', en: 'In the spelling of the pack; what stands is filled in.' },
  now: { zh: '待确认的内容', en: 'What is open' },
  instrumentZh: { zh: '依据文件（中文）', en: 'Instrument (Chinese)' },
  instrumentEn: { zh: '依据文件（英文）', en: 'Instrument (English)' },
  article: { zh: '条款', en: 'Article' },
  from: { zh: '施行日期', en: 'In force from' },
  fromHint: { zh: '最早为明天。', en: 'Tomorrow at the earliest.' },
  reason: { zh: '变更理由', en: 'Reason' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '预览影响', en: 'Preview' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

export type Start = { kind: ChangeKind; row?: string }
const MOST_BYTES = 400_000

type Values = {
  text?: string
  system?: string
  field?: string
  penaltyKinds?: string[]
  fineYuanAtMost?: number | null
  class?: 'minor' | 'general' | 'serious'
  value?: string
  zh?: string
  en?: string
  article?: string
  effectiveFrom: string
  reason: string
}

const askOf = (start: Start, v: Values): DrawUpAsk['ask'] => {
  if (start.kind === 'rows') return { kind: 'rows', text: v.text ?? '' }
  const basis = { instrument: { zh: v.zh ?? '', en: v.en ?? '' }, article: v.article ?? '' }
  if (start.kind === 'switch') return { kind: 'switch', row: start.row ?? '', value: v.value ?? '', ...basis }
  return {
    kind: 'sector',
    system: v.system ?? '',
    ...(v.field ? { field: v.field } : {}),
    penaltyKinds: v.penaltyKinds ?? [],
    ...(v.fineYuanAtMost ? { fineYuanAtMost: v.fineYuanAtMost } : {}),
    class: v.class ?? 'general',
    ...basis,
  }
}

const useRequired = () => {
  const { t } = useLanguage()
  return [{ required: true, message: t(W.need) }]
}

const Text = ({ fill }: { fill: (text: string) => void }) => {
  const { t } = useLanguage()
  return (
    <>
      <Upload
        accept=".yaml,.yml"
        maxCount={1}
        showUploadList={false}
        beforeUpload={(file) => {
          void file.slice(0, MOST_BYTES).text().then(fill)
          return false
        }}
      >
        <Button>{t(W.choose)}</Button>
      </Upload>
      <Form.Item name="text" label={t(W.text)} extra={t(W.textHint)} rules={useRequired()} style={{ marginTop: 12 }}>
        <Input.TextArea rows={14} maxLength={MOST_BYTES} spellCheck={false} style={{ fontFamily: 'monospace' }} />
      </Form.Item>
    </>
  )
}

const Basis = () => {
  const { t } = useLanguage()
  const required = useRequired()
  return (
    <>
      <Form.Item name="zh" label={t(W.instrumentZh)} rules={required}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="en" label={t(W.instrumentEn)} rules={required}>
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item name="article" label={t(W.article)} rules={required}>
        <Input maxLength={100} />
      </Form.Item>
    </>
  )
}

const Sector = () => {
  const { t } = useLanguage()
  const required = useRequired()
  const query = useApi(endpoints.sectorOptions, {})
  const named = (all: { value: string; words: Words }[] | undefined) =>
    (all ?? []).map((o) => ({ value: o.value, label: t(o.words) }))
  return (
    <>
      <Form.Item name="system" label={t(W.system)} rules={required}>
        <Select options={named(query.data?.systems)} />
      </Form.Item>
      <Form.Item name="field" label={t(W.field)}>
        <Select allowClear options={named(query.data?.fields)} />
      </Form.Item>
      <Form.Item name="penaltyKinds" label={t(W.kinds)}>
        <Select mode="multiple" options={named(query.data?.kinds)} />
      </Form.Item>
      <Form.Item name="fineYuanAtMost" label={t(W.fine)}>
        <InputNumber min={1} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="class" label={t(W.class)} rules={required}>
        <Select options={named(query.data?.classes)} />
      </Form.Item>
      <Basis />
    </>
  )
}

const Switch = ({ rule }: { rule: RuleDetail }) => {
  const { t } = useLanguage()
  const required = useRequired()
  return (
    <>
      <Alert
        type="info"
        showIcon
        style={{ marginBottom: 16 }}
        title={t(rule.title)}
        description={rule.note ? t(rule.note) : undefined}
      />
      {rule.choices.length ? (
        <Form.Item name="value" label={t(W.value)} rules={required}>
          <Select options={rule.choices.map((c) => ({ value: c.value, label: t(c.words) }))} />
        </Form.Item>
      ) : (
        <Form.Item name="value" label={t(W.value)} extra={t(W.valueHint)} rules={required}>
          <Input.TextArea rows={5} spellCheck={false} style={{ fontFamily: 'monospace' }} />
        </Form.Item>
      )}
      <Basis />
    </>
  )
}

/** The form once what it begins with is known. */
const ChangeForm = ({ start, rule, done }: { start: Start; rule: RuleDetail | null; done: () => void }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [form] = Form.useForm<Values>()
  const required = useRequired()
  const act = useAct(endpoints.drawUpChange, (p) => {
    done()
    void navigate({ to: '/policies/changes/$id', params: { id: p.id } })
  })
  const given: Partial<Values> =
    start.kind === 'rows'
      ? { text: rule?.text ?? '' }
      : rule
        ? rule.choices.length
          ? {}
          : { value: rule.value ?? '' }
        : {}
  return (
    <Form<Values>
      name="rule-change"
      form={form}
      layout="vertical"
      initialValues={given}
      onFinish={(v) => act.mutate({ effectiveFrom: v.effectiveFrom, reason: v.reason.trim(), ask: askOf(start, v) })}
    >
      {start.kind === 'rows' && <Text fill={(text) => form.setFieldsValue({ text })} />}
      {start.kind === 'sector' && <Sector />}
      {start.kind === 'switch' && rule && <Switch rule={rule} />}
      <Form.Item name="effectiveFrom" label={t(W.from)} extra={t(W.fromHint)} rules={required}>
        <Input type="date" style={{ maxWidth: 220 }} />
      </Form.Item>
      <Form.Item name="reason" label={t(W.reason)} rules={[{ required: true, whitespace: true, message: t(W.need) }]}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
      {act.error && <InvalidText problem={act.error} code="RULES_INVALID" />}
      <Flex gap={8} style={{ marginTop: 16 }}>
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          {t(W.save)}
        </Button>
        <Button onClick={done}>{t(W.cancel)}</Button>
      </Flex>
    </Form>
  )
}

const OfRow = ({ start, row, done }: { start: Start; row: string; done: () => void }) => {
  const query = useApi(endpoints.getRule, { id: row })
  return <Shown query={query}>{(rule) => <ChangeForm start={start} rule={rule} done={done} />}</Shown>
}

/** Rows as a text, a sector's classification, or another value of a row that is open: each is previewed before anybody proposes it. */
export const DrawUp = ({ start, done }: { start: Start; done: () => void }) => {
  const { t } = useLanguage()
  return (
    <Drawer
      open
      onClose={done}
      size="min(680px, 100vw)"
      title={t(W.title, { kind: t(KIND_WORDS[start.kind]) })}
      closable={{ 'aria-label': t(W.close) }}
    >
      {start.row ? (
        <OfRow start={start} row={start.row} done={done} />
      ) : (
        <ChangeForm start={start} rule={null} done={done} />
      )}
    </Drawer>
  )
}
