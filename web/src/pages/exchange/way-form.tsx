import { Alert, Button, Drawer, Flex, Form, Input, InputNumber, Select } from 'antd'
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
  out: { zh: '提供数据的表', en: 'Table for what we hand over' },
  into: { zh: '接收数据的表', en: 'Table for what we take' },
  every: { zh: '间隔（秒）', en: 'Seconds between looks' },
  url: { zh: '对方接收地址', en: 'Address of its receiver' },
  ackUrl: { zh: '对方接收确认的地址（选填）', en: 'Address for our acknowledgements (optional)' },
  token: { zh: '访问令牌（选填）', en: 'Access token (optional)' },
  tokenHint: {
    zh: '访问对方接口所用，加密保存，不再显示。',
    en: 'For its interface; kept encrypted, never shown again.',
  },
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
  const save = useAct(endpoints.setWay, done)
  const trial = useAct(endpoints.tryWay)
  const runs = chosen === 'file' || chosen === 'table'
  const required = { required: true, message: t(W.need) }
  /** What is not filled in stays as it is. */
  const asked = (v: Values) => {
    const { connection, token, ...rest } = v
    return { ...rest, ...(connection ? { connection } : {}), ...(token ? { token } : {}) }
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
        onFinish={(v) => save.mutate({ id: way.peerId, seen: way.version, ...asked(v) })}
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
            <Form.Item name="schema" label={t(W.schema)} rules={[required]}>
              <Input maxLength={63} />
            </Form.Item>
            {way.direction !== 'in' && (
              <Form.Item name="out" label={t(W.out)} rules={[required]}>
                <Input maxLength={63} />
              </Form.Item>
            )}
            {way.direction !== 'out' && (
              <Form.Item name="in" label={t(W.into)} rules={[required]}>
                <Input maxLength={63} />
              </Form.Item>
            )}
          </>
        )}
        {runs && (
          <Form.Item name="everySeconds" label={t(W.every)} rules={[required]}>
            <InputNumber min={SOONEST} max={LATEST} precision={0} />
          </Form.Item>
        )}
        {chosen === 'push' && (
          <>
            <Form.Item name="url" label={t(W.url)} rules={[required]}>
              <Input maxLength={1000} inputMode="url" />
            </Form.Item>
            <Form.Item name="ackUrl" label={t(W.ackUrl)}>
              <Input maxLength={1000} inputMode="url" />
            </Form.Item>
            <Form.Item name="token" label={t(W.token)} extra={t(W.tokenHint)}>
              <Input.Password autoComplete="off" maxLength={1000} />
            </Form.Item>
          </>
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
