import { type Html, html, raw } from '../../kernel/html.ts'
import type { Policy } from '../../kernel/policy.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Lang, type Words, say } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { publicPage } from '../publicity/index.ts'
import { type Figures, type Formulas, NO_TIMES, type Tally, type Times, figuresOf } from './rules.ts'
import { sentenceOf } from './sentences.ts'
import type { AuthorityTallies, Report } from './store.report.ts'
import type { RefusalCount } from './store.ts'
import { FIGURE_WORDS, RATING_WORDS, WHATS, WHAT_WORDS, type What } from './words.ts'

/** What a report is made of. Authorities only: no subject and no person stands in it. */
export type Content = {
  formulas: Formulas
  rows: AuthorityTallies[]
  refusals: RefusalCount[]
  ratings: { score: number; count: number }[]
  /** Open at the instant of the report, and how many of these were overdue. */
  open: number
  overdue: number
  /** Success of the month before. */
  before: Figures['success']
  /** By authority, and over all (null); reports from before these were counted have none. */
  times?: (Times & { authorityId: string | null })[]
}
type Held = Report<Content>

const W = {
  title: { zh: '{place}{month}信用修复工作月报', en: 'Credit repair in {place}: monthly report for {month}' },
  one: { zh: '一、总体情况', en: '1. Overall' },
  overall: {
    zh: '{month}，共收到信用修复事项{received}件，受理{accepted}件；准予修复{granted}件，不予修复{refused}件，不予受理{notAccepted}件，申请人撤回{withdrawn}件。成功率{success}{change}。截至本月报数据时点，在办{open}件，其中超期{overdue}件。',
    en: 'In {month}: received {received}, accepted {accepted}, granted {granted}, refused {refused}, not accepted {notAccepted}, withdrawn {withdrawn}. The success rate is {success}{change}. As of this report, open: {open}, of these overdue: {overdue}.',
  },
  change: { zh: '（上月{share}）', en: ' (the month before: {share})' },
  none: { zh: '无', en: 'none' },
  two: { zh: '二、各单位办理情况', en: '2. Authorities' },
  three: { zh: '三、办理时限', en: '3. Time taken' },
  times: {
    zh: '平均受理用时{accept}个工作日，平均决定用时{decide}个工作日，最长决定用时{longest}个工作日；平均全程用时{total}个工作日（不含申请人补正时间）。超过规定时限的环节{late}个。',
    en: 'Acceptance took {accept} working days on average, decision {decide}, at the longest {longest}; the whole way {total} (without the time in which applicants added material). Steps that exceeded their term: {late}.',
  },
  medians: {
    zh: '受理用时中位数{accept}个工作日，决定用时中位数{decide}个工作日，九成决定用时不超过{ninety}个工作日；全程用时中位数{total}个工作日。',
    en: 'The median was {accept} working days to accept, {decide} to decide (nine in ten within {ninety}) and {total} in all.',
  },
  four: { zh: '四、驳回理由', en: '4. Reasons of refusals' },
  noRefusals: { zh: '本月没有不予修复、不予受理的事项。', en: 'Nothing was refused this month.' },
  sentence: { zh: '不符合的条件', en: 'Condition that failed' },
  five: { zh: '五、异常办结', en: '5. Abnormal endings' },
  abnormal: { zh: '异常办结{n}件：{list}。', en: 'Abnormal endings: {n} ({list}).' },
  noAbnormal: { zh: '本月没有异常办结的事项。', en: 'There were no abnormal endings this month.' },
  six: { zh: '六、服务评价', en: '6. Ratings of the service' },
  ratings: { zh: '本月收到评价{n}件，平均{mean}分：{list}。', en: 'Ratings: {n}, {mean} points on average ({list}).' },
  noRatings: { zh: '本月没有收到服务评价。', en: 'Nobody rated the service this month.' },
  note: { zh: '附注', en: 'Notes' },
  formulas: {
    zh: '口径：成功率＝（{success}）÷（{over}）；异常办结包括{abnormal}。用时按工作日计算。',
    en: 'Formulas: success rate = ({success}) ÷ ({over}); abnormal endings are {abnormal}. Times are working days.',
  },
  unsure: { zh: '口径为默认安排，待主管部门明确。', en: 'The formulas are defaults and await confirmation.' },
  again: {
    zh: '数据截至{asOf}（提交序号{position}），规则版本{policy}，数据摘要（SHA-256）{digest}。按同一截止时点重新计算，可得相同结果。',
    en: 'Figures as of {asOf} (commit {position}), rules {policy}, digest (SHA-256) {digest}. Computed again as of that instant they come out the same.',
  },
  draft: { zh: '草稿，未发布', en: 'Draft, not published' },
  authority: { zh: '单位', en: 'Authority' },
  all: { zh: '合计', en: 'Total' },
  table: { zh: '各单位办理情况', en: 'What authorities did' },
  list: { zh: '信用修复工作月报', en: 'Monthly reports on credit repair' },
  listLead: {
    zh: '信用牵头部门按月公布信用修复的数量、结果、用时和驳回理由。月报只统计单位，不涉及具体信用主体。',
    en: 'Each month the credit office publishes numbers, outcomes, times and reasons of refusals. Reports count by authority; no subject stands in them.',
  },
  nothing: { zh: '还没有发布月报。', en: 'No report has been published yet.' },
  older: { zh: '更早的月报', en: 'Earlier reports' },
  print: { zh: '可以直接打印本页。', en: 'This page can be printed as it is.' },
} as const satisfies Record<string, Words>

