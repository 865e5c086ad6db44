import type { Words } from './words.ts'

/** Articles are cited in Chinese in the policy files; this gives the English reading of those that are numbered. */

const DIGITS = '零一二三四五六七八九'
const numberOf = (text: string): number => {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text]
  const digit = (c: string | undefined, empty: number) => (c ? DIGITS.indexOf(c) : empty)
  const ten = text.includes('十') ? digit(tens, 1) : 0
  return ten * DIGITS.length + digit(ones, 0)
}

const PIECE =
  /^(?:第([零一二三四五六七八九十]+)条)?(?:第([零一二三四五六七八九十]+)款)?(?:第[(（]?([零一二三四五六七八九十]+)[)）]?项)?$/
/** As plans and opinions number their parts: 二（七）. */
const PART = /^([零一二三四五六七八九十]+)[(（]([零一二三四五六七八九十]+)[)）]$/
const english = (piece: string): string | null => {
  const part = PART.exec(piece)
  if (part?.[1] && part[2]) return `part ${numberOf(part[1])}(${numberOf(part[2])})`
  const hit = PIECE.exec(piece)
  if (!hit || piece === '') return null
  const [, article, paragraph, item] = hit
  return [
    ...(article ? [`art. ${numberOf(article)}`] : []),
    ...(paragraph ? [`para. ${numberOf(paragraph)}`] : []),
    ...(item ? [`item ${numberOf(item)}`] : []),
  ].join(' ')
}

/** 第八条第一款第三项、第五款 is art. 8 para. 1 item 3, para. 5. 二（七） is part 2(7). What is not numbered has no English reading: ''. */
export const articleWords = (article: string): Words => {
  const pieces = article.split(/[、，；]|至/).map(english)
  return { zh: article, en: pieces.some((p) => p === null) ? '' : pieces.join(', ') }
}
