import { describe, expect, it } from 'vitest'
import { escapeHtml, html, raw } from './html.ts'

describe('html', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onmouseover="alert(1)', '&quot; onmouseover=&quot;alert(1)'],
    ["' onfocus='x", '&#39; onfocus=&#39;x'],
    ['</title><img src=x>', '&lt;/title&gt;&lt;img src=x&gt;'],
    ['`${x}`', '&#96;${x}&#96;'],
    ['&amp;', '&amp;amp;'],
    ['𠮷野家（广州）', '𠮷野家（广州）'],
    ['a\u0000b\u0008c', 'abc'],
    ['a\tb\nc', 'a\tb\nc'],
    ['half \ud842 pair', 'half \ufffd pair'],
  ])('escapes %j', (given, wanted) => {
    expect(escapeHtml(given)).toBe(wanted)
    expect(html`<p title="${given}">${given}</p>`.text).toBe(`<p title="${wanted}">${wanted}</p>`)
  })

  it('nests fragments and lists without escaping them twice', () => {
    const names = ['甲 & 乙', '<b>']
    expect(html`<ul>${names.map((n) => html`<li>${n}</li>`)}</ul>`.text).toBe(
      '<ul><li>甲 &amp; 乙</li><li>&lt;b&gt;</li></ul>',
    )
  })

  it('prints nothing for what is absent, and zero for zero', () => {
    expect(html`[${null}${undefined}${false}${''}${0}${[]}]`.text).toBe('[0]')
  })

  it('passes our own fragments as they are', () => {
    expect(html`${raw('<hr>')}`.text).toBe('<hr>')
  })
})
