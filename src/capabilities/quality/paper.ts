import { type Html, html, raw } from '../../kernel/html.ts'
import { type Instant, type LocalDate, dayOf } from '../../kernel/time.ts'
import { dayWords } from '../../kernel/window.ts'
import { type Lang, type Words, say } from '../../kernel/words.ts'
import type { Ctx } from '../../platform/context.ts'
import { catalogItemOn } from '../records/index.ts'
import { type Counts, type Scoring, colourOf, lastDayOf, ranked, scoreOf, sharesOf, sumOf } from './rules.ts'
import type { Circular, FaultRow, Named } from './store.ts'
import { COLOUR_WORDS, INDICATOR_WORDS, NOT_SCORED, formulaWords } from './words.ts'
import { faultWords, fieldWords } from './words.faults.ts'

/** What a circular is made of. Authorities only: no person stands in it. */
export type Content = {
  scoring: Scoring
  /** Which fields ought to be filled, item by item, as the rules had it then. */
  expected: Record<string, string[]>
  rows: { authorityId: string; authorityName: string; division: string; counts: Counts; before: number | null }[]
  faults: FaultRow[]
  named: Named[]
}
type Held = Circular<Content>

const W = {
  title: {
    zh: '关于{month}公共信用信息归集质量情况的通报',
    en: 'Circular on the quality of public credit information reported in {month}',
  },
  to: { zh: '各有关单位：', en: 'To all authorities concerned:' },
  lead: {
    zh: '根据{instrument}{article}，现将{month}公共信用信息归集质量情况通报如下。',
    en: 'Under {instrument} ({article}), the quality of what was reported in {month} is as follows.',
  },
  leadPlain: {
    zh: '现将{month}公共信用信息归集质量情况通报如下。',
    en: 'The quality of what was reported in {month} is as follows.',
  },
  one: { zh: '一、总体情况', en: '1. Overall' },
  overall: {
    zh: '{month}，共有{authorities}个单位报送数据{received}行，其中首次报送退回{refused}行，退回后已更正{mended}行。全辖区综合得分{score}分。评分单位中，绿色{green}个、黄色{yellow}个、红色{red}个。',
    en: 'In {month}, {authorities} authorities handed in {received} rows; {refused} were returned at first hand-in and {mended} of these have been mended. The territory as a whole scores {score}. Of the authorities scored, {green} are green, {yellow} yellow and {red} red.',
  },
  two: { zh: '二、各单位情况', en: '2. Authorities' },
  three: { zh: '三、主要问题', en: '3. Most frequent faults' },
  faultLead: { zh: '退回数据中出现较多的问题如下。', en: 'The faults most often found in returned rows are these.' },
  noFaults: { zh: '本月没有退回的数据。', en: 'No row was returned this month.' },
  four: { zh: '四、点名通报事项', en: '4. Matters named' },
  namedLead: {
    zh: '下列事项经提醒信息采集员和单位负责人后仍未办结，予以通报。',
    en: 'These matters stood open after both the collector and the head of the authority had been reminded.',
  },
  noNamed: { zh: '本月没有需要点名通报的事项。', en: 'No matter has to be named this month.' },
  five: { zh: '五、有关要求', en: '5. What is asked' },
  ask: {
    zh: '请得分为黄色和红色的单位对照问题清单，及时更正退回数据、补填应填项，并按规定时限报送；各单位应当落实信息采集员职责，确保数据完整、准确、及时。',
    en: 'Authorities that are yellow or red should mend returned rows, fill in what is missing and report within the terms; each authority sees to it that its collector does this work.',
  },
  note: { zh: '附注', en: 'Notes' },
  formulas: {
    zh: '评分口径：{list}。得分为各项加权平均乘以100；{green}分以上为绿色，{yellow}分以上不足{green}分为黄色，其余为红色。没有发生额的指标不计权重。',
    en: 'Formulas: {list}. The score is the weighted mean times 100; from {green} green, from {yellow} yellow, below that red. An indicator with nothing to divide by carries no weight.',
  },
  again: {
    zh: '数据截至{asOf}（提交序号{position}），规则版本{policy}，数据摘要（SHA-256）{digest}。按同一截止时点重新计算，可得相同结果。',
    en: 'Figures as of {asOf} (commit {position}), rules {policy}, digest (SHA-256) {digest}. Computed again as of that instant they come out the same.',
  },
  draft: { zh: '拟稿，未印发', en: 'Draft, not issued' },
  rank: { zh: '名次', en: 'Rank' },
  authority: { zh: '单位', en: 'Authority' },
  rows: { zh: '报送行数', en: 'Rows' },
  score: { zh: '得分', en: 'Score' },
  colour: { zh: '等次', en: 'Colour' },
  change: { zh: '较上月', en: 'Change' },
  item: { zh: '事项', en: 'Item' },
  fault: { zh: '问题', en: 'Fault' },
  count: { zh: '行数', en: 'Rows' },
  units: { zh: '涉及单位数', en: 'Authorities' },
  what: { zh: '事项', en: 'Matter' },
  since: { zh: '最早发生', en: 'Oldest' },
  chart: { zh: '各单位得分', en: 'Scores of the authorities' },
  scores: { zh: '各单位得分和等次', en: 'Scores and colours' },
  table: { zh: '各单位分项指标（分子/分母）', en: 'Indicators (numerator/denominator)' },
} as const satisfies Record<string, Words>
const WHAT: Record<string, Words> = {
  returned_rows: { zh: '退回数据逾期未更正', en: 'returned rows not mended' },
  late: { zh: '逾期报送', en: 'late reports' },
  missing: { zh: '应报未报', en: 'missing reports' },
}
const WHAT_ELSE: Words = { zh: '其他事项', en: 'another matter' }

