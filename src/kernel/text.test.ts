import { describe, expect, it } from 'vitest'
import { bigramsOf, docKey, docRange, firstOf, nameKey, tidy, toHalfWidth } from './text.ts'

describe('widths and blanks', () => {
  it.each([
    ['９１４４０１０１ＭＡ', '91440101MA'],
    ['ａ\u3000ｂ\u00a0c', 'a b c'],
    ['9144\u200b0101\ufeff', '91440101'],
    ['广州（天河）公司，', '广州(天河)公司,'],
    ['𠮷野家', '𠮷野家'],
  ])('toHalfWidth %j', (from, to) => expect(toHalfWidth(from)).toBe(to))

  it.each([
    ['  a  b ', 'a b'],
    ['', ''],
    ['\u3000\u00a0', ''],
    ['一般液态单元（护发清洁类）', '一般液态单元（护发清洁类）'],
    ['甲\u0000乙\u0007', '甲乙'],
    ['第一段\r\n\r\n  第二段 ', '第一段\n第二段'],
    ['\ud842', '\ufffd'],
    ['𠮷 野\t家', '𠮷 野 家'],
  ])('tidy %j', (from, to) => expect(tidy(from)).toBe(to))
})

describe('shortened', () => {
  it.each([
    ['𠮷野家', 3, '𠮷野家'],
    ['𠮷野家', 2, '𠮷野'],
    ['a𠮷𠮷', 2, 'a𠮷'],
    ['', 5, ''],
  ])('firstOf %j to %d', (text, most, to) => expect(firstOf(text, most)).toBe(to))
  it('at no length is a character cut in two', () => {
    const text = `甲${'𠮷'.repeat(20)}b`
    for (let most = 0; most < 30; most++) expect(firstOf(text, most).isWellFormed()).toBe(true)
  })
})

