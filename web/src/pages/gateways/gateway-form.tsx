import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Checkbox, Drawer, Flex, Form, Input, InputNumber, Radio, Select } from 'antd'
import { type TableCheckView, endpoints } from '../../../../src/capabilities/gateways/contract.ts'
import {
  GATEWAY_KIND_WORDS,
  type GatewayKind,
  MARKERS,
  MARKER_WORDS,
  type Marker,
} from '../../../../src/capabilities/gateways/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useAct } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { Failed } from '../../ui/states.tsx'
import { AuthoritySelect, useItems } from '../access/choices.tsx'
import { TableScript } from './table-script.tsx'

const W = {
  title: { zh: '新增{kind}', en: 'Add: {kind}' },
  close: { zh: '关闭', en: 'Close' },
  name: { zh: '名称', en: 'Name' },
  nameHint: { zh: '写明来源系统，例如“行政处罚办案系统”。', en: 'Say which system it is.' },
  authority: { zh: '单位', en: 'Authority' },
  item: { zh: '事项', en: 'Item' },
  path: { zh: '文件夹路径', en: 'Folder' },
  pathHint: {
    zh: '平台接收目录之下的相对路径，例如 tianhe/penalty。平台自动建立该文件夹，以及其中的 done（已接收）和 refused（未接收）。',
    en: 'A path below the platform’s folder root, such as tianhe/penalty. It is made, with done and refused inside.',
  },
  marker: { zh: '何时视为写完', en: 'A file is complete when' },
  connection: { zh: '连接地址', en: 'Connection' },
  connectionHint: {
    zh: '格式为 postgres://用户:密码@主机:端口/数据库。加密保存，保存后不再显示密码；账户只需对交换表的查询权限和对回写列的更新权限。',
    en: 'postgres://user:password@host:port/database. It is kept encrypted and its password is never shown again; the account needs to read the table and update our columns, nothing more.',
  },
  schema: { zh: '模式', en: 'Schema' },
  table: { zh: '表名', en: 'Table' },
  poll: { zh: '读取间隔（秒）', en: 'Seconds between looks' },
  backfill: { zh: '这是历史数据补报', en: 'This is history that was never reported' },
  need: { zh: '请填写此项', en: 'Please fill this in' },
  try: { zh: '测试连接', en: 'Try the connection' },
  save: { zh: '保存并启用', en: 'Save and begin' },
  cancel: { zh: '取消', en: 'Cancel' },
  tried: {
    zh: '连接成功（PostgreSQL {version}），识别 {n} 列，待读取 {waiting} 行。',
    en: 'Connected (PostgreSQL {version}); {n} columns are known, {waiting} rows wait.',
  },
  unread: {
    zh: '不属于该事项、不读取的列：{names}',
    en: 'Columns that are not of this item and are left alone: {names}',
  },
} as const satisfies Record<string, Words>

type Values = {
  name: string
  authorityId: string
  item: string
  pollSeconds: number
  backfill?: boolean
  path: string
  marker: Marker
  connection: string
  schema: string
  table: string
}

export const Tried = ({ found }: { found: TableCheckView }) => {
  const { t } = useLanguage()
  return (
    <output style={{ display: 'block' }}>
      <Alert
        type="success"
        showIcon
        title={t(W.tried, { version: found.version, n: found.columns.length, waiting: found.waiting })}
        description={found.unread.length ? t(W.unread, { names: found.unread }) : undefined}
      />
    </output>
  )
}

export const GatewayForm = ({ kind, done }: { kind: GatewayKind; done: () => void }) => {
  const { t } = useLanguage()
  const navigate = useNavigate()
  const items = useItems()
  const [form] = Form.useForm<Values>()
  const item = Form.useWatch('item', form)
  const table = Form.useWatch('table', form)
  const schema = Form.useWatch('schema', form)
  const opened = (g: { id: string }) => void navigate({ to: '/gateways/$id', params: { id: g.id } })
  const addFolder = useAct(endpoints.addFolder, opened)
  const addTable = useAct(endpoints.addTable, opened)
  const trial = useAct(endpoints.tryTable)
  const required = { required: true, message: t(W.need) }
  const add = kind === 'folder' ? addFolder : addTable
  const send = (v: Values) => {
    const { path, marker, connection, schema: s, table: name, ...shared } = v
    const common = { ...shared, backfill: v.backfill ?? false }
    if (kind === 'folder') addFolder.mutate({ ...common, path, marker })
    else addTable.mutate({ ...common, connection, schema: s, table: name })
  }
  const tryIt = async () => {
    const v = await form.validateFields(['item', 'connection', 'schema', 'table']).catch(() => null)
    if (v) trial.mutate(v as Pick<Values, 'item' | 'connection' | 'schema' | 'table'>)
  }
  return (
    <Drawer
      open
      onClose={done}
      size="min(600px, 100vw)"
      title={t(W.title, { kind: GATEWAY_KIND_WORDS[kind] })}
      closable={{ 'aria-label': t(W.close) }}
    >
      <Form<Values>
        form={form}
        name="gateway"
        layout="vertical"
        initialValues={{ pollSeconds: 15, marker: 'stable', schema: 'public' }}
        onFinish={send}
      >
        <Form.Item name="name" label={t(W.name)} extra={t(W.nameHint)} rules={[required]}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item name="authorityId" label={t(W.authority)} rules={[required]}>
          <AuthoritySelect />
        </Form.Item>
        <Form.Item name="item" label={t(W.item)} rules={[required]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={items.options} />
        </Form.Item>
        {kind === 'folder' ? (
          <>
            <Form.Item name="path" label={t(W.path)} extra={t(W.pathHint)} rules={[required]}>
              <Input autoComplete="off" maxLength={400} />
            </Form.Item>
            <Form.Item name="marker" label={t(W.marker)}>
              <Radio.Group options={MARKERS.map((m) => ({ value: m, label: t(MARKER_WORDS[m]) }))} />
            </Form.Item>
          </>
        ) : (
          <>
            <Form.Item name="connection" label={t(W.connection)} extra={t(W.connectionHint)} rules={[required]}>
              <Input.Password autoComplete="off" maxLength={2000} />
            </Form.Item>
            <Flex gap={12} wrap>
              <Form.Item name="schema" label={t(W.schema)} rules={[required]} style={{ flex: '1 1 140px' }}>
                <Input autoComplete="off" maxLength={63} />
              </Form.Item>
              <Form.Item name="table" label={t(W.table)} rules={[required]} style={{ flex: '1 1 140px' }}>
                <Input autoComplete="off" maxLength={63} />
              </Form.Item>
            </Flex>
            {item && <TableScript item={item} schema={schema} table={table} />}
          </>
        )}
        <Form.Item name="pollSeconds" label={t(W.poll)}>
          <InputNumber min={5} max={86_400} style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="backfill" valuePropName="checked">
          <Checkbox>{t(W.backfill)}</Checkbox>
        </Form.Item>
        {trial.data && <Tried found={trial.data} />}
        {(add.error ?? trial.error) && <Failed problem={(add.error ?? trial.error)!} />}
        <Flex gap={8} wrap style={{ marginTop: 16 }}>
          <Button type="primary" htmlType="submit" loading={add.isPending}>
            {t(W.save)}
          </Button>
          {kind === 'table' && (
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
