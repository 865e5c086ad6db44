import { Button, Drawer, Flex, Input, Select, Tag } from 'antd'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { endpoints as collection } from '../../../../src/capabilities/collection/contract.ts'
import { endpoints } from '../../../../src/capabilities/records/contract.ts'
import { RECORD_STATE_WORDS } from '../../../../src/capabilities/records/words.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { dayWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { AnnulList } from './annul-list.tsx'
import { History } from './history.tsx'

const W = {
  title: { zh: '本单位信息', en: 'Records of my authority' },
  find: { zh: '按文书号查找', en: 'Find by document number' },
  go: { zh: '查找', en: 'Find' },
  item: { zh: '报送事项', en: 'Item' },
  all: { zh: '全部事项', en: 'All items' },
  annulList: { zh: '按清单撤销', en: 'Annul by a list' },
  name: { zh: '名称', en: 'Name' },
  docNo: { zh: '文书号', en: 'Document number' },
  decided: { zh: '决定日期', en: 'Decided on' },
  version: { zh: '版本', en: 'Version' },
  state: { zh: '状态', en: 'State' },
  shown: { zh: '公示中', en: 'Shown' },
  action: { zh: '操作', en: 'Action' },
  open: { zh: '更正与撤销', en: 'Versions and annulment' },
  none: {
    zh: '没有符合条件的信息。文书号的括号、空格和“第”字有无不影响查找。',
    en: 'No records match. Brackets, blanks and 第 in a number make no difference.',
  },
} as const satisfies Record<string, Words>

type Row = z.infer<typeof endpoints.listAuthorityRecords.reply>['rows'][number]

/** What the authority has reported: each with its versions, and the way to annul it. */
export const OwnRecords = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const [open, setOpen] = useState<Row | null>(null)
  const [listing, setListing] = useState(false)
  const catalog = useApi(collection.catalog, {})
  const items = catalog.data?.items.filter((i) => i.mayReport) ?? []
  const query = useApi(endpoints.listAuthorityRecords, { item: search.item, docNo: search.q, after: search.after })
  const find = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const q = new FormData(e.currentTarget).get('q')
    filter({ q: typeof q === 'string' ? q.trim() : '' })
  }
  const columns: Column<Row>[] = [
    { key: 'name', title: W.name, lead: true, render: (r) => r.subjectName || '—' },
    { key: 'docNo', title: W.docNo, render: (r) => r.docNo },
    { key: 'decided', title: W.decided, short: true, render: (r) => dayWords(r.decidedOn, lang) },
    { key: 'version', title: W.version, short: true, render: (r) => r.version },
    {
      key: 'state',
      title: W.state,
      short: true,
      render: (r) => (
        <>
          <Tag>{t(RECORD_STATE_WORDS[r.state])}</Tag>
          {r.shown && <Tag color="blue">{t(W.shown)}</Tag>}
        </>
      ),
    },
    {
      key: 'open',
      title: W.action,
      short: true,
      render: (r) => <Button onClick={() => setOpen(r)}>{t(W.open)}</Button>,
    },
  ]
  return (
    <>
      <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 16 }}>
        <h1 style={{ margin: 0 }}>{t(W.title)}</h1>
        {items.length > 0 && <Button onClick={() => setListing(true)}>{t(W.annulList)}</Button>}
      </Flex>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <form className="xh-find" onSubmit={find}>
          <Input
            name="q"
            aria-label={t(W.find)}
            placeholder={t(W.find)}
            defaultValue={search.q ?? ''}
            style={{ minWidth: 220 }}
          />
          <Button htmlType="submit">{t(W.go)}</Button>
        </form>
        <Select
          aria-label={t(W.item)}
          style={{ minWidth: 180 }}
          value={search.item ?? ''}
          onChange={(item: string) => filter({ item })}
          options={[{ value: '', label: t(W.all) }, ...items.map((i) => ({ value: i.code, label: t(i.name) }))]}
        />
      </Flex>
      <KeyedList
        query={query}
        name={W.title}
        empty={W.none}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
      <Drawer open={open !== null} onClose={() => setOpen(null)} size="large" title={open?.docNo} destroyOnHidden>
        {open && <History id={open.id} />}
      </Drawer>
      <Drawer open={listing} onClose={() => setListing(false)} size="large" title={t(W.annulList)} destroyOnHidden>
        <AnnulList items={items.map((i) => ({ code: i.code, name: i.name }))} />
      </Drawer>
    </>
  )
}
