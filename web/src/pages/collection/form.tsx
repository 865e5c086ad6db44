import { Link } from '@tanstack/react-router'
import { Alert, Button, Card, Checkbox, Flex, Form, Input, Radio, Select } from 'antd'
import { useMemo, useState } from 'react'
import { type Entered, type FormView, endpoints } from '../../../../src/capabilities/collection/contract.ts'
import { type Typed, formCheck, presenceOf, problemWords } from '../../../../src/capabilities/collection/rules.form.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { lawWords } from '../../ui/format.ts'
import { useListSearch } from '../../ui/search.ts'
import { Failed, Loading, Nothing, Shown } from '../../ui/states.tsx'
import { Receivers } from './receivers.tsx'

const W = {
  title: { zh: '在线填报', en: 'Online form' },
  item: { zh: '报送事项', en: 'Item' },
  lead: {
    zh: '填写一条信息并提交，当场看到处理结果并取得报送回执。数据较多时请使用文件上传。',
    en: 'Fill in one record and see at once what becomes of it, with a receipt. For many rows hand in a file.',
  },
  none: {
    zh: '本单位的权责清单中没有需要报送的事项，请联系系统管理员核对。',
    en: 'Your authority has no items to report; ask the administrator.',
  },
  basis: { zh: '归集依据：', en: 'Basis: ' },
  choose: { zh: '请选择', en: 'Choose' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  unset: { zh: '不填', en: 'Not given' },
  day: { zh: '例如 2026-11-20；长期有效填“长期”', en: 'Such as 2026-11-20' },
  wan: { zh: '万元', en: '10,000 yuan' },
  backfill: { zh: '这是历史数据补报', en: 'This is history that was never reported' },
  send: { zh: '提交', en: 'Hand in' },
  faults: { zh: '还有 {n} 处需要修改，请按提示修改后再提交。', en: '{n} things to mend before it can be handed in.' },
  returned: {
    zh: '已收到，未入库。请按提示修改后再次提交；本次退回记入回执 {no}。',
    en: 'Received, not accepted. Mend what is marked and hand it in again; the return is on receipt {no}.',
  },
  accepted: { zh: '已入库', en: 'Accepted' },
  held: { zh: '平台已有相同记录，未重复入库', en: 'The same record is already held; nothing was doubled' },
  pending: { zh: '已收到，主体信息待核实后入库', en: 'Received; it is accepted once the subject is confirmed' },
  receipt: { zh: '查看报送回执 {no}', en: 'See receipt {no}' },
  another: { zh: '再填一条', en: 'Fill in another' },
  verdict: { zh: '处理结果', en: 'Verdict' },
} as const satisfies Record<string, Words>

type Field = FormView['item']['fields'][number]
/** What the platform knows itself and fills in. */
const FILLED_IN = new Set(['source_name', 'source_code'])
const LONG_TEXT = 300

type CellProps = {
  field: Field
  value: string
  bad: boolean
  onChange: (value: string) => void
  onBlur: () => void
}
const Cell = ({ field, value, bad, onChange, onBlur }: CellProps) => {
  const { t } = useLanguage()
  const common = {
    id: `f-${field.key}`,
    'aria-invalid': bad,
    'aria-describedby': `h-${field.key}`,
    onBlur,
  }
  if (field.type === 'choice')
    return (
      <Select
        {...common}
        allowClear
        value={value || undefined}
        placeholder={t(W.choose)}
        showSearch={{ optionFilterProp: 'label' }}
        options={field.choices.map((c) => ({ value: c.code, label: t(c.label) }))}
        onChange={(v: string | undefined) => onChange(v ?? '')}
      />
    )
  if (field.type === 'choices')
    return (
      <Select<string[]>
        {...common}
        mode="multiple"
        value={value ? value.split(';') : []}
        placeholder={t(W.choose)}
        optionFilterProp="label"
        options={field.choices.map((c) => ({ value: c.code, label: t(c.label) }))}
        onChange={(v) => onChange(v.join(';'))}
      />
    )
  if (field.type === 'flag')
    return (
      <Radio.Group
        id={common.id}
        aria-label={t(field.label)}
        value={value}
        options={[
          { value: '是', label: t(W.yes) },
          { value: '否', label: t(W.no) },
          { value: '', label: t(W.unset) },
        ]}
        onChange={(e) => onChange(String(e.target.value))}
      />
    )
  if (field.type === 'text' && (field.maxLength ?? 0) > LONG_TEXT)
    return <Input.TextArea {...common} value={value} rows={3} onChange={(e) => onChange(e.target.value)} />
  return (
    <Input
      {...common}
      autoComplete="off"
      value={value}
      placeholder={field.type === 'date' ? t(W.day) : undefined}
      suffix={field.type === 'money_wan' ? t(W.wan) : undefined}
      onChange={(e) => onChange(e.target.value)}
    />
  )
}

type Told = { reason: string; mend: string }

const Done = ({ entered, again }: { entered: Entered; again: () => void }) => {
  const { t } = useLanguage()
  const verdict = entered.rows[0]?.verdict ?? 'refused'
  const title = verdict === 'accepted' ? W.accepted : verdict === 'already_held' ? W.held : W.pending
  return (
    <Card>
      <output style={{ display: 'block' }}>
        <Alert
          type={verdict === 'accepted' ? 'success' : 'info'}
          showIcon
          title={t(title)}
          description={entered.rows[0]?.problems.map((p) => <div key={p.code}>{`${p.reason}${p.mend}`}</div>)}
        />
      </output>
      <Flex gap={12} wrap align="center" style={{ marginTop: 16 }}>
        <Button type="primary" onClick={again}>
          {t(W.another)}
        </Button>
        <Link to="/submissions/$id" params={{ id: entered.receipt.id }}>
          {t(W.receipt, { no: entered.receipt.no })}
        </Link>
      </Flex>
    </Card>
  )
}

const startOf = (form: FormView): Typed => {
  const has = (key: string) => form.item.fields.some((f) => f.key === key)
  const own = form.onBehalf ? {} : { authority_name: form.reporter.name, authority_code: form.reporter.code }
  return {
    ...(has('subject_category') ? { subject_category: 'organisation' } : {}),
    ...Object.fromEntries(Object.entries(own).filter(([key]) => has(key))),
  }
}

const Record = ({ form }: { form: FormView }) => {
  const { t, lang } = useLanguage()
  const { fields } = form.item
  const [typed, setTyped] = useState<Typed>(() => startOf(form))
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [backfill, setBackfill] = useState(false)
  /** What was returned: which receipt, what the server said, and of which values it said so. */
  const [returned, setReturned] = useState<{ entered: Entered; typed: Typed } | null>(null)
  const [done, setDone] = useState<Entered | null>(null)
  const check = useMemo(() => formCheck(form), [form])
  const presence = presenceOf(fields, typed)
  const send = useAct(endpoints.submitForm)
  /** What has no place any more is neither checked nor sent; it comes back when its place does. */
  const record = Object.fromEntries(
    Object.entries(typed).filter(([key, v]) => v.trim() !== '' && presence.get(key) !== 'absent'),
  )
  const checked = check(record)
  const problems = checked.ok ? [] : checked.problems
  const toldOf = new Map<string, Told[]>()
  const tell = (key: string, told: Told) => {
    const held = toldOf.get(key) ?? []
    if (!held.some((h) => h.reason === told.reason)) toldOf.set(key, [...held, told])
  }
  for (const p of problems) if (tried || left.has(p.field)) tell(p.field, problemWords(form, p, lang))
  for (const p of returned?.entered.rows[0]?.problems ?? []) {
    const field = fields.find((f) => f.label[lang] === p.field || f.label.zh === p.field)
    const key = field?.key ?? ''
    if ((returned?.typed[key] ?? '') === (typed[key] ?? '')) tell(key, p)
  }
  const set = (key: string, value: string) => setTyped((was) => ({ ...was, [key]: value }))
  const choose = (code: string) => {
    const decider = form.deciders.find((d) => d.code === code)
    if (decider) setTyped((was) => ({ ...was, authority_name: decider.name, authority_code: decider.code }))
  }
  const submit = () => {
    setTried(true)
    if (problems.length) {
      document.getElementById(`f-${problems[0]!.field}`)?.focus()
      return
    }
    send.mutate(
      {
        item: form.item.code,
        record,
        backfill: backfill ? 'yes' : 'no',
        ...(returned ? { corrects: returned.entered.receipt.id } : {}),
      },
      {
        onSuccess: (entered) => {
          if (entered.rows[0]?.verdict === 'refused') setReturned({ entered, typed })
          else setDone(entered)
        },
      },
    )
  }
  if (done)
    return (
      <Done
        entered={done}
        again={() => {
          setDone(null)
          setReturned(null)
          setTried(false)
          setLeft(new Set())
          setTyped(startOf(form))
          send.reset()
        }}
      />
    )
  const shown = fields.filter(
    (f) => presence.get(f.key) !== 'absent' && (form.onBehalf || !(FILLED_IN.has(f.key) || f.key === 'authority_code')),
  )
  const open = toldOf.get('') ?? []
  return (
    <Card>
      <Form layout="vertical" requiredMark onFinish={submit} noValidate>
        <p className="xh-quiet">
          {t(W.basis)}
          {lawWords(form.item.instrument, form.item.article, lang)}
        </p>
        <div className="xh-form-grid">
          {shown.map((f) => {
            const told = toldOf.get(f.key) ?? []
            const own = f.key === 'authority_name' && !form.onBehalf
            return (
              <Form.Item
                key={f.key}
                label={t(f.label)}
                htmlFor={`f-${f.key}`}
                required={presence.get(f.key) === 'required'}
                {...(told.length ? { validateStatus: 'error' as const } : {})}
                help={
                  <div id={`h-${f.key}`}>
                    {told.map((p) => (
                      <div key={p.reason}>
                        {p.reason}
                        {p.mend}
                      </div>
                    ))}
                    {!told.length && f.note && <span className="xh-quiet">{t(f.note)}</span>}
                  </div>
                }
                className={f.type === 'text' && (f.maxLength ?? 0) > LONG_TEXT ? 'xh-form-wide' : ''}
              >
                {own ? (
                  <Select
                    id={`f-${f.key}`}
                    aria-describedby={`h-${f.key}`}
                    value={typed.authority_code}
                    options={form.deciders.map((d) => ({ value: d.code, label: d.name }))}
                    onChange={choose}
                  />
                ) : (
                  <Cell
                    field={f}
                    value={typed[f.key] ?? ''}
                    bad={told.length > 0}
                    onChange={(v) => set(f.key, v)}
                    onBlur={() => {
                      if (typed[f.key]) setLeft((was) => new Set(was).add(f.key))
                    }}
                  />
                )}
              </Form.Item>
            )
          })}
        </div>
        <Checkbox checked={backfill} onChange={(e) => setBackfill(e.target.checked)}>
          {t(W.backfill)}
        </Checkbox>
        {tried && problems.length > 0 && (
          <Alert
            type="warning"
            showIcon
            role="alert"
            title={t(W.faults, { n: problems.length })}
            style={{ marginTop: 12 }}
          />
        )}
        {returned && !problems.length && (
          <Alert
            type="warning"
            showIcon
            role="alert"
            title={t(W.returned, { no: returned.entered.receipt.no })}
            description={open.map((p) => <div key={p.reason}>{`${p.reason}${p.mend}`}</div>)}
            style={{ marginTop: 12 }}
          />
        )}
        {send.error && (
          <div style={{ marginTop: 12 }}>
            <Failed problem={send.error} />
          </div>
        )}
        <div style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={send.isPending}>
            {t(W.send)}
          </Button>
        </div>
      </Form>
    </Card>
  )
}

const OfItem = ({ item }: { item: string }) => {
  const query = useApi(endpoints.form, { item })
  return (
    <Shown query={query}>{(form) => (form.item.code === item ? <Record key={item} form={form} /> : <Loading />)}</Shown>
  )
}

export const OnlineForm = () => {
  const { t } = useLanguage()
  const { search, filter } = useListSearch()
  const catalog = useApi(endpoints.catalog, {})
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p className="xh-quiet">{t(W.lead)}</p>
      <Shown query={catalog} isEmpty={(d) => !d.items.some((i) => i.mayReport)} empty={<Nothing why={W.none} />}>
        {(data) => {
          const items = data.items.filter((i) => i.mayReport)
          const chosen = items.find((i) => i.code === search.item)?.code ?? items[0]!.code
          return (
            <>
              <Flex gap={8} align="center" wrap style={{ marginBottom: 12 }}>
                <label htmlFor="item">{t(W.item)}</label>
                <Select
                  id="item"
                  value={chosen}
                  style={{ minWidth: 260 }}
                  showSearch={{ optionFilterProp: 'label' }}
                  options={items.map((i) => ({ value: i.code, label: t(i.name) }))}
                  onChange={(item: string) => filter({ item })}
                />
              </Flex>
              <OfItem item={chosen} />
              <Receivers item={chosen} />
            </>
          )
        }}
      </Shown>
    </>
  )
}