const monthWords = (month: LocalDate): Words => ({
  zh: `${month.slice(0, 4)}年${Number(month.slice(5, 7))}月`,
  en: month.slice(0, 7),
})
export const titleOf = (c: Pick<Held, 'month'>): Words => ({
  zh: say(W.title, 'zh', { month: monthWords(c.month) }),
  en: say(W.title, 'en', { month: monthWords(c.month) }),
})
/** 〔2026〕1号 */
export const noOf = (c: Pick<Held, 'year' | 'number'>): Words | null =>
  c.number === null ? null : { zh: `信用归集通报〔${c.year}〕${c.number}号`, en: `Circular ${c.year} no. ${c.number}` }

const STYLE = raw(`
:root{color:#111;background:#fff}
body{margin:0;font:16px/1.75 "Songti SC","SimSun","Noto Serif SC",serif;background:#eef1f5}
.paper{max-width:178mm;margin:24px auto;background:#fff;padding:20mm 16mm;box-shadow:0 1px 6px #0002;box-sizing:border-box}
.head{text-align:center;color:#b00;font-size:30px;font-weight:700;letter-spacing:.12em;margin:0 0 6px;line-height:1.3}
.no{text-align:center;margin:0 0 4px}.line{border:0;border-top:3px solid #b00;margin:4px 0 24px}
h1{font-size:23px;text-align:center;line-height:1.5;margin:0 0 20px}
h2{font-size:17px;margin:20px 0 6px}p{margin:0 0 8px;text-indent:2em}p.to,p.flat,.small p{text-indent:0}
html[lang=en] p{text-indent:0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.5;margin:6px 0 12px}
th,td{border:1px solid #555;padding:4px 6px;text-align:left;font-weight:400;vertical-align:top}thead th{background:#f1f3f6;font-weight:700}
caption{font-weight:700;text-align:left;padding:4px 0}tbody th{min-width:9em}code{font-family:inherit}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}thead th.n{white-space:normal}
.sign{text-align:right;margin:28px 0 0;text-indent:0}.small{font-size:13px;color:#333;border-top:1px solid #999;margin-top:24px;padding-top:8px;overflow-wrap:anywhere}
.draft{border:2px solid #b00;color:#b00;text-align:center;padding:4px;margin:0 0 16px;text-indent:0}
svg{max-width:100%;height:auto}figure{margin:8px 0}figcaption{font-weight:700;font-size:14px}
@media(max-width:600px){.paper{margin:0;padding:16px 12px}.head{font-size:22px}h1{font-size:19px}}
@page{size:A4;margin:20mm 18mm}
@media print{body{background:#fff}.paper{margin:0;max-width:none;padding:0;box-shadow:none}tr,figure{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}
`)

