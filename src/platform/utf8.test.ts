import { describe, expect, it } from 'vitest'
import { bytesOf, wireOf } from './utf8.ts'

const bytes = (text: string): Buffer => {
  const sent = wireOf(text)
  return typeof sent === 'string' ? bytesOf(sent) : sent
}

describe('texts on the wire', () => {
  it('are what the string itself would be written as, however long and in whatever script', () => {
    for (const piece of ['plain ascii, ', '信用修复，', 'é ß 𠮷 野家 😀 ', '\u0000\u007f\u0080\u07ff\u0800\uffff'])
      for (const times of [0, 1, 40, 700]) {
        const text = piece.repeat(times)
        expect(bytes(text).equals(Buffer.from(text, 'utf8'))).toBe(true)
      }
  })

  it('hold U+FFFD for half a surrogate pair, long or short', () => {
    for (const text of ['a\ud800b', `${'信'.repeat(600)}\udc00`])
      expect(bytes(text).toString()).toBe(text.toWellFormed())
  })
})
