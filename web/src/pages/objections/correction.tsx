import { Button, Flex, Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import type { CaseView, CorrectionAsk } from '../../../../src/capabilities/objections/contract.ts'
import { CORRECTION_WORDS, type CorrectionKind } from '../../../../src/capabilities/objections/words.ts'
import { ANNUL_CAUSES, type AnnulCause } from '../../../../src/capabilities/records/contract.ts'
import { ANNUL_CAUSE_WORDS, CHANNEL_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useLanguage } from '../../app/language.tsx'

const W = {
  how: { zh: '如何处理', en: 'What is done' },
  field: { zh: '更正的项目', en: 'Field to correct' },
  add: { zh: '再更正一项', en: 'Correct another field' },
  value: { zh: '“{name}”更正为', en: '“{name}” becomes' },
  was: { zh: '现有内容：{value}', en: 'It says now: {value}' },
  empty: { zh: '（空）', en: '(empty)' },
  drop: { zh: '移除', en: 'Remove' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  none: { zh: '清空此项', en: 'Empty it' },
  wan: { zh: '单位：万元', en: 'In 10,000 yuan' },
  from: { zh: '自哪一天起不再公示', en: 'First day on which it is not shown' },
  channel: { zh: '公示渠道', en: 'Channel' },
  all: { zh: '全部渠道', en: 'Every channel' },
  cause: { zh: '撤回事由', en: 'Cause' },
  annulHint: {
    zh: '撤回后，该信息立即停止公示，并通知已获取该信息的各方；同一信息不得再次报送入库。',
    en: 'It is withdrawn everywhere at once, whoever holds it is told, and it cannot come back by being reported again.',
  },
  reopenHint: {
    zh: '修复事项恢复到可以重新办理的状态，由本单位重新受理、决定。',
    en: 'The repair is taken up again and decided anew by this authority.',
  },
} as const satisfies Record<string, Words>

type Field = CaseView['fields'][number]
type Value = string | string[] | null

const FieldInput = ({ field, value, set }: { field: Field; value: Value; set: (v: Value) => void }) => {
  const { t } = useLanguage()
  const label = t(W.value, { name: field.label })
  const text = typeof value === 'string' ? value : ''
  const options = field.choices.map((c) => ({ value: c.code, label: t(c.label) }))
  if (field.type === 'choices')
    return (
      <Select
        mode="multiple"
        aria-label={label}
        style={{ width: '100%' }}
        value={Array.isArray(value) ? value : []}
        onChange={set}
        options={options}
      />
    )
  if (field.type === 'choice' || field.type === 'flag')
    return (
      <Select
        aria-label={label}
        style={{ width: '100%' }}
        value={text || null}
        onChange={set}
        options={
          field.type === 'flag'
            ? [
                { value: 'true', label: t(W.yes) },
                { value: 'false', label: t(W.no) },
              ]
            : options
        }
      />
    )
  if (field.type === 'date')
    return (
      <Input
        type="date"
        aria-label={label}
        style={{ maxWidth: 200 }}
        value={text}
        onChange={(e) => set(e.target.value || null)}
      />
    )
  if (field.type === 'text')
    return (
      <Input.TextArea
        aria-label={label}
        rows={2}
        maxLength={4000}
        value={text}
        onChange={(e) => set(e.target.value || null)}
      />
    )
  return (
    <Input aria-label={label} style={{ maxWidth: 260 }} value={text} onChange={(e) => set(e.target.value || null)} />
  )
}

const Fields = ({
  fields,
  values,
  set,
}: {
  fields: readonly Field[]
  values: Record<string, Value>
  set: (values: Record<string, Value>) => void
}) => {
  const { t } = useLanguage()
  const chosen = fields.filter((f) => f.key in values)
  const left = fields.filter((f) => !(f.key in values))
  return (
    <>
      {chosen.map((f) => (
        <div key={f.key} style={{ marginBottom: 12 }}>
          <Flex justify="space-between" gap={8} wrap>
            <strong>{t(f.label)}</strong>
            <Button
              type="link"
              style={{ padding: 0, height: 'auto' }}
              aria-label={`${t(W.drop)} ${t(f.label)}`}
              onClick={() => {
                const { [f.key]: _, ...rest } = values
                set(rest)
              }}
            >
              {t(W.drop)}
            </Button>
          </Flex>
          <div className="xh-quiet">
            {t(W.was, { value: f.value || t(W.empty) })}
            {f.type === 'money_wan' && ` · ${t(W.wan)}`}
          </div>
          <FieldInput field={f} value={values[f.key] ?? null} set={(v) => set({ ...values, [f.key]: v })} />
        </div>
      ))}
      <Select
        aria-label={t(chosen.length ? W.add : W.field)}
        placeholder={t(chosen.length ? W.add : W.field)}
        style={{ width: '100%', maxWidth: 360 }}
        value={null}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(key: string) => {
          const field = fields.find((f) => f.key === key)
          if (field) set({ ...values, [key]: field.raw })
        }}
        options={left.map((f) => ({ value: f.key, label: t(f.label) }))}
      />
    </>
  )
}

/** What an upheld objection does to the record; `null` while something is missing. */
export const CorrectionForm = ({
  view,
  onChange,
  kinds,
}: {
  view: Pick<CaseView, 'fields'>
  kinds: readonly CorrectionKind[]
  onChange: (ask: CorrectionAsk | null) => void
}) => {
  const { t } = useLanguage()
  const [does, setDoes] = useState<CorrectionKind | undefined>(kinds.length === 1 ? kinds[0] : undefined)
  const [values, setValues] = useState<Record<string, Value>>({})
  const [from, setFrom] = useState('')
  const [channel, setChannel] = useState<'' | 'credit_china' | 'necips'>('')
  const [cause, setCause] = useState<AnnulCause>('other')
  const tell = (
    kind: CorrectionKind | undefined,
    next: { values?: Record<string, Value>; from?: string; channel?: typeof channel; cause?: AnnulCause } = {},
  ) => {
    const v = next.values ?? values
    const day = next.from ?? from
    const where = next.channel ?? channel
    if (kind === 'correct') onChange(Object.keys(v).length ? { does: kind, fields: v } : null)
    else if (kind === 'stop_showing') onChange(day ? { does: kind, from: day, channel: where || null } : null)
    else if (kind === 'annul') onChange({ does: kind, cause: next.cause ?? cause })
    else onChange(kind === 'reopen' ? { does: kind } : null)
  }
  return (
    <fieldset style={{ border: 0, padding: 0, margin: '0 0 12px' }}>
      <legend style={{ padding: 0, fontWeight: 600 }}>{t(W.how)}</legend>
      <Radio.Group
        value={does}
        onChange={(e) => {
          const kind = e.target.value as CorrectionKind
          setDoes(kind)
          tell(kind)
        }}
        options={kinds.map((k) => ({ value: k, label: t(CORRECTION_WORDS[k]) }))}
        style={{ display: 'flex', flexDirection: 'column', gap: 4, margin: '8px 0' }}
      />
      {does === 'correct' && (
        <Fields
          fields={view.fields}
          values={values}
          set={(v) => {
            setValues(v)
            tell(does, { values: v })
          }}
        />
      )}
      {does === 'stop_showing' && (
        <Form layout="vertical" component="div">
          <Form.Item label={t(W.from)} htmlFor="stop-from">
            <Input
              id="stop-from"
              type="date"
              style={{ maxWidth: 200 }}
              value={from}
              onChange={(e) => {
                setFrom(e.target.value)
                tell(does, { from: e.target.value })
              }}
            />
          </Form.Item>
          <Form.Item label={t(W.channel)} htmlFor="stop-channel">
            <Select
              id="stop-channel"
              style={{ maxWidth: 360 }}
              value={channel}
              onChange={(c: typeof channel) => {
                setChannel(c)
                tell(does, { channel: c })
              }}
              options={[
                { value: '', label: t(W.all) },
                ...(['credit_china', 'necips'] as const).map((c) => ({ value: c, label: t(CHANNEL_WORDS[c]) })),
              ]}
            />
          </Form.Item>
        </Form>
      )}
      {does === 'annul' && (
        <>
          <p className="xh-quiet">{t(W.annulHint)}</p>
          <label htmlFor="annul-cause">{t(W.cause)}</label>
          <Select
            id="annul-cause"
            style={{ width: '100%', maxWidth: 360 }}
            value={cause}
            onChange={(c: AnnulCause) => {
              setCause(c)
              tell(does, { cause: c })
            }}
            options={ANNUL_CAUSES.map((c) => ({ value: c, label: t(ANNUL_CAUSE_WORDS[c]) }))}
          />
        </>
      )}
      {does === 'reopen' && <p className="xh-quiet">{t(W.reopenHint)}</p>}
    </fieldset>
  )
}
