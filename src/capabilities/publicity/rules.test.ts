import { describe, expect, it } from 'vitest'
import { day } from '../../kernel/time.ts'
import {
  articleText,
  askedFor,
  holdsPersonId,
  isNamed,
  isShownOn,
  lastShownDay,
  numberOf,
  periodWords,
  publicName,
} from './rules.ts'

describe('the last day shown', () => {
  const window = { from: day('2026-03-05'), until: day('2027-03-05') }
  it.each([
    ['2026-03-04', false],
    ['2026-03-05', true],
    ['2027-03-04', true],
    ['2027-03-05', false],
  ])('%s: %s', (on, shown) => expect(isShownOn(window, day(on))).toBe(shown))
  it('is the day before `until`, also over the end of a month', () => {
    expect(lastShownDay(window.until)).toBe('2027-03-04')
    expect(lastShownDay(day('2028-03-01'))).toBe('2028-02-29')
    expect(lastShownDay(null)).toBeNull()
  })
  it('without a longest period it stays', () =>
    expect(isShownOn({ from: day('2026-03-05'), until: null }, day('2099-01-01'))).toBe(true))
})

describe('names of individual businesses', () => {
  it.each([
    ['张三丰', false],
    ['欧阳娜娜', false],
    ['个体工商户', false],
    ['个体工商户（张三）', false],
    ['张三（个体工商户）', false],
    ['无字号', false],
    ['天河区张记面馆', true],
    ['张三食品店', true],
    ['𠮷野家', true],
    ['李记五金经营部', true],
  ])('%s is shown: %s', (name, shown) => {
    expect(isNamed('individual_business', name)).toBe(shown)
    expect(publicName('individual_business', name, 'zh')).toBe(shown ? name : '个体工商户')
  })
  it('leaves other kinds alone', () => expect(publicName('enterprise', '张三丰', 'zh')).toBe('张三丰'))
})

describe('what a visitor typed', () => {
  it.each([
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['11010519491231002X', 'person'],
    ['110105 19491231 002x', 'person'],
    ['１１０１０５１９４９１２３１００２Ｘ', 'person'],
    ['张三 11010519491231002X', 'person'],
    ['110105491231003', 'person'],
    ['91440101MA5D123456', 'text'],
    ['广', 'text'],
    ['字'.repeat(101), 'too_long'],
  ])('%s: %s', (q, is) => expect(askedFor(q).is).toBe(is))
  it('an all-digit code of an organisation is not a person', () =>
    expect(holdsPersonId('914401017181234567')).toBe(false))
})

describe('words', () => {
  it.each([
    ['P3M', '3个月', '3 months'],
    ['P1Y', '1年', '1 year'],
    ['P1Y6M', '1年6个月', '1 year 6 months'],
    ['P30D', '30日', '30 days'],
  ])('%s', (period, zh, en) => expect(periodWords(period)).toEqual({ zh, en }))
  it.each([
    ['九', 9],
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['二十三', 23],
    ['一百零五', 105],
    ['23', 23],
    ['甲', null],
  ])('%s is %s', (text, n) => expect(numberOf(text)).toBe(n))
  it.each([
    ['第九条第一项、第十二条第一款', 'art. 9 item 1, art. 12 para. 1'],
    ['第七条第一款第二项、第二款', 'art. 7 para. 1 item 2, para. 2'],
    ['第十四条第（三）项', 'art. 14 item 3'],
    ['第二十条', 'art. 20'],
    ['二（一）2、3', 'part 2(1) 2, 3'],
    ['移出名单条款', ''],
  ])('%s', (zh, en) => {
    expect(articleText(zh, 'en')).toBe(en)
    expect(articleText(zh, 'zh')).toBe(zh)
  })
})
