import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { addPerson, describeEngines, problemOf } from '../../../test/harness.ts'
import { pdfWords } from '../../../test/pdf-text.ts'
import { type Held, newRecord, newSubject } from '../../../test/repair-world.ts'
import { html } from '../../kernel/html.ts'
import { endpoints } from './contract.ts'
import { blocksOf } from './notice-paper.ts'

const loginOf = (subject: Held) => `company-${/第(\d+)/.exec(subject.name)![1]!}`

it('reads the blocks of a paper from the page', () => {
  const article = html`<article><h1>题</h1><p>${'甲<乙>&'}公司：</p><p>正<strong>文</strong></p><p class="sign">署名</p><h2>一</h2><ul><li>子 <span>注</span></li></ul><dl><dt>名</dt><dd>值</dd></dl><table><thead><tr><th>步</th><th>期</th></tr></thead><tbody><tr><th>受理</th><td>三日</td></tr></tbody></table></article>`
  expect(blocksOf(article)).toEqual({
    first: '甲<乙>&公司',
    blocks: [
      { kind: 'text', text: '正文' },
      { kind: 'heading', text: '一' },
      { kind: 'items', rows: ['子 注'] },
      { kind: 'facts', rows: [['名', '值']] },
      { kind: 'table', head: ['步', '期'], rows: [['受理', '三日']] },
    ],
  })
})

describeEngines('notice as PDF', (p) => {
  it('says what the page says, and fetching it is the receipt', async () => {
    const subject = await newSubject(p())
    const recordId = await newRecord(p(), { subject, kind: 'penalty' })
    const key = { subjectId: subject.subjectId, recordId }
    const own = (await p().as(loginOf(subject))).client(endpoints)
    const officer = `officer-${p().engine}`
    await addPerson(p(), { login: officer, role: 'officer', authorityId: p().world.authorities.traffic })
    const receipts = async () =>
      (
        await sql<{
          n: number
        }>`select count(*)::int as n from publicity.notice_receipt where record_id = ${recordId}`.execute(
          p().runtime.db.kysely,
        )
      ).rows[0]!.n
    // The authority hands it over with its decision: that is no opening by the subject.
    const paper = await (await p().as(officer)).client(endpoints).downloadNotice(key)
    expect(await receipts()).toBe(0)
    const words = pdfWords(new Uint8Array(await paper.body.arrayBuffer())).replaceAll(/第\d页，共\d页/g, '')
    const whole = await own.noticePage(key)
    const page = whole.slice(whole.indexOf('<article'), whole.indexOf('</article>'))
    for (const part of [subject.name, subject.code, '公示与信用修复告知书', '扫描二维码登录平台', '不收取任何费用'])
      expect(words).toContain(part)
    const sentences = [...page.matchAll(/<p>([^<]{20,})<\/p>/g)].map((m) => m[1]!)
    expect(sentences.length).toBeGreaterThan(3)
    for (const s of sentences.filter((t) => !t.includes('&')))
      expect(words).toContain(s.replaceAll(/\s/g, '').replace(/[：:]$/, ''))
    expect(whole).toContain(`/api/v1/notices/${subject.subjectId}/${recordId}/pdf`)
    expect(await receipts()).toBe(1)
    await own.downloadNotice({ ...key, lang: 'en' })
    expect(await receipts()).toBe(1)

    const other = await newSubject(p())
    const stranger = (await p().as(loginOf(other))).client(endpoints)
    expect((await problemOf(stranger.downloadNotice(key))).code).toBe('NOT_YOUR_SUBJECT')
    expect((await problemOf((await p().as('officer')).client(endpoints).downloadNotice(key))).code).toBe(
      'NOT_YOUR_SUBJECT',
    )
  })
})