const BAR = { row: 26, name: 250, width: 300, height: 16, all: 640 }
const FILLS = { green: '#1e6b34', yellow: '#9a6700', red: '#a8071a' } as const
const MOST_BARS = 40
const LONGEST = 17
/** Drawn on the server, with attributes only: it prints, and needs neither script nor style. */
const bars = (rows: { name: string; score: number; colour: keyof typeof FILLS }[], title: string): Html => {
  const height = rows.length * BAR.row + 4
  return html`<figure><figcaption>${title}</figcaption><svg viewBox="0 0 ${BAR.all} ${height}" width="${BAR.all}" height="${height}" role="img" aria-label="${title}" font-size="13" fill="#111">${rows.map(
    (r, n) => {
      const y = n * BAR.row + 4
      const wide = Math.round((r.score * BAR.width) / 100)
      return html`<text x="${BAR.name - 8}" y="${y + 13}" text-anchor="end">${r.name.length > LONGEST ? `${r.name.slice(0, LONGEST - 1)}…` : r.name}</text><rect x="${BAR.name}" y="${y}" width="${wide}" height="${BAR.height}" fill="${FILLS[r.colour]}"></rect><text x="${BAR.name + wide + 6}" y="${y + 13}">${r.score.toFixed(1)}</text>`
    },
  )}</svg></figure>`
}

const scoreText = (score: number | null, lang: Lang): string => (score === null ? NOT_SCORED[lang] : score.toFixed(1))
const percent = (share: number | null): string => (share === null ? '—' : `${(share * 100).toFixed(1)}%`)
const signed = (change: number): string => `${change > 0 ? '+' : change < 0 ? '−' : '±'}${Math.abs(change).toFixed(1)}`

const standings = (content: Content) => {
  const rows = ranked(content.rows.map((r) => ({ ...r, score: scoreOf(content.scoring, r.counts) })))
  return rows.map((r) => ({
    ...r,
    colour: colourOf(content.scoring, r.score),
    shares: sharesOf(content.scoring, r.counts),
  }))
}

type Standings = ReturnType<typeof standings>
const scoreTable = (rows: Standings, lang: Lang): Html =>
  html`<div class="wide" tabindex="0" role="region" aria-label="${W.scores[lang]}"><table><caption>${W.scores[lang]}</caption><thead><tr><th scope="col" class="n">${W.rank[lang]}</th><th scope="col">${W.authority[lang]}</th><th scope="col" class="n">${W.rows[lang]}</th><th scope="col" class="n">${W.score[lang]}</th><th scope="col">${W.colour[lang]}</th><th scope="col" class="n">${W.change[lang]}</th></tr></thead><tbody>${rows.map(
    (r) =>
      html`<tr><td class="n">${r.rank ?? '—'}</td><th scope="row">${r.authorityName}</th><td class="n">${r.counts.received}</td><td class="n">${scoreText(r.score, lang)}</td><td>${r.colour ? COLOUR_WORDS[r.colour][lang] : '—'}</td><td class="n">${r.score === null || r.before === null ? '—' : signed(r.score - r.before)}</td></tr>`,
  )}</tbody></table></div>`