export const monthWords = (month: LocalDate): Words => ({
  zh: `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`,
  // A month is its first day without the day.
  en: dayWords(month).en.replace(/^1 /, ''),
})
const placeOf = (policy: Policy, division: string): Words =>
  policy.divisions.find((d) => d.code === division)?.name ?? policy.jurisdiction.name
export const titleOf = (policy: Policy, r: Pick<Held, 'month' | 'division'>): Words => {
  const params = { place: placeOf(policy, r.division), month: monthWords(r.month) }
  return { zh: say(W.title, 'zh', params), en: say(W.title, 'en', params) }
}
/** 〔2026〕1号 */
export const noOf = (r: Pick<Held, 'year' | 'number'>): Words | null =>
  r.number === null ? null : { zh: `信用修复月报〔${r.year}〕${r.number}号`, en: `Report ${r.year} no. ${r.number}` }

const STYLE = raw(`
:root{color:#111;background:#fff}
body{margin:0;font:16px/1.75 "Songti SC","SimSun","Noto Serif SC",serif;background:#eef1f5}
.paper{max-width:178mm;margin:24px auto;background:#fff;padding:20mm 16mm;box-shadow:0 1px 6px #0002;box-sizing:border-box}
.head{text-align:center;color:#b00;font-size:28px;font-weight:700;letter-spacing:.1em;margin:0 0 6px;line-height:1.3}
.no{text-align:center;margin:0 0 4px}.line{border:0;border-top:3px solid #b00;margin:4px 0 24px}
h1{font-size:22px;text-align:center;line-height:1.5;margin:0 0 20px}h2{font-size:17px;margin:20px 0 6px}p{margin:0 0 8px;text-indent:2em}
html[lang=en] p,.small p{text-indent:0}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.5;margin:6px 0 12px}
th,td{border:1px solid #555;padding:4px 6px;text-align:left;font-weight:400;vertical-align:top}thead th{background:#f1f3f6;font-weight:700}
caption{font-weight:700;text-align:left;padding:4px 0}tbody th{min-width:9em}tfoot th,tfoot td{font-weight:700}
.many{font-size:12.5px}.many th,.many td{padding:4px 3px}.many thead th.n{min-width:2em}.many tbody th{min-width:7em}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}thead th.n{white-space:normal}code{font-family:inherit}
.sign{text-align:right;margin:28px 0 0;text-indent:0}.small{font-size:13px;color:#333;border-top:1px solid #999;margin-top:24px;padding-top:8px;overflow-wrap:anywhere}
.draft{border:2px solid #b00;color:#b00;text-align:center;padding:4px;margin:0 0 16px;text-indent:0}
@media(max-width:600px){.paper{margin:0;padding:16px 12px}.head{font-size:22px}h1{font-size:19px}}
@page{size:A4;margin:20mm 18mm}
@media print{body{background:#fff}.paper{margin:0;max-width:none;padding:0;box-shadow:none}tr{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}
`)

const percent = (share: number | null, lang: Lang): string =>
  share === null ? W.none[lang] : `${(share * 100).toFixed(1)}%`
const days = (n: number | null): string => (n === null ? '—' : String(n))
const COLUMNS = [
  'received',
  'accepted',
  'granted',
  'refused',
  'not_accepted',
  'withdrawn',
] as const satisfies readonly What[]

