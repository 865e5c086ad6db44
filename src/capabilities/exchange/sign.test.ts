/** A page is the same whatever the sizes of what it is written from, and its digest is that of its bytes. */
import { expect, it } from 'vitest'
import { instant } from '../../kernel/time.ts'
import { contentDigest, signerFrom } from '../../platform/signatures.ts'
import { newPage, readPage } from './sign.ts'

const signer = signerFrom('ed25519', Buffer.alloc(32, 1))
const at = instant('2026-11-22T02:00:00Z')
const rest = { next: 'x', more: false }
const eventOf = (name: string) => ({ subject: name })
const signed = (names: readonly string[]) => {
  const page = newPage()
  // Cut somewhere, as an event is by its fields.
  page.add(names.map((name) => [`{"subject":`, `"${name}"`, '}']))
  return page.signed(signer, at, rest)
}

it('writes events of any size whole, each on its line, and signs what it has written', () => {
  for (const names of [
    [],
    ['甲'],
    Array.from({ length: 4000 }, (_, i) => `${i}𠮷${'罚'.repeat(i % 97)}`),
    ['长'.repeat(400_000), '乙'],
  ]) {
    const page = signed(names)
    expect(readPage(page)).toEqual({ events: names.map(eventOf), ...rest })
    expect(page.body.toString().split('\n')).toHaveLength(names.length + 2)
    expect(page.headers['content-digest']).toBe(contentDigest(page.body))
  }
  expect(signed(['甲']).headers).toEqual(signed(['甲']).headers)
  expect(signed(['甲']).headers.signature).not.toBe(signed(['乙']).headers.signature)
})
