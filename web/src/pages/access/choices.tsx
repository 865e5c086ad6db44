import { Select } from 'antd'
import { useState } from 'react'
import { endpoints } from '../../../../src/capabilities/access/contract.ts'
import { endpoints as collection } from '../../../../src/capabilities/collection/contract.ts'
import { territoryPrefix } from '../../../../src/kernel/territory.ts'
import type { Words } from '../../../../src/kernel/words.ts'
import { useApi } from '../../app/api.ts'
import { useLanguage } from '../../app/language.tsx'
import { useSession } from '../../app/session.tsx'
import { bracketed, listWords } from '../../ui/format.ts'

const W = {
  authority: { zh: '输入名称查找单位', en: 'Type a name to find an authority' },
  division: { zh: '输入名称或者六位代码', en: 'Type a name or the six digits' },
  noneFound: { zh: '没有符合的结果', en: 'Nothing matches' },
  unnamed: { zh: '未收录的行政区划', en: 'A division that is not on the list' },
  abolished: { zh: '{name}（已撤销）', en: '{name} (abolished)' },
  abolishedInto: { zh: '{name}（已撤销，现为{successors}）', en: '{name} (abolished, now {successors})' },
} as const satisfies Record<string, Words>

/** `id`, `value` and `onChange` come from the form item around it. */
type Field = {
  id?: string
  value?: string | undefined
  onChange?: (value: string | undefined) => void
  'aria-label'?: string
  clearable?: boolean
  style?: React.CSSProperties
}

/** An authority, found on the server by its name. */
export const AuthoritySelect = ({ value, onChange, clearable, ...rest }: Field) => {
  const { t } = useLanguage()
  const [q, setQ] = useState('')
  const found = useApi(endpoints.listAuthorities, { q, active: 'true', limit: 20 })
  const held = useApi(endpoints.getAuthority, { id: value ?? '' }, { enabled: value !== undefined })
  const rows = found.data?.rows ?? []
  const chosen = value !== undefined && held.data?.id === value && !rows.some((r) => r.id === value) ? [held.data] : []
  return (
    <Select<string>
      {...rest}
      value={value}
      onChange={(v: string | undefined) => onChange?.(v)}
      allowClear={clearable ?? false}
      placeholder={t(W.authority)}
      loading={found.isFetching}
      notFoundContent={t(W.noneFound)}
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={[...chosen, ...rows].map((a) => ({ value: a.id, label: a.name }))}
    />
  )
}

/** For a group of checkboxes: a group may not say `aria-required`, which the `required` rule would put on it. */
export const atLeastOne = (message: string) => ({
  validator: (_: unknown, chosen: readonly string[] | undefined) =>
    chosen?.length ? Promise.resolve() : Promise.reject(new Error(message)),
})

export const useDivisions = () => {
  const { t } = useLanguage()
  const { data } = useApi(endpoints.listDivisions, {})
  const known = new Map(data?.rows.map((d) => [d.code, d]))
  const nameOf = (code: string | null): string => {
    if (code === null) return ''
    const division = known.get(code)
    if (!division) return data ? t(W.unnamed) : ''
    if (division.abolishedSince === null) return t(division.name)
    const successors = division.successors.flatMap((s) => known.get(s)?.name ?? [])
    return t(successors.length ? W.abolishedInto : W.abolished, {
      name: division.name,
      successors: successors.map((s) => t(s)),
    })
  }
  return {
    rows: data?.rows ?? [],
    nameOf,
    isAbolished: (code: string): boolean => (known.get(code)?.abolishedSince ?? null) !== null,
    isListed: (code: string): boolean => !data || known.has(code),
  }
}

/** A division of one's own territory; one that the list does not know is typed as six digits. */
export const DivisionSelect = ({ value, onChange, clearable, ...rest }: Field) => {
  const { t, lang } = useLanguage()
  const { person } = useSession()
  const { rows, nameOf, isAbolished } = useDivisions()
  const [typed, setTyped] = useState('')
  const mine = rows.filter((d) => d.code.startsWith(territoryPrefix(person?.division ?? '')))
  // An abolished one can be seen and not chosen: nothing new begins in it.
  const options = mine.map((d) => ({
    value: d.code,
    label: `${nameOf(d.code)}${bracketed(d.code, lang)}`,
    disabled: isAbolished(d.code),
  }))
  for (const code of [typed, value ?? '']) {
    if (/^\d{6}$/.test(code) && !options.some((o) => o.value === code))
      options.push({ value: code, label: `${nameOf(code)}${bracketed(code, lang)}`, disabled: false })
  }
  return (
    <Select<string>
      {...rest}
      value={value}
      onChange={(v: string | undefined) => onChange?.(v)}
      allowClear={clearable ?? false}
      placeholder={t(W.division)}
      notFoundContent={t(W.noneFound)}
      showSearch={{ optionFilterProp: 'label', onSearch: setTyped }}
      options={options}
    />
  )
}

/** Catalog items by their names. */
export const useItems = () => {
  const { t, lang } = useLanguage()
  const { data } = useApi(collection.catalog, {})
  const names = new Map(data?.items.map((i) => [i.code, i.name]))
  return {
    options: data?.items.map((i) => ({ value: i.code, label: t(i.name) })) ?? [],
    namesOf: (codes: readonly string[]): string =>
      listWords(
        codes.flatMap((c) => (names.has(c) ? [t(names.get(c) as Words)] : [])),
        lang,
      ),
  }
}
