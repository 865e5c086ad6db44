import { expect, it } from 'vitest'
import { articleWords } from './article.ts'

it.each([
  ['第九条', 'art. 9'],
  ['第十条', 'art. 10'],
  ['第二十三条', 'art. 23'],
  ['第四十条', 'art. 40'],
  ['第八条第一款第三项、第五款', 'art. 8 para. 1 item 3, para. 5'],
  ['第十四条第（三）项', 'art. 14 item 3'],
  ['第四十八条、第八十五条', 'art. 48, art. 85'],
  ['简易程序行政处罚信息条款', ''],
  ['二（四）', 'part 2(4)'],
])('%s reads %s', (zh, en) => expect(articleWords(zh)).toEqual({ zh, en }))