const shareTable = (content: Content, rows: Standings, lang: Lang): Html =>
  html`<div class="wide" tabindex="0" role="region" aria-label="${W.table[lang]}"><table><caption>${W.table[lang]}</caption><thead><tr><th scope="col">${W.authority[lang]}</th>${content.scoring.indicators.map(
    (i) => html`<th scope="col" class="n">${INDICATOR_WORDS[i.code][lang]}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (r) =>
      html`<tr><th scope="row">${r.authorityName}</th>${r.shares.map(
        (s) =>
          html`<td class="n">${percent(s.share)}${s.share !== null && html`<br>${s.numerator}/${s.denominator}`}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`

const faultTable = (ctx: Pick<Ctx, 'policy'>, c: Held, lang: Lang): Html =>
  c.content.faults.length
    ? html`<p>${W.faultLead[lang]}</p><div class="wide" tabindex="0" role="region" aria-label="${W.three[lang]}"><table><thead><tr><th scope="col">${W.item[lang]}</th><th scope="col">${W.fault[lang]}</th><th scope="col" class="n">${W.count[lang]}</th><th scope="col" class="n">${W.units[lang]}</th></tr></thead><tbody>${c.content.faults.map(
        (f) => {
          const item = catalogItemOn(ctx.policy.catalog, f.item, lastDayOf(c.month))
          return html`<tr><td>${item?.name[lang] ?? WHAT_ELSE[lang]}</td><th scope="row">${fieldWords(item, f.field)[lang]}${lang === 'zh' ? '：' : ': '}${faultWords(item, f.code)[lang]}</th><td class="n">${f.rows}</td><td class="n">${f.authorities}</td></tr>`
        },
      )}</tbody></table></div>`
    : html`<p>${W.noFaults[lang]}</p>`

const namedTable = (c: Held, lang: Lang): Html =>
  c.content.named.length
    ? html`<p>${W.namedLead[lang]}</p><div class="wide" tabindex="0" role="region" aria-label="${W.four[lang]}"><table><thead><tr><th scope="col">${W.authority[lang]}</th><th scope="col">${W.what[lang]}</th><th scope="col" class="n">${W.count[lang]}</th><th scope="col">${W.since[lang]}</th></tr></thead><tbody>${c.content.named.map(
        (n) =>
          html`<tr><th scope="row">${n.authorityName}</th><td>${(WHAT[n.what] ?? WHAT_ELSE)[lang]}</td><td class="n">${n.rows}</td><td>${dayWords(n.oldest)[lang]}</td></tr>`,
      )}</tbody></table></div>`
    : html`<p>${W.noNamed[lang]}</p>`

const instantText = (at: Instant, lang: Lang): string => {
  const time = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(11, 19)
  return `${dayWords(dayOf(at))[lang]} ${time}`
}

/** Digest and versions are marked as what they are: codes. */
const sayAgain = (c: Held, lang: Lang): Html => {
  const words = { asOf: instantText(c.asOf, lang), position: c.commitPosition, policy: '|', digest: '|' }
  const [first = '', second = '', third = ''] = say(W.again, lang, words).split('|')
  return html`${first}<code>${c.policyVersion.slice(0, 12)}</code>${second}<code>${c.digest}</code>${third}`
}

/** The whole document. `nonce`: of the page's own security policy; null for a file that stands alone. */
export const paperOf = (ctx: Pick<Ctx, 'policy'>, c: Held, lang: Lang, nonce: string | null): string => {
  const rows = standings(c.content)
  const all = sumOf(c.content.rows.map((r) => r.counts))
  const month = monthWords(c.month)
  const many = (colour: string) => rows.filter((r) => r.colour === colour).length
  const basis = ctx.policy.settings.find((s) => s.key === 'quality_score')
  const scored = rows.flatMap((r) =>
    r.score !== null && r.colour ? [{ name: r.authorityName, score: r.score, colour: r.colour }] : [],
  )
  const no = noOf(c)
  const formulas = c.content.scoring.indicators
    .map(
      (i) =>
        `${INDICATOR_WORDS[i.code][lang]}${lang === 'zh' ? '（权重' : ' (weight '}${i.weight}${lang === 'zh' ? '）＝' : ') = '}${formulaWords(i)[lang]}`,
    )
    .join(lang === 'zh' ? '；' : '; ')
  const page = html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${titleOf(c)[lang]}</title><style${nonce !== null && html` nonce="${nonce}"`}>${STYLE}</style></head><body><main class="paper">
${c.state === 'draft' && html`<p class="draft">${W.draft[lang]}</p>`}
<p class="head">${c.issuer}</p>${no && html`<p class="no">${no[lang]}</p>`}<hr class="line">
<h1>${titleOf(c)[lang]}</h1>
<p class="to">${W.to[lang]}</p>
<p>${basis ? say(W.lead, lang, { instrument: basis.instrument, article: basis.article, month }) : say(W.leadPlain, lang, { month })}</p>
<h2>${W.one[lang]}</h2><p>${say(W.overall, lang, {
    month,
    authorities: rows.length,
    received: all.received,
    refused: all.refused,
    mended: all.mended,
    score: scoreText(scoreOf(c.content.scoring, all), lang),
    green: many('green'),
    yellow: many('yellow'),
    red: many('red'),
  })}</p>
<h2>${W.two[lang]}</h2>${scored.length > 1 && bars(scored.slice(0, MOST_BARS), W.chart[lang])}${scoreTable(rows, lang)}${shareTable(c.content, rows, lang)}
<h2>${W.three[lang]}</h2>${faultTable(ctx, c, lang)}
<h2>${W.four[lang]}</h2>${namedTable(c, lang)}
<h2>${W.five[lang]}</h2><p>${W.ask[lang]}</p>
<p class="sign">${c.issuer}<br>${dayWords(dayOf(c.issuedAt ?? c.asOf))[lang]}</p>
<section class="small" aria-label="${W.note[lang]}"><p>${say(W.formulas, lang, { list: formulas, green: c.content.scoring.green, yellow: c.content.scoring.yellow })}</p><p>${sayAgain(c, lang)}</p></section>
</main></body></html>`
  return `<!doctype html>\n${page.text}`
}
