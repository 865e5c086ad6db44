import { verify, createPublicKey } from 'node:crypto'
import { expect, it } from 'vitest'
import { describeEngines } from '../../../test/harness.ts'
import type { Instant } from '../../kernel/time.ts'
import { secretsFrom } from '../../platform/crypto.ts'
import { endpoints } from './contract.ts'
import { rotateKey, signerAt, signerOf } from './keys.ts'
import { ALGORITHMS } from './words.ts'

it('keeps the first key that a platform ever signed with', () => {
  const secrets = secretsFrom(Buffer.alloc(32, 3))
  const { keyId, publicKey } = signerAt({ secrets }, 'ed25519', 1)
  expect([keyId, publicKey.x]).toEqual(['7c471c4e122307c9', 'jV0JvpIxLH_fjgGckFyN1-dCjwKP8lti2pblH4ci0Ww'])
})

describeEngines('our keys', (p) => {
  it.each(ALGORITHMS)('change over without a gap: %s', async (algorithm) => {
    const published = async () =>
      (await p().anonymous().client(endpoints).feedKeys({ algorithm })).keys.map((k) => k.kid)
    const start = p().clock.now()
    const first = (await signerOf(p().ctx(), algorithm)).keyId
    expect(await published()).toEqual([first])

    const from = new Date(Date.parse(start) + 86_400_000).toISOString() as Instant
    await rotateKey(p().ctx(), { algorithm, signsFrom: from })
    // Published at once, signing from tomorrow.
    const [, second] = await published()
    expect(second).not.toBe(first)
    expect((await signerOf(p().ctx(), algorithm)).keyId).toBe(first)
    await expect(rotateKey(p().ctx(), { algorithm })).rejects.toThrow('ROTATION_UNDER_WAY')
    p().clock.advance({ days: 1 })
    const signer = await signerOf(p().ctx(), algorithm)
    expect(signer.keyId).toBe(second)
    // What it signed yesterday can still be checked, for a month.
    expect(await published()).toEqual([first, second])
    p().clock.advance({ days: 31 })
    expect(await published()).toEqual([second])

    await rotateKey(p().ctx(), { algorithm })
    expect((await signerOf(p().ctx(), algorithm)).keyId).not.toBe(second)
    p().clock.set(start)
  })

  it('are what GET /exchange/keys says', async () => {
    const { keys } = await p().anonymous().client(endpoints).feedKeys({})
    const signer = await signerOf(p().ctx(), 'ed25519')
    const jwk = keys.find((k) => k.kid === signer.keyId)!
    const text = Buffer.from('公示')
    expect(jwk).toMatchObject({ alg: 'EdDSA', use: 'sig' })
    expect(verify(null, text, createPublicKey({ key: jwk, format: 'jwk' }), signer.sign(text))).toBe(true)
    // Whoever knows Ed25519 alone is not shown keys that no common library reads.
    expect(keys.every((k) => k.crv === 'Ed25519')).toBe(true)
    const sm2 = await p().anonymous().client(endpoints).feedKeys({ algorithm: 'sm2' })
    expect(sm2.keys[0]).toMatchObject({ crv: 'SM2', alg: 'SM2-SM3', use: 'sig' })
  })
})
