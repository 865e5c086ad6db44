import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../../kernel/time.ts'
import { type LineFacts, judgePage, lineKindOf, resultNumber } from './rules.ts'

const facts = (over: Partial<LineFacts> = {}): LineFacts => ({
  result_no: '1',
  result: 'repaired',
  item_code: 'penalty',
  item_name: '行政处罚',
  subject_name: '广州甲公司',
  subject_code: '91440106MA5000001X',
  authority_name: '市交通运输局',
  doc_no: '穗罚〔2026〕1号',
  decided_on: '2026-05-06',
  effective_on: '2026-11-20',
  amends: '',
  ...over,
})
const SET = { repairs: ['repaired', 'shielded'], corrections: ['corrected'], reversals: ['revoked', 'restored'] }

describe('what becomes a line', () => {
  const repaired = { kind: 'repaired' as const, line: facts() }
  it('a repair once, until it is reversed', () => {
    expect(lineKindOf(SET, 'repaired', null, facts())).toBe('repaired')
    expect(lineKindOf(SET, 'shielded', repaired, facts())).toBeNull()
    expect(lineKindOf(SET, 'repaired', { ...repaired, kind: 'reversed' }, facts())).toBe('repaired')
  })
  it('amendments of what stands in it, and of nothing else', () => {
    expect(lineKindOf(SET, 'revoked', repaired, facts())).toBe('reversed')
    expect(lineKindOf(SET, 'revoked', null, facts())).toBeNull()
    expect(lineKindOf(SET, 'corrected', repaired, facts())).toBeNull()
    expect(lineKindOf(SET, 'corrected', repaired, facts({ doc_no: '穗罚〔2026〕2号' }))).toBe('corrected')
    expect(lineKindOf(SET, 'disputed', repaired, facts())).toBeNull()
  })
  it('numbers run within the day', () => {
    expect(resultNumber('440100', '2026-11-20' as LocalDate, 7)).toBe('440100-20261120-00007')
  })
})

describe('looking at a page', () => {
  const sought = { docNo: '穗市监处罚〔2026〕123号', subjectName: '广州星衡（集团）贸易有限公司' }
  const LONG = '<p>广州市市场监督管理局行政处罚信息公示栏，更新于二〇二六年十一月。</p>'
  const look = (html: string | null, status = 200, truncated = false) => judgePage({ status, html, truncated }, sought)
  const there = (html: string) => expect(look(html), html).toEqual({ outcome: 'still_there', reason: 'both_found' })

  it('finds number and name in any width, brackets, markup, escapes and scripts', () => {
    there(`<td>穗市监处罚〔2026〕123号</td><td>广州星衡（集团）贸易有限公司</td>`)
    there(`<td>穗市监处罚[2026]１２３号</td>\n<td>广州星衡(集团)<b>贸易</b>有限 公司</td>`)
    there(`<p title="穗市监处罚〔2026〕123号">广州星衡（集团）贸易有限公司</p>`)
    there(`&#31319;市监处罚&#x3014;2026〕123号 广州星衡（集团）&nbsp;贸易有限公司`)
    there(
      `<script>var rows=[{"no":"\\u7a57\\u5e02监处罚〔2026〕123号","name":"广州星衡（集团）贸易有限公司"}]</script>`,
    )
    there(`<!-- <td>穗市监处罚〔2026〕123号</td> 广州星衡（集团）贸易有限公司 -->`)
  })
  it('says gone of a page that is there without it, or is no more', () => {
    expect(look(LONG)).toEqual({ outcome: 'gone', reason: 'none_found' })
    expect(look(null, 404)).toEqual({ outcome: 'gone', reason: 'page_removed' })
    expect(look('', 410)).toMatchObject({ outcome: 'gone' })
  })
  it('says so where it cannot tell, or where nothing answers', () => {
    expect(look(`${LONG}穗市监处罚〔2026〕123号`)).toMatchObject({ outcome: 'cannot_tell', reason: 'only_number' })
    expect(look(`${LONG}广州星衡（集团）贸易有限公司`)).toMatchObject({ reason: 'only_name' })
    expect(look('<div id="app"></div><script>load()</script>')).toMatchObject({ reason: 'too_little_text' })
    expect(look(null)).toMatchObject({ outcome: 'cannot_tell', reason: 'not_a_page' })
    expect(look(LONG, 200, true)).toMatchObject({ outcome: 'cannot_tell', reason: 'too_large' })
    expect(look('', 403)).toMatchObject({ reason: 'needs_sign_in' })
    expect(look('', 502)).toMatchObject({ outcome: 'unreachable', reason: 'server_error' })
    expect(look('', 304)).toMatchObject({ reason: 'other_status' })
  })
  it('is not slowed down by a page that is made for it', () => {
    const since = Date.now()
    for (const bad of ['<', '<!--', '<script', '&#', '<a '.repeat(2)]) look(bad.repeat(300_000))
    expect(Date.now() - since).toBeLessThan(5000)
  })
})