describe('keys', () => {
  it.each([
    '百利嘉三才(北京)电子商务有限公司',
    '百利嘉三才（北京）电子商务有限公司',
    ' 百利嘉三才【北京】 电子商务\u200b有限公司',
    '百利嘉三才〔北京〕电子商务有限公司',
  ])('one name: %s', (name) => expect(nameKey(name)).toBe('百利嘉三才(北京)电子商务有限公司'))

  it('names differ by characters, not by case, width or dot', () => {
    expect(nameKey('ａｂｃ有限公司')).toBe(nameKey('ABC有限公司'))
    expect(nameKey('买买提•艾力')).toBe(nameKey('买买提・艾力'))
    expect(nameKey('𠮷野家')).not.toBe(nameKey('吉野家'))
  })

  it.each([
    '穗市监处罚〔2024〕第15号',
    '穗市监处罚【2024】15号',
    '穗市监处罚(2024)15号',
    '穗市监处罚（２０２４） 第 15 号',
    '穗市监处罚[2024]15号',
    '穗市监处罚［2024］15号',
    '穗市监处罚﹝2024﹞15号',
    '穗市监处罚\u3000〔２０２４〕\u3000１５\u3000号',
    '穗市监处罚〔2024〕15',
    '穗市监处罚〔2024〕15號',
  ])('one document: %s', (docNo) => expect(docKey(docNo)).toBe('穗市监处罚(2024)15'))

  it.each([
    ['粤A—2024—15', '粤A－2024－15号'],
    ['粤A──15', '粤A-15'],
    ['第A15号', 'a15'],
  ])('one document: %s and %s', (a, b) => expect(docKey(a)).toBe(docKey(b)))

  it.each([
    ['穗市监处罚〔2024〕15号', '穗市监处罚〔2024〕115号'],
    ['穗市监处罚〔2024〕15号', '穗市监处罚〔2024〕15-1号'],
    ['穗市监处罚〔2024〕15号', '穗市监罚〔2024〕15号'],
    ['穗市监处罚〔2024〕1-5号', '穗市监处罚〔2024〕15号'],
    ['穗市监处罚〔2024〕15号之一', '穗市监处罚〔2024〕15号'],
  ])('two documents: %s and %s', (a, b) => expect(docKey(a)).not.toBe(docKey(b)))

  const brackets = ['〔〕', '【】', '()', '（）', '[]', '［］', '﹝﹞', '〖〗', '{}']
  const wide = (t: string) => t.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0))
  it('every combination of spellings is one key, and the key of a key is itself', () => {
    const keys = new Set<string>()
    for (const [open = '', close = ''] of brackets)
      for (const blank of ['', ' ', '\u3000', '\u00a0'])
        for (const nth of ['', '第', '第 '])
          for (const digits of ['15', wide('15')])
            for (const end of ['', '号', ' 号', '號'])
              keys.add(docKey(`穗天综罚${blank}${open}2026${close}${blank}${nth}${digits}${end}`))
    expect([...keys]).toEqual(['穗天综罚(2026)15'])
    for (const odd of ['穗天综罚(2026)15', 'X号号', '第第5号', 'a--b——c', ''])
      expect(docKey(docKey(odd))).toBe(docKey(odd))
  })

  const numbered = (from: number, to: number, head = '穗市监处罚〔2024〕') =>
    Array.from({ length: to - from + 1 }, (_, i) => `${head}${from + i}号`)
  it.each([
    ['穗市监处罚〔2024〕215-238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215—238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215——238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215～238', numbered(215, 238)],
    ['穗市监处罚【2024】第２１５号至第２３８号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215号-238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215号至穗市监处罚〔2024〕238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215号至〔2024〕238号', numbered(215, 238)],
    ['穗市监处罚〔2024〕215、216、217号', numbered(215, 217)],
    ['穗市监处罚〔2024〕215号、216号和217号', numbered(215, 217)],
    ['穗市监处罚〔2024〕215-216、217号', numbered(215, 217)],
    ['穗A〔2024〕15号、穗B〔2024〕16号', ['穗A〔2024〕15号', '穗B〔2024〕16号']],
    ['穗市监处罚〔2024〕001-003号', ['001', '002', '003'].map((n) => `穗市监处罚〔2024〕${n}号`)],
    ['穗市监处罚〔2024〕98~101号', numbered(98, 101)],
    ['穗市监处罚字215-217号', numbered(215, 217, '穗市监处罚字')],
    ['215-238号', numbered(215, 238, '')],
    ['穗市监处罚〔2024〕215号等24件', null],
    ['穗市监处罚〔2024〕1,234号', null],
    ['穗市监处罚〔2024〕238至215号', null],
  ])('%s stands for several', (docNo, numbers) => expect(docRange(docNo)).toEqual({ numbers }))

  it.each([
    '穗市监处罚〔2024〕215号',
    '粤穗2024-15号',
    '粤穗2024-2105号',
    '2024-15号',
    '粤市监处罚〔2024〕1-2-33号',
    '穗交罚〔2024〕440106-000123号',
    '穗交罚〔2024〕440106-500123号',
    '4401062024000123',
    'XK13-014-00123',
    'SC10144-10146',
    'GZ-2024-0015',
    '津和市监罚〔2024〕15号',
    '穗市监处罚〔2024〕15-1号',
    '穗卫医罚〔2024〕15号-1',
    '穗环罚〔2023至2024〕15号',
    '粤妆20160001',
  ])('%s is a single number', (docNo) => expect(docRange(docNo)).toBeNull())

  it('every pair that counts upwards and closes with 号 is a range of as many', () => {
    for (const join of ['-', '—', '~', '～', '至', '到', '号至第'])
      for (let from = 1; from < 400; from += 37)
        for (const more of [1, 2, 9]) {
          const range = docRange(`穗天综罚〔2026〕第${from}${join}${from + more}号`)
          expect(range?.numbers).toEqual(numbered(from, from + more, '穗天综罚〔2026〕'))
        }
  })
})

describe('bigrams', () => {
  it.each([
    ['', []],
    ['甲', ['甲']],
    ['甲乙甲乙', ['甲乙', '乙甲']],
    ['𠮷野家', ['𠮷野', '野家']],
  ])('%s', (name, pairs) => expect(bigramsOf(name)).toEqual(pairs))
})
