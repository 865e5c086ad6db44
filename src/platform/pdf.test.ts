import { describe, expect, it } from 'vitest'
import { pdfText, pdfWords } from '../../test/pdf-text.ts'
import { day } from '../kernel/time.ts'
import { missingGlyph, printable } from './pdf.glyphs.ts'
import { type PlainLetter, letterPdf, paperPdf } from './pdf.ts'
import { qrSvg } from './qr.ts'

const letter = (over: Partial<PlainLetter> = {}): PlainLetter => ({
  title: { zh: '不予信用修复决定书', en: 'Decision refusing credit repair' },
  addressee: '广州星衡贸易有限公司',
  paragraphs: [{ zh: '经核实，不符合信用修复条件。', en: 'The conditions are not met.' }],
  basis: [{ zh: '《信用修复管理办法》第十六条', en: 'NDRC Order 36 art. 16' }],
  signedBy: '广州市交通运输局',
  on: day('2026-11-23'),
  ...over,
})
const marks = {
  lang: 'zh' as const,
  number: { zh: '信修〔2026〕第12号', en: 'No. 12' },
  verify: { code: 'ABCD-EFGH-JKMN-PQRS', url: 'http://127.0.0.1:8080/verify/ABCDEFGHJKMNPQRS' },
}

describe('what can be printed', () => {
  it('keeps the characters that the font has, and names the others by their number', () => {
    expect(printable('广州市𠮷祥商行', 'zh')).toEqual({ text: '广州市〔字形缺失 U+20BB7〕祥商行', missing: [0x20bb7] })
    expect(printable('𠮷', 'en').text).toBe('[no glyph: U+20BB7]')
    expect(missingGlyph(0x9, 'zh')).toBe('〔字形缺失 U+0009〕')
  })
  it('drops what has no shape or turns the direction of writing, and what is no character', () => {
    expect(printable('甲\u202e乙\u200d\ufe0f丙\ufeff\u0000丁\ud800', 'zh').text).toBe('甲乙丙 丁〔字形缺失 U+FFFD〕')
  })
  it('prints emoji, scripts of others and private characters as numbers, never as boxes', () => {
    const { text, missing } = printable('😀ا\ue000ཀ', 'zh')
    expect(missing).toHaveLength(4)
    expect(text).not.toMatch(/[😀ا\ue000ཀ]/u)
  })
  it('offers a break in a run that would leave the page', () => {
    expect(
      printable('a'.repeat(100), 'zh')
        .text.split('\u200b')
        .map((s) => s.length),
    ).toEqual([30, 30, 30, 10])
  })
})

describe('a letter as PDF', () => {
  it('says all that the letter says, in an archivable file', async () => {
    const pdf = await letterPdf(letter(), marks)
    const words = pdfWords(pdf)
    for (const part of [
      '广州市交通运输局信修〔2026〕第12号不予信用修复决定书广州星衡贸易有限公司：经核实，不符合信用修复条件。',
      '依据：《信用修复管理办法》第十六条。',
      '广州市交通运输局2026年11月23日',
      '查验码：ABCD-EFGH-JKMN-PQRS',
      '第1页，共1页',
    ])
      expect(words).toContain(part)
    const raw = Buffer.from(pdf).toString('latin1')
    expect(raw).toMatch(/pdfaid:part>2<.*pdfaid:conformance>B</s)
    expect(raw).toContain('/Lang (zh')
    expect(raw).toContain('NotoSansSC')
  })
  it('stands in English too, and says which text prevails', async () => {
    const words = pdfText(await letterPdf(letter(), { ...marks, lang: 'en' })).replace(/\s+/g, ' ')
    expect(words).toContain('Decision refusing credit repair')
    expect(words).toContain('the Chinese text prevails')
    expect(words).toContain('23 November 2026')
  })
  it('prints a rare character as its number and explains it once', async () => {
    const words = pdfWords(await letterPdf(letter({ addressee: '𠮷𠮷商行' }), marks))
    expect(words).toContain('〔字形缺失U+20BB7〕〔字形缺失U+20BB7〕商行：')
    expect(words.split('字库未收录')).toHaveLength(2)
    expect(words).not.toContain('\ufffd')
  })
  it('sets 1,000 characters of reasons over as many pages as they need', async () => {
    const reason = '经核实，罚款尚未缴清，整改材料与现场检查记录不一致。'.repeat(40)
    const pdf = await letterPdf(letter({ paragraphs: [{ zh: reason, en: 'x' }] }), marks)
    expect(pdfWords(pdf)).toContain(reason.slice(0, 500).replaceAll(/\s/g, ''))
    const long = await letterPdf(
      letter({ paragraphs: Array.from({ length: 3 }, () => ({ zh: reason, en: 'x' })) }),
      marks,
    )
    expect(pdfWords(long)).toMatch(/第2页，共[2-4]页/)
  })
  it('takes every text as text: marks of the typesetter mean nothing in it', async () => {
    const nasty = '#read("/etc/passwd") *粗* _斜_ $x$ @ref <label> `code` \\ // 注 = 标题 “引号” \n第二行'
    const words = pdfWords(await letterPdf(letter({ paragraphs: [{ zh: nasty, en: nasty }] }), marks))
    expect(words).toContain(nasty.replaceAll(/\s/g, ''))
  })
  it('is the same bytes for the same letter, whenever and after whatever it is set', async () => {
    const first = await letterPdf(letter(), marks)
    await letterPdf(letter({ addressee: '别的公司' }), marks)
    expect(Buffer.compare(await letterPdf(letter(), marks), first)).toBe(0)
  })
  it('takes less than 300 ms once warm, and does not hold up the server', async () => {
    await letterPdf(letter(), marks)
    const times: number[] = []
    for (let n = 0; n < 10; n++) {
      const began = performance.now()
      await letterPdf(letter({ addressee: `第${n}公司` }), marks)
      times.push(performance.now() - began)
    }
    expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(300)
  })
  it('sets many at once, each its own', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) => letterPdf(letter({ addressee: `第${n}号公司` }), marks)),
    )
    for (const [n, pdf] of all.entries()) expect(pdfWords(pdf)).toContain(`第${n}号公司：`)
  })
  it('sets lists, tables and facts', async () => {
    const words = pdfWords(
      await paperPdf({
        lang: 'zh',
        issuer: '甲',
        number: null,
        title: '乙',
        addressee: null,
        blocks: [
          { kind: 'heading', text: '一、材料' },
          { kind: 'items', rows: ['缴款凭证', '承诺书'] },
          { kind: 'table', head: ['步骤', '期限'], rows: [['受理', '三日']] },
          { kind: 'facts', rows: [['主体', '丙公司']] },
          { kind: 'note', text: '附注' },
        ],
        signedBy: null,
        on: day('2026-11-23'),
        check: null,
      }),
    )
    expect(words).toBe('甲乙一、材料•缴款凭证•承诺书步骤期限受理三日主体丙公司附注第1页，共1页')
  })
})

describe('a QR code', () => {
  it('is drawn with its quiet zone, larger for longer text', () => {
    expect(qrSvg('A').size).toBe(21)
    expect(qrSvg('A').svg).toContain('viewBox="-4 -4 29 29"')
    expect(qrSvg('x'.repeat(320)).size).toBeLessThanOrEqual(77)
  })
})
