import { Alert, Button, Checkbox, Drawer, Flex, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/exchange/contract.ts'
import type { WayCheck, WayView } from '../../../../src/capabilities/exchange/contract.ways.ts'
import { FORMATS_OF } from '../../../../src/capabilities/exchange/rules.peers.ts'
import { FORMAT_WORDS, type Format, WAYS, WAY_WORDS, type Way } from '../../../../src/capabilities/exchange/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { WayScript } from './way-parts.tsx'

const W = {
  title: { zh: '设置交换方式', en: 'Set the way' },
  close: { zh: '关闭', en: 'Close' },
  way: { zh: '交换方式', en: 'Way' },
  format: { zh: '报文格式', en: 'Format' },
  folder: { zh: '文件夹', en: 'Folder' },
  folderHint: {
    zh: '平台交换目录之下的相对路径，例如“省平台”；每个共享对象一个。',
    en: 'A path below the platform’s exchange folder; one for each peer.',
  },
  connection: { zh: '连接地址', en: 'Connection' },
  connectionHint: {
    zh: 'postgres://用户:密码@主机:端口/数据库；密码加密保存，不再显示。',
    en: 'postgres://user:password@host:port/database; kept encrypted and never shown again.',
  },
  connectionHeld: { zh: '已登记，不更换可以不填', en: 'One is held; leave empty to keep it' },
  schema: { zh: '模式', en: 'Schema' },
  schemaHint: { zh: '交换表所在的模式，一般为 public。', en: 'Where the tables lie, usually public.' },
  out: { zh: '提供数据的表', en: 'Table for what we hand over' },
  outHint: {
    zh: '本平台逐行写入，对方处理后回填处理状态。',
    en: 'We write row by row; the peer fills in the status of each.',
  },
  into: { zh: '接收数据的表', en: 'Table for what we take' },
  intoHint: {
    zh: '对方逐行写入，本平台读取后回填处理结果。',
    en: 'The peer writes row by row; we fill in what became of each.',
  },
  every: { zh: '间隔（秒）', en: 'Seconds between looks' },
  everyHint: {
    zh: '每隔多久读写一次，5 秒至 1 天。文件大小在一个间隔内不再变化，才视为已写完。',
    en: 'From 5 seconds to a day. A file that has not changed for so long counts as whole.',
  },
  url: { zh: '对方接收地址', en: 'Address of its receiver' },
  urlHint: {
    zh: '以 http:// 或者 https:// 开头的完整地址，本平台把报文发送到这里。',
    en: 'A whole address beginning with http:// or https://, to which events are posted.',
  },
  ackUrl: { zh: '对方接收确认的地址（选填）', en: 'Address for our acknowledgements (optional)' },
  ackUrlHint: {
    zh: '对方推送的报文当时未能办结的，办结后把结果发送到这里；不填的，对方再次发送时告知。',
    en: 'What could not be decided at once is answered here later; without one the peer learns it when it sends again.',
  },
  token: { zh: '访问令牌（选填）', en: 'Access token (optional)' },
  tokenHint: {
    zh: '访问对方接口所用，加密保存，不再显示。',
    en: 'For its interface; kept encrypted, never shown again.',
  },
  noToken: { zh: '删除已登记的访问令牌', en: 'Remove the token that is held' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  save: { zh: '保存', en: 'Save' },
  try: { zh: '测试', en: 'Try' },
  cancel: { zh: '取消', en: 'Cancel' },
} as const satisfies Record<string, Words>

const SOONEST = 5
const LATEST = 86_400
const EVERY = 15
type Values = {
  way: Way
  format: Format
  folder?: string
  connection?: string
  schema?: string
  out?: string
  in?: string
  everySeconds?: number
  url?: string
  ackUrl?: string
  token?: string
  noToken?: boolean
}

const Tried = ({ found }: { found: WayCheck }) => {
  const { t } = useLanguage()
  return (
    <output style={{ display: 'block' }}>
      <Alert type="success" showIcon title={found.found.map((line) => <div key={line.en}>{t(line)}</div>)} />
    </output>
  )
}

export const WayForm = ({ way, done }: { way: WayView; done: () => void }) => {
  const { t } = useLanguage()
  const [form] = Form.useForm<Values>()
  const chosen = Form.useWatch('way', form) ?? way.way
  const removes = Form.useWatch('noToken', form) ?? false
  const save = useAct(endpoints.setWay, done)
  const trial = useAct(endpoints.tryWay)
  const runs = chosen === 'file' || chosen === 'table'
  /** We call it: with what is to go, or with what became of what it sent. */
  const called = !runs && (chosen === 'push' || way.direction !== 'out')
  /** As it was when the form was opened: what somebody else saves meanwhile is not overwritten unseen. */
  const [seen] = useState(way.version)
  const required = { required: true, message: t(W.need) }
  /** What is not filled in stays as it is. */
  const asked = (v: Values) => {
    const { connection, token, noToken, ...rest } = v
    const access = noToken ? { token: '' } : token ? { token } : {}
    return { ...rest, ...(connection ? { connection } : {}), ...access }
  }
  const tryIt = async () => {
    const v = await form.validateFields().catch(() => null)
    if (v) trial.mutate({ id: way.peerId, ...asked(v) })
  }
  const problem = save.error ?? trial.error
  return (
    <Drawer open onClose={done} size="min(560px, 100vw)" title={t(W.title)} closable={{ 'aria-label': t(W.close) }}>
      <Form<Values>
        name="way"
        form={form}
        layout="vertical"
        initialValues={{
          way: way.way,
          format: way.format,
          folder: way.folder ?? '',
          schema: way.table?.schema ?? 'public',
          out: way.table?.out ?? 'xh_out',
          in: way.table?.in ?? 'xh_in',
          everySeconds: way.everySeconds || EVERY,
          url: way.url ?? '',
          ackUrl: way.ackUrl ?? '',
        }}
        onValuesChange={(change: Partial<Values>) => {
          if (change.way && !FORMATS_OF[change.way].includes(form.getFieldValue('format') as Format))
            form.setFieldValue('format', FORMATS_OF[change.way][0])
        }}
        onFinish={(v) => save.mutate({ id: way.peerId, seen, ...asked(v) })}
      >
        <Form.Item name="way" label={t(W.way)} rules={[required]}>
          <Select options={WAYS.map((w) => ({ value: w, label: t(WAY_WORDS[w]) }))} />
        </Form.Item>
        <Form.Item name="format" label={t(W.format)} rules={[required]}>
          <Select options={FORMATS_OF[chosen].map((f) => ({ value: f, label: t(FORMAT_WORDS[f]) }))} />
        </Form.Item>
        {chosen === 'file' && (
          <Form.Item name="folder" label={t(W.folder)} extra={t(W.folderHint)} rules={[required]}>
            <Input maxLength={400} />
          </Form.Item>
        )}
        {chosen === 'table' && (
          <>
            <Form.Item
              name="connection"
              label={t(W.connection)}
              extra={t(W.connectionHint)}
              rules={way.table ? [] : [required]}
            >
              <Input.Password
                autoComplete="off"
                maxLength={2000}
                {...(way.table ? { placeholder: t(W.connectionHeld) } : {})}
              />
            </Form.Item>
            <Form.Item name="schema" label={t(W.schema)} extra={t(W.schemaHint)} rules={[required]}>
              <Input maxLength={63} />
            </Form.Item>
            {way.direction !== 'in' && (
              <Form.Item name="out" label={t(W.out)} extra={t(W.outHint)} rules={[required]}>
                <Input maxLength={63} />
              </Form.Item>
            )}
            {way.direction !== 'out' && (
              <Form.Item name="in" label={t(W.into)} extra={t(W.intoHint)} rules={[required]}>
                <Input maxLength={63} />
              </Form.Item>
            )}
          </>
        )}
        {runs && (
          <Form.Item name="everySeconds" label={t(W.every)} extra={t(W.everyHint)} rules={[required]}>
            <InputNumber min={SOONEST} max={LATEST} precision={0} />
          </Form.Item>
        )}
        {chosen === 'push' && way.direction !== 'in' && (
          <Form.Item name="url" label={t(W.url)} extra={t(W.urlHint)} rules={[required]}>
            <Input maxLength={1000} inputMode="url" />
          </Form.Item>
        )}
        {!runs && way.direction !== 'out' && (
          <Form.Item name="ackUrl" label={t(W.ackUrl)} extra={t(W.ackUrlHint)}>
            <Input maxLength={1000} inputMode="url" />
          </Form.Item>
        )}
        {called && (
          <Form.Item name="token" label={t(W.token)} extra={t(W.tokenHint)}>
            <Input.Password
              autoComplete="off"
              maxLength={1000}
              disabled={removes}
              {...(way.hasToken ? { placeholder: t(W.connectionHeld) } : {})}
            />
          </Form.Item>
        )}
        {called && way.hasToken && (
          <Form.Item name="noToken" valuePropName="checked">
            <Checkbox>{t(W.noToken)}</Checkbox>
          </Form.Item>
        )}
        {chosen === 'table' && <WayScript peerId={way.peerId} />}
        {trial.data && !problem && <Tried found={trial.data} />}
        {problem && <Failed problem={problem} />}
        <Flex gap={8} wrap style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={save.isPending}>
            {t(W.save)}
          </Button>
          {runs && (
            <Button loading={trial.isPending} onClick={() => void tryIt()}>
              {t(W.try)}
            </Button>
          )}
          <Button onClick={done}>{t(W.cancel)}</Button>
        </Flex>
      </Form>
    </Drawer>
  )
}
