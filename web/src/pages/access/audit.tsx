import { Button, Flex, Input, Select } from 'antd'
import { type AuditView, endpoints } from '../../../../src/capabilities/access/contract.ts'
import { ACTOR_KIND_WORDS, SCOPE_WORDS } from '../../../../src/capabilities/access/words.ts'
import { ROLE_WORDS, type Role, type Scope } from '../../../../src/kernel/roles.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, instantWords, listWords } from '../../ui/format.ts'
import { type Column, KeyedList } from '../../ui/keyed-table.tsx'
import { useListSearch } from '../../ui/search.ts'
import { ACTS, FIELD_WORDS, actWords, fieldOf, targetWords } from './acts.ts'
import { AuditVerdict } from './audit-verdict.tsx'

const W = {
  title: { zh: '操作审计', en: 'Audit' },
  list: { zh: '审计日志', en: 'The audit' },
  act: { zh: '操作', en: 'Act' },
  allActs: { zh: '全部操作', en: 'All acts' },
  from: { zh: '起始日期', en: 'From' },
  to: { zh: '截止日期', en: 'To' },
  clear: { zh: '清除筛选', en: 'Clear the filters' },
  only: { zh: '仅显示“{name}”的操作', en: 'Only acts of “{name}”' },
  onlyOne: { zh: '只看“{name}”的操作', en: 'Show only acts of “{name}”' },
  at: { zh: '时间', en: 'Time' },
  actor: { zh: '操作人', en: 'Who' },
  authority: { zh: '所在单位', en: 'Authority' },
  target: { zh: '对象', en: 'On what' },
  self: { zh: '本人', en: 'Oneself' },
  empty: { zh: '没有符合条件的审计记录。', en: 'No acts match.' },
} as const satisfies Record<string, Words>

/** What of the details says something to a reader. */
const detailWords = (row: AuditView): Words[] => {
  const { role, scopes } = row.details
  const known: (Words | undefined)[] = [
    typeof role === 'string' ? ROLE_WORDS[role as Role] : undefined,
    ...(Array.isArray(scopes) ? scopes.map((s) => SCOPE_WORDS[s as Scope] as Words | undefined) : []),
  ]
  return known.filter((w) => w !== undefined)
}

const List = () => {
  const { t, lang } = useLanguage()
  const { search, go, filter } = useListSearch()
  const { act, actor, from, to } = search
  const query = useApi(endpoints.listAudit, { after: search.after, act, actorId: actor, from, to })
  const whoOf = (row: AuditView) => row.actorName ?? t(ACTOR_KIND_WORDS[row.actorKind])
  const columns: Column<AuditView>[] = [
    { key: 'at', title: W.at, render: (r) => instantWords(r.at, lang) },
    {
      key: 'act',
      title: W.act,
      lead: true,
      render: (r) => {
        const details = detailWords(r).map((w) => t(w))
        return details.length ? `${t(actWords(r.act))}${bracketed(listWords(details, lang), lang)}` : t(actWords(r.act))
      },
    },
    {
      key: 'actor',
      title: W.actor,
      render: (r) =>
        r.actorKind === 'person' || r.actorKind === 'key' ? (
          <Button
            type="link"
            style={{ padding: 0, height: 'auto', whiteSpace: 'normal' }}
            aria-label={t(W.onlyOne, { name: whoOf(r) })}
            onClick={() => filter({ actor: r.actorId })}
          >
            {whoOf(r)}
          </Button>
        ) : (
          whoOf(r)
        ),
    },
    { key: 'authority', title: W.authority, render: (r) => r.authorityName ?? '—' },
    { key: 'target', title: W.target, render: (r) => t(r.targetId === r.actorId ? W.self : targetWords(r.targetKind)) },
  ]
  const first = query.data?.rows[0]
  const acts = Object.entries(FIELD_WORDS).map(([field, words]) => ({
    label: t(words),
    options: Object.entries(ACTS)
      .filter(([a]) => fieldOf(a) === FIELD_WORDS[field])
      .map(([value, w]) => ({ value, label: t(w) })),
  }))
  return (
    <>
      <h2>{t(W.list)}</h2>
      <Flex gap={8} wrap align="end" style={{ marginBottom: 12 }}>
        <Select
          aria-label={t(W.act)}
          style={{ minWidth: 220, maxWidth: '100%' }}
          showSearch={{ optionFilterProp: 'label' }}
          value={act ?? ''}
          onChange={(v: string) => filter({ act: v })}
          options={[{ value: '', label: t(W.allActs) }, ...acts]}
        />
        <label>
          {t(W.from)}{' '}
          <Input
            type="date"
            style={{ width: 160 }}
            value={from ?? ''}
            max={to}
            onChange={(e) => filter({ from: e.target.value })}
          />
        </label>
        <label>
          {t(W.to)}{' '}
          <Input
            type="date"
            style={{ width: 160 }}
            value={to ?? ''}
            min={from}
            onChange={(e) => filter({ to: e.target.value })}
          />
        </label>
        {(act || actor || from || to) && (
          <Button onClick={() => filter({ act: '', actor: '', from: '', to: '' })}>{t(W.clear)}</Button>
        )}
      </Flex>
      {actor && first && <p>{t(W.only, { name: whoOf(first) })}</p>}
      <KeyedList
        query={query}
        name={W.title}
        empty={W.empty}
        columns={columns}
        rowKey={(r) => r.id}
        after={search.after}
        go={go}
      />
    </>
  )
}

/** The auditor reads everything; the security administrator may verify that nothing was changed. */
export const Audit = () => {
  const { t } = useLanguage()
  const { has } = useSession()
  return (
    <>
      <h1>{t(W.title)}</h1>
      <AuditVerdict />
      {has('auditor') && <List />}
    </>
  )
}
