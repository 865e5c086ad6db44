import { api, tableScript } from '../capabilities/gateways/index.ts'
import { isIdentifier } from '../kernel/foreign-table.ts'
import type { GatewayView } from '../capabilities/gateways/contract.ts'
import { GATEWAY_HEALTH_WORDS, GATEWAY_KIND_WORDS } from '../capabilities/gateways/words.ts'
import { catalogItemOn } from '../capabilities/records/index.ts'
import type { Lang } from '../kernel/words.ts'
import { dayOf } from '../kernel/time.ts'
import { clockOf } from '../platform/config.ts'
import { loadPolicy } from '../platform/policy-files.ts'
import { type Run, decline, noArguments, textFlag } from './io.ts'
import { configOf, mustHoldData, withPlatform } from './open.ts'

/** The statements that make an exchange table; no database is opened, so that they can be had anywhere. */
export const gatewayTableCommand: Run = async (ask) => {
  noArguments(ask)
  const code = textFlag(ask, 'item') ?? decline('USAGE', '缺少选项 --item。', '--item is missing.')
  const config = configOf(ask)
  const today = dayOf(clockOf(config).now())
  const item =
    catalogItemOn(loadPolicy(config.jurisdiction).catalog, code, today) ??
    decline('NO_SUCH_ITEM', `信用信息目录中没有“${code}”事项。`, `The catalog has no item “${code}”.`)
  const place = { schema: textFlag(ask, 'schema') ?? 'public', table: textFlag(ask, 'table') ?? `xh_${item.code}` }
  for (const name of [place.schema, place.table])
    if (!isIdentifier(name))
      decline('USAGE', `“${name}”不能用作模式名或者表名。`, `“${name}” cannot be the name of a schema or table.`)
  const script = tableScript(item, place)
  return { exit: 0, data: { item: item.code, ...place, script }, lines: script.trimEnd().split('\n') }
}

const lineOf = (g: GatewayView, lang: Lang): string => {
  const place = g.folder
    ? g.folder.path
    : g.table
      ? `${g.table.host}/${g.table.database} ${g.table.schema}.${g.table.table}`
      : ''
  const health = GATEWAY_HEALTH_WORDS[g.health][lang]
  const why = g.problem ? `  ${g.problem.message}` : ''
  return `${g.id}  ${health}  ${GATEWAY_KIND_WORDS[g.kind][lang]}  ${g.authority.name}  ${g.itemName[lang]}  ${place}  ${lang === 'zh' ? '最近读取' : 'read'} ${g.readAt ?? '—'}  ${lang === 'zh' ? '待读取' : 'waiting'} ${g.waiting}${why}`
}

/** How each watched folder and exchange table goes; exit 2 when one fails, for whoever watches over it. */
export const gatewayListCommand: Run = async (ask) => {
  noArguments(ask)
  mustHoldData(configOf(ask))
  const rows = await withPlatform(ask, async (ctx) => {
    const all: GatewayView[] = []
    for (let after: string | undefined; ; ) {
      const page = await api.handlers.listGateways(ctx, { after, limit: 200 })
      all.push(...page.rows)
      if (page.next === null) return all
      after = page.next
    }
  })
  return {
    exit: rows.some((g) => g.health === 'failing') ? 2 : 0,
    data: rows,
    lines: rows.length
      ? rows.map((g) => lineOf(g, ask.lang))
      : [ask.lang === 'zh' ? '没有自动接入。' : 'There are none.'],
  }
}
