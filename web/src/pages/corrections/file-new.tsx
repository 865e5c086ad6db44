import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Card, Checkbox, Flex, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { type PreviewView, endpoints } from '../../../../src/capabilities/corrections/contract.ts'
import { CASE_KIND_WORDS } from '../../../../src/capabilities/corrections/words.ts'
import { CODE_KIND_WORDS } from '../../../../src/capabilities/subjects/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { type ApiProblem, type Sends, call, useAct, useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { Failed, Nothing, Shown } from '../../ui/states.tsx'
import { CodesNav } from './nav.tsx'
import { Preview, type Stands, clashKey } from './preview.tsx'

const W = {
  title: { zh: '提出合并或者拆分', en: 'Propose a merge or a split' },
  back: { zh: '返回事项清单', en: 'Back to the cases' },
  kind: { zh: '办理事项', en: 'What to do' },
  fromMerge: { zh: '并入他人档案的代码（将不再单独建档）', en: 'Code of the file that is brought in' },
  intoMerge: { zh: '保留档案的代码', en: 'Code of the file that stays' },
  fromSplit: { zh: '需要拆分的档案代码', en: 'Code of the file to take apart' },
  target: { zh: '移入', en: 'Goes to' },
  held: { zh: '现有档案', en: 'A file that is there' },
  made: { zh: '新建档案', en: 'A new file' },
  intoSplit: { zh: '现有档案的代码', en: 'Code of that file' },
  newName: { zh: '新档案的名称', en: 'Name of the new file' },
  newCode: { zh: '新档案的代码', en: 'Code of the new file' },
  choose: { zh: '选择移出的内容', en: 'What goes' },
  loadFile: { zh: '列出档案内容', en: 'List what is on it' },
  codes: { zh: '代码', en: 'Codes' },
  records: { zh: '信用信息', en: 'Records' },
  nothing: { zh: '该档案中没有信用信息。', en: 'There are no records on this file.' },
  look: { zh: '查看将要变动的内容', en: 'Look at what would move' },
  reason: { zh: '理由', en: 'Reason' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  short: { zh: '至少填写 4 个字', en: 'At least four characters' },
  propose: { zh: '提出，交另一人复核', en: 'Propose, for another to decide' },
} as const satisfies Record<string, Words>

type Values = {
  kind: 'merge' | 'split'
  fromCode: string
  intoCode?: string
  target?: 'held' | 'made'
  newName?: string
  newCode?: string
  codes?: string[]
  records?: string[]
}
type Solved = { fromId: string; intoId: string; stands: 'from' | 'into' }
const REASON_MIN = 4

const Choose = ({ code }: { code: string }) => {
  const { t, lang } = useLanguage()
  const query = useApi(endpoints.listFileRecords, { code })
  return (
    <Shown query={query}>
      {(file) => (
        <>
          <Form.Item name="codes" label={t(W.codes)}>
            <Checkbox.Group
              options={file.codes
                .filter((c) => c.kind !== 'person_digest')
                .map((c) => ({
                  value: c.code,
                  label: `${t(CODE_KIND_WORDS[c.kind as keyof typeof CODE_KIND_WORDS])} ${c.code}`,
                }))}
            />
          </Form.Item>
          {file.rows.length === 0 ? (
            <Nothing why={W.nothing} />
          ) : (
            <Form.Item name="records" label={t(W.records)}>
              <Checkbox.Group style={{ display: 'flex', flexDirection: 'column', gap: 6 }}>
                {file.rows.map((r) => (
                  <Checkbox key={r.id} value={r.id}>
                    {t(r.itemName)} · {r.docNo} · {r.authorityName} · {dayWords(r.decidedOn, lang)}
                  </Checkbox>
                ))}
              </Checkbox.Group>
            </Form.Item>
          )}
        </>
      )}
    </Shown>
  )
}

/** What the form asks, as the API wants it; the preview and the proposal are of the same. */
const askOf = (v: Values, clashes: Solved[]) =>
  v.kind === 'merge'
    ? { kind: 'merge' as const, ask: { fromCode: v.fromCode.trim(), intoCode: v.intoCode?.trim() ?? '', clashes } }
    : {
        kind: 'split' as const,
        ask: {
          fromCode: v.fromCode.trim(),
          ...(v.target === 'held'
            ? { intoCode: v.intoCode?.trim() ?? '' }
            : { newName: v.newName?.trim() ?? '', newCode: v.newCode?.trim() ?? '' }),
          records: v.records ?? [],
          codes: v.codes ?? [],
          clashes,
        },
      }

export const FileNew = () => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const [form] = Form.useForm<Values>()
  const [last] = Form.useForm<{ reason: string }>()
  const kind = Form.useWatch('kind', form) ?? 'merge'
  const target = Form.useWatch('target', form) ?? 'made'
  const [listed, setListed] = useState<string | null>(null)
  const [asked, setAsked] = useState<Values | null>(null)
  const [stands, setStands] = useState<Stands>({})
  const required = { required: true, whitespace: true, message: t(W.need) }
  const look = useMutation<PreviewView, ApiProblem, Values>({
    mutationFn: (v) => {
      const wanted = askOf(v, [])
      return wanted.kind === 'merge'
        ? call(endpoints.previewMerge, wanted.ask)
        : call(endpoints.previewSplit, wanted.ask as Sends<typeof endpoints.previewSplit>)
    },
    onSuccess: (_, v) => {
      setAsked(v)
      setStands({})
    },
  })
  const toCase = ({ id }: { id: string }) => void navigate({ to: '/codes/files/$id', params: { id } })
  const merge = useAct(endpoints.proposeMerge, toCase)
  const split = useAct(endpoints.proposeSplit, toCase)
  const preview = look.data
  const solved = preview?.clashes.every((c) => stands[clashKey(c)]) ?? false
  const send = ({ reason }: { reason: string }) => {
    if (!asked || !preview) return
    const clashes = preview.clashes.map((c) => ({
      fromId: c.fromId,
      intoId: c.intoId,
      stands: stands[clashKey(c)] ?? 'into',
    }))
    const wanted = askOf(asked, clashes)
    const more = { reason, digest: preview.digest }
    if (wanted.kind === 'merge') merge.mutate({ ...wanted.ask, ...more })
    else split.mutate({ ...wanted.ask, ...more } as Sends<typeof endpoints.proposeSplit>)
  }
  const problem = merge.error ?? split.error
  return (
    <>
      <h1>{t(W.title)}</h1>
      <CodesNav />
      <p>
        <Link to="/codes/files" search={{}}>
          {t(W.back)}
        </Link>
      </p>
      <Card>
        <Form<Values>
          form={form}
          name="files"
          layout="vertical"
          requiredMark={false}
          initialValues={{ kind: 'merge', target: 'made' }}
          onFinish={(v) => look.mutate(v)}
          onValuesChange={() => setAsked(null)}
          style={{ maxWidth: 720 }}
        >
          <Form.Item name="kind" label={t(W.kind)}>
            <Radio.Group
              options={(['merge', 'split'] as const).map((k) => ({ value: k, label: t(CASE_KIND_WORDS[k]) }))}
            />
          </Form.Item>
          <Form.Item name="fromCode" label={t(kind === 'merge' ? W.fromMerge : W.fromSplit)} rules={[required]}>
            <Input maxLength={40} autoComplete="off" />
          </Form.Item>
          {kind === 'merge' && (
            <Form.Item name="intoCode" label={t(W.intoMerge)} rules={[required]}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
          )}
          {kind === 'split' && (
            <>
              <Form.Item name="target" label={t(W.target)}>
                <Radio.Group options={(['made', 'held'] as const).map((k) => ({ value: k, label: t(W[k]) }))} />
              </Form.Item>
              {target === 'held' ? (
                <Form.Item name="intoCode" label={t(W.intoSplit)} rules={[required]}>
                  <Input maxLength={40} autoComplete="off" />
                </Form.Item>
              ) : (
                <>
                  <Form.Item name="newName" label={t(W.newName)} rules={[required]}>
                    <Input maxLength={200} />
                  </Form.Item>
                  <Form.Item name="newCode" label={t(W.newCode)} rules={[required]}>
                    <Input maxLength={40} autoComplete="off" />
                  </Form.Item>
                </>
              )}
              <h2>{t(W.choose)}</h2>
              <Button onClick={() => setListed(form.getFieldValue('fromCode') as string)} style={{ marginBottom: 12 }}>
                {t(W.loadFile)}
              </Button>
              {listed && <Choose code={listed.trim()} />}
            </>
          )}
          <Flex gap={8}>
            <Button type={preview && asked ? 'default' : 'primary'} htmlType="submit" loading={look.isPending}>
              {t(W.look)}
            </Button>
          </Flex>
        </Form>
        {look.error && (
          <div style={{ marginTop: 12 }}>
            <Failed problem={look.error} />
          </div>
        )}
      </Card>
      {preview && asked && (
        <>
          <Preview
            preview={preview}
            done={false}
            stands={stands}
            choose={(k, v) => setStands((s) => ({ ...s, [k]: v }))}
          />
          {preview.inTheWay.length === 0 && (
            <Card style={{ marginTop: 16 }}>
              <Form
                form={last}
                name="reason"
                layout="vertical"
                requiredMark={false}
                onFinish={send}
                style={{ maxWidth: 720 }}
              >
                <Form.Item
                  name="reason"
                  label={t(W.reason)}
                  rules={[required, { min: REASON_MIN, message: t(W.short) }]}
                >
                  <Input.TextArea rows={3} maxLength={500} />
                </Form.Item>
                <Button
                  type="primary"
                  htmlType="submit"
                  disabled={!solved}
                  loading={merge.isPending || split.isPending}
                >
                  {t(W.propose)}
                </Button>
              </Form>
              {problem && (
                <div style={{ marginTop: 12 }}>
                  <Failed problem={problem} />
                </div>
              )}
            </Card>
          )}
        </>
      )}
    </>
  )
}
