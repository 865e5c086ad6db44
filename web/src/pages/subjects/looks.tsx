import { Alert, Select } from 'antd'
import { type LookView, endpoints } from '../../../../src/capabilities/subjects/contract.ts'
import { endpoints as repair } from '../../../../src/capabilities/repair/contract.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { instantWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'

const W = {
  title: { zh: '谁看过我的档案', en: 'Who looked at my file' },
  intro: {
    zh: '工作人员查阅档案时必须填写用途，并记录在此。公众查询公示网站不作记录。',
    en: 'Officials state their purpose and are recorded here. The public site is not recorded.',
  },
  empty: { zh: '目前没有单位查阅过您的信用档案。', en: 'No authority has looked at your file so far.' },
  nobody: {
    zh: '您还没有代表任何主体办理的授权，请携带授权材料到综合窗口登记。',
    en: 'You hold no mandate for a subject yet; have it registered at the window.',
  },
  at: { zh: '查阅时间', en: 'When' },
  who: { zh: '查阅单位', en: 'Authority' },
  platform: { zh: '本平台', en: 'The platform' },
  purpose: { zh: '用途', en: 'Purpose' },
  subject: { zh: '主体', en: 'Subject' },
} as const satisfies Record<string, Words>

const List = ({ subjectId }: { subjectId: string }) => {
  const { t, lang } = useLanguage()
  const { search, go } = useListSearch()
  const query = useApi(endpoints.listLooks, { subjectId, after: search.after })
  const columns: Column<LookView>[] = [
    { key: 'who', title: W.who, lead: true, render: (r) => r.authorityName ?? t(W.platform) },
    { key: 'purpose', title: W.purpose, render: (r) => r.purpose },
    { key: 'at', title: W.at, render: (r) => instantWords(r.at, lang) },
  ]
  return (
    <KeyedList
      query={query}
      name={W.title}
      empty={W.empty}
      columns={columns}
      rowKey={(r) => r.at}
      after={search.after}
      go={go}
    />
  )
}

/** The subjects a person acts for, by the names on their applications and records. */
export const Looks = () => {
  const { t } = useLanguage()
  const { person } = useSession()
  const { search, filter } = useListSearch()
  const names = useApi(repair.listApplications, { limit: 100 })
  const ids = person?.subjectIds ?? []
  const chosen = ids.find((id) => id === search.subject) ?? ids[0]
  const nameOf = (id: string, n: number) =>
    names.data?.rows.find((r) => r.subjectId === id)?.subjectName ?? `${t(W.subject)} ${n + 1}`
  return (
    <>
      <h1>{t(W.title)}</h1>
      <p>{t(W.intro)}</p>
      {chosen === undefined && <Alert type="info" showIcon title={t(W.nobody)} />}
      {ids.length > 1 && (
        <Select
          aria-label={t(W.subject)}
          style={{ minWidth: 260, maxWidth: '100%', marginBottom: 12 }}
          value={chosen}
          onChange={(subject: string) => filter({ subject })}
          options={ids.map((id, n) => ({ value: id, label: nameOf(id, n) }))}
        />
      )}
      {chosen !== undefined && <List subjectId={chosen} />}
    </>
  )
}
