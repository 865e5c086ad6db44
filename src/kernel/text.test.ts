import { describe, expect, it } from 'vitest'
import { bigramsOf, docKey, isDocRange, nameKey, tidy, toHalfWidth } from './text.ts'

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
  ])('one document: %s', (docNo) => expect(docKey(docNo)).toBe('穗市监处罚(2024)15号'))

  it.each([
    ['穗市监处罚〔2024〕215-238号', true],
    ['穗市监处罚〔2024〕215—238号', true],
    ['穗市监处罚〔2024〕第215号至第238号', true],
    ['穗市监处罚〔2024〕215、216号', true],
    ['215-238号', true],
    ['穗市监处罚〔2024〕98~101号', true],
    ['穗市监处罚〔2024〕215号', false],
    ['粤穗2024-15号', false],
    ['穗交罚〔2024〕440106-000123号', false],
    ['4401062024000123', false],
  ])('isDocRange %s = %s', (docNo, range) => expect(isDocRange(docNo)).toBe(range))
})

describe('bigrams', () => {
  it.each([
    ['', []],
    ['甲', ['甲']],
    ['甲乙甲乙', ['甲乙', '乙甲']],
    ['𠮷野家', ['𠮷野', '野家']],
  ])('%s', (name, pairs) => expect(bigramsOf(name)).toEqual(pairs))
})