const authorityTable = (content: Content, lang: Lang): Html => {
  const figures = (tallies: readonly Tally[]) => figuresOf(tallies, content.formulas, WHATS)
  const timesOf = (id: string | null) => content.times?.find((t) => t.authorityId === id) ?? NO_TIMES
  const cells = (f: Figures, id: string | null): Html => {
    const medians =
      content.times &&
      html`<td class="n">${days(timesOf(id).median)}</td><td class="n">${days(timesOf(id).nineInTen)}</td>`
    return html`${COLUMNS.map((w) => html`<td class="n">${f.counts[w]}</td>`)}<td class="n">${f.late}</td><td class="n">${f.abnormal}</td><td class="n">${percent(f.success.share, lang)}</td><td class="n">${days(f.average)}</td>${medians}`
  }
  const heads = [
    ...COLUMNS.map((w) => WHAT_WORDS[w]),
    FIGURE_WORDS.late,
    FIGURE_WORDS.abnormal,
    FIGURE_WORDS.success,
    FIGURE_WORDS.average,
    ...(content.times ? [FIGURE_WORDS.median, FIGURE_WORDS.nineInTen] : []),
  ]
  const rows = content.rows.toSorted((a, b) => (a.division + a.authorityName < b.division + b.authorityName ? -1 : 1))
  return html`<div class="wide" tabindex="0" role="region" aria-label="${W.table[lang]}"><table class="many"><caption>${W.table[lang]}</caption><thead><tr><th scope="col">${W.authority[lang]}</th>${heads.map(
    (h) => html`<th scope="col" class="n">${h[lang]}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (r) => html`<tr><th scope="row">${r.authorityName}</th>${cells(figures(r.tallies), r.authorityId)}</tr>`,
  )}</tbody><tfoot><tr><th scope="row">${W.all[lang]}</th>${cells(figures(content.rows.flatMap((r) => r.tallies)), null)}</tr></tfoot></table></div>`
}

const refusalTable = (policy: Policy, content: Content, lang: Lang): Html => {
  const groups = [
    ...Map.groupBy(content.refusals, (r) => `${r.condition ?? ''} ${r.condition === null ? '' : r.system}`).values(),
  ]
  const rows = groups.flatMap((all) => {
    const [first] = all
    if (!first) return []
    const n = (what: What) => all.reduce((sum, r) => (r.what === what ? sum + r.n : sum), 0)
    const { words } = sentenceOf(policy, first.condition, first.system, first.rules)
    return [{ words, refused: n('refused'), notAccepted: n('not_accepted') }]
  })
  if (!rows.length) return html`<p>${W.noRefusals[lang]}</p>`
  return html`<div class="wide" tabindex="0" role="region" aria-label="${W.four[lang]}"><table><thead><tr><th scope="col">${W.sentence[lang]}</th><th scope="col" class="n">${WHAT_WORDS.refused[lang]}</th><th scope="col" class="n">${WHAT_WORDS.not_accepted[lang]}</th></tr></thead><tbody>${rows
    .toSorted((a, b) => b.refused + b.notAccepted - a.refused - a.notAccepted)
    .map(
      (r) =>
        html`<tr><th scope="row">${r.words[lang]}</th><td class="n">${r.refused}</td><td class="n">${r.notAccepted}</td></tr>`,
    )}</tbody></table></div>`
}

const listed = (items: string[], lang: Lang): string => items.join(lang === 'zh' ? '、' : ', ')
const ratingsText = (content: Content, lang: Lang): string => {
  const n = content.ratings.reduce((sum, r) => sum + r.count, 0)
  if (!n) return W.noRatings[lang]
  const points = content.ratings.reduce((sum, r) => sum + r.score * r.count, 0)
  const list = content.ratings
    .toReversed()
    .map(
      (r) =>
        `${RATING_WORDS[r.score as keyof typeof RATING_WORDS][lang]}${lang === 'zh' ? '' : ' '}${r.count}${lang === 'zh' ? '件' : ''}`,
    )
  return say(W.ratings, lang, { n, mean: (points / n).toFixed(1), list: listed(list, lang) })
}

const instantText = (at: Instant, lang: Lang): string => {
  const time = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(11, 19)
  return `${dayWords(dayOf(at))[lang]} ${time}`
}
/** Digest and versions are marked as what they are: codes. */
const sayAgain = (r: Held, lang: Lang): Html => {
  const words = { asOf: instantText(r.asOf, lang), position: r.commitPosition, policy: '|', digest: '|' }
  const [first = '', second = '', third = ''] = say(W.again, lang, words).split('|')
  return html`${first}<code>${r.policyVersion.slice(0, 12)}</code>${second}<code>${r.digest}</code>${third}`
}

const medianText = (content: Content, lang: Lang): string => {
  const all = content.times?.find((t) => t.authorityId === null)
  if (!all) return ''
  const { medianAccept, median, nineInTen, medianTotal } = all
  const params = { accept: days(medianAccept), decide: days(median), ninety: days(nineInTen), total: days(medianTotal) }
  return `${lang === 'zh' ? '' : ' '}${say(W.medians, lang, params)}`
}

/** The whole document. `nonce`: of the page's own security policy. */
export const paperOf = (ctx: Pick<Ctx, 'policy'>, r: Held, lang: Lang, nonce: string | null): string => {
  const { content } = r
  const f = figuresOf(
    content.rows.flatMap((row) => row.tallies),
    content.formulas,
    WHATS,
  )
  const month = monthWords(r.month)
  const no = noOf(r)
  const names = (whats: readonly What[]) => whats.map((w) => WHAT_WORDS[w][lang]).join(lang === 'zh' ? '＋' : ' + ')
  const abnormal = content.formulas.abnormal.filter((w) => f.counts[w] > 0)
  const setting = ctx.policy.settings.find((s) => s.key === 'repair_oversight')
  const page = html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${titleOf(ctx.policy, r)[lang]}</title><style${nonce !== null && html` nonce="${nonce}"`}>${STYLE}</style></head><body><main class="paper">
${r.state === 'draft' && html`<p class="draft">${W.draft[lang]}</p>`}
<p class="head">${r.issuer}</p>${no && html`<p class="no">${no[lang]}</p>`}<hr class="line">
<h1>${titleOf(ctx.policy, r)[lang]}</h1>
<h2>${W.one[lang]}</h2><p>${say(W.overall, lang, {
    month,
    received: f.counts.received,
    accepted: f.counts.accepted,
    granted: f.counts.granted,
    refused: f.counts.refused,
    notAccepted: f.counts.not_accepted,
    withdrawn: f.counts.withdrawn,
    success: percent(f.success.share, lang),
    change: content.before.share === null ? '' : say(W.change, lang, { share: percent(content.before.share, lang) }),
    open: content.open,
    overdue: content.overdue,
  })}</p>
<h2>${W.two[lang]}</h2>${authorityTable(content, lang)}
<h2>${W.three[lang]}</h2><p>${say(W.times, lang, {
    accept: days(f.averageAccept),
    decide: days(f.average),
    longest: days(f.longest),
    total: days(f.averageTotal),
    late: f.late,
  })}${medianText(content, lang)}</p>
<h2>${W.four[lang]}</h2>${refusalTable(ctx.policy, content, lang)}
<h2>${W.five[lang]}</h2><p>${
    abnormal.length
      ? say(W.abnormal, lang, {
          n: f.abnormal,
          list: listed(
            abnormal.map(
              (w) => `${WHAT_WORDS[w][lang]}${lang === 'zh' ? '' : ' '}${f.counts[w]}${lang === 'zh' ? '件' : ''}`,
            ),
            lang,
          ),
        })
      : W.noAbnormal[lang]
  }</p>
<h2>${W.six[lang]}</h2><p>${ratingsText(content, lang)}</p>
<p class="sign">${r.issuer}<br>${dayWords(dayOf(r.issuedAt ?? r.asOf))[lang]}</p>
<section class="small" aria-label="${W.note[lang]}"><p>${say(W.formulas, lang, {
    success: names(content.formulas.success),
    over: names(content.formulas.over),
    abnormal: listed(
      content.formulas.abnormal.map((w) => WHAT_WORDS[w][lang]),
      lang,
    ),
  })}${setting?.unsure && `${lang === 'zh' ? '' : ' '}${W.unsure[lang]}`}</p><p>${sayAgain(r, lang)}</p></section>
</main></body></html>`
  return `<!doctype html>\n${page.text}`
}

/** The column of the public site. */
export const reportsPageOf = (ctx: Ctx, reports: readonly Held[], next: string | null): string => {
  const { lang } = ctx
  return publicPage(
    ctx,
    { path: '/repair/reports', title: W.list[lang], active: '/repair' },
    ({ to, crumbs }) =>
      html`${crumbs(W.list[lang])}<section class="card"><h1>${W.list[lang]}</h1><p>${W.listLead[lang]}</p>${
        reports.length
          ? html`<ul class="plain">${reports.map(
              (r) =>
                html`<li><a href="${to(`/repair/reports/${r.id}`)}">${titleOf(ctx.policy, r)[lang]}</a> <span class="small">${r.issuer} ${noOf(r)?.[lang]} ${dayWords(dayOf(r.issuedAt ?? r.asOf))[lang]}</span></li>`,
            )}</ul>`
          : html`<p>${W.nothing[lang]}</p>`
      }${next && html`<p><a href="${to('/repair/reports', { after: next })}">${W.older[lang]}</a></p>`}<p class="small">${W.print[lang]}</p></section>`,
  )
}
