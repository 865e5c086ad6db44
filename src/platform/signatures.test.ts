import { generateKeyPairSync } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'
import {
  type Algorithm,
  type FoundKey,
  type HttpRequest,
  type VerifyRules,
  contentDigest,
  keyIdOf,
  privateJwk,
  readPrivateKey,
  readPublicKey,
  signRequest,
  signerFrom,
  verifierOf,
  verifyRequest,
} from './signatures.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const seed = (n: number) => Buffer.alloc(32, n)
const NOW = '2026-11-23T02:00:00.000Z'
const BOTH: Algorithm[] = ['ed25519', 'sm2']

describe('published examples', () => {
  it('verifies the example of GB/T 32918.5, Annex A', () => {
    const point = `04 09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020
      CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13`
    const signature = hex(`F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3
      B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA`)
    const key = readPublicKey('sm2', hex(point).toString('hex'))!
    const { verify } = verifierOf(key, 'sm2')
    expect(verify(Buffer.from('message digest'), signature)).toBe(true)
    expect(verify(Buffer.from('message digesT'), signature)).toBe(false)
    signature[40]! ^= 1
    expect(verify(Buffer.from('message digest'), signature)).toBe(false)
    // Its private key gives its public key.
    const secret = hex('3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8')
    secret[31]! -= 1
    expect(signerFrom('sm2', secret).publicKey).toEqual(key)
  })

  it('verifies the Ed25519 example of RFC 9421, B.2.6', async () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`
    const publicKey = readPublicKey('ed25519', pem)!
    const request: HttpRequest = {
      method: 'POST',
      url: 'https://example.com/foo?param=Value&Pet=dog',
      headers: {
        Host: 'example.com',
        Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
        'Content-Type': 'application/json',
        'Content-Digest':
          'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
        'Content-Length': '18',
        'Signature-Input':
          'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
        Signature: 'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
      },
      body: '{"hello": "world"}',
    }
    const rules: VerifyRules = {
      now: '2021-04-20T02:07:55.000Z',
      skewSeconds: 300,
      findKey: async (id) => (id === 'test-key-ed25519' ? { publicKey, algorithm: 'ed25519' } : null),
      required: ['@method', '@path', '@authority'],
    }
    expect(await verifyRequest(request, rules)).toMatchObject({ ok: true, keyId: 'test-key-ed25519' })
    const other = { ...request, url: 'https://example.com/bar' }
    expect(await verifyRequest(other, rules)).toMatchObject({ ok: false, fault: 'SIGNATURE_WRONG' })
    // Ours asks for more than the example covers.
    const { required: _, ...strict } = rules
    expect(await verifyRequest(request, strict)).toEqual({
      ok: false,
      fault: 'SIGNATURE_INCOMPLETE',
      params: { missing: '@target-uri content-digest' },
    })
  })
})

describe.each(BOTH)('%s', (algorithm) => {
  const signer = signerFrom(algorithm, seed(7))
  const { verify } = verifierOf(signer.publicKey, algorithm)

  it('signs what it verifies, and nothing else', () => {
    const text = Buffer.from('粤信用〔2026〕1号')
    const signature = signer.sign(text)
    expect(signature).toHaveLength(64)
    expect(verify(text, signature)).toBe(true)
    expect(verify(Buffer.from('粤信用〔2026〕2号'), signature)).toBe(false)
    for (const at of [0, 31, 32, 63]) {
      const bent = Buffer.from(signature)
      bent[at]! ^= 1
      expect(verify(text, bent)).toBe(false)
    }
    for (const wrong of [
      Buffer.alloc(0),
      Buffer.alloc(64),
      Buffer.alloc(64, 255),
      signature.subarray(1),
      hex('3006'),
    ]) {
      expect(verify(text, wrong)).toBe(false)
    }
    expect(verifierOf(signerFrom(algorithm, seed(8)).publicKey, algorithm).verify(text, signature)).toBe(false)
  })

  it('gives the same key for the same secret, by the same name', () => {
    expect(signerFrom(algorithm, seed(7)).keyId).toBe(signer.keyId)
    expect(keyIdOf(signer.publicKey)).toBe(signer.keyId)
    expect(signerFrom(algorithm, seed(8)).keyId).not.toBe(signer.keyId)
  })

  it('reads its private key back from a file, and nothing else as one', () => {
    const kept = JSON.stringify(privateJwk(algorithm, seed(7)))
    expect(readPrivateKey(kept)?.keyId).toBe(signer.keyId)
    expect(verify(Buffer.from('x'), readPrivateKey(kept)!.sign(Buffer.from('x')))).toBe(true)
    for (const none of ['', '{}', 'x', JSON.stringify(signer.publicKey), kept.replace(/"d":"../, '"d":"')])
      expect(readPrivateKey(none)).toBeNull()
  })

  it('reads its keys in each form, and no other', () => {
    const { publicKey } = signer
    const raw =
      publicKey.kty === 'EC'
        ? Buffer.concat([Buffer.from([4]), ...[publicKey.x, publicKey.y].map((v) => Buffer.from(v, 'base64url'))])
        : Buffer.from(publicKey.x, 'base64url')
    const spki = Buffer.concat([
      hex(algorithm === 'sm2' ? '3059301306072a8648ce3d020106082a811ccf5501822d034200' : '302a300506032b6570032100'),
      raw,
    ]).toString('base64')
    const forms = [
      JSON.stringify({ ...publicKey, kid: 'x', use: 'sig' }),
      raw.toString('hex').toUpperCase(),
      raw.toString('base64'),
      spki,
      `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`,
    ]
    for (const form of forms) expect(readPublicKey(algorithm, form)).toEqual(publicKey)
    const other = algorithm === 'sm2' ? 'ed25519' : 'sm2'
    for (const form of forms) expect(readPublicKey(other, form)).toBeNull()
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    for (const none of [
      '',
      '{',
      '{}',
      'null',
      `04${'ff'.repeat(64)}`,
      JSON.stringify({ ...publicKey, d: publicKey.x }),
      JSON.stringify({ ...publicKey, x: 7 }),
      String(rsa.export({ format: 'pem', type: 'spki' })),
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    ]) {
      expect(readPublicKey(algorithm, none)).toBeNull()
    }
  })
})

it('takes SM2 in the DER form that other libraries give', () => {
  const pair = sm2.generateKeyPairHex()
  const key = readPublicKey('sm2', pair.publicKey)!
  const text = Buffer.from('交换')
  const der = sm2.doSignature(text, pair.privateKey, { hash: true, der: true })
  expect(verifierOf(key, 'sm2').verify(text, Buffer.from(der, 'hex'))).toBe(true)
  // Signed under another id it is another signature.
  const named = sm2.doSignature(text, pair.privateKey, { hash: true, userId: 'ALICE123@YAHOO.COM' })
  expect(verifierOf(key, 'sm2').verify(text, Buffer.from(named, 'hex'))).toBe(false)
})

describe.each(BOTH)('a request signed with %s', (algorithm) => {
  const signer = signerFrom(algorithm, seed(9))
  const seen = new Set<string>()
  const rules: VerifyRules = {
    now: NOW,
    skewSeconds: 300,
    findKey: async (id): Promise<FoundKey> => {
      if (id === signer.keyId) return { publicKey: signer.publicKey, algorithm }
      return id === 'old' ? 'expired' : id === 'gone' ? 'revoked' : null
    },
    takeNonce: async (_, nonce) => !seen.has(nonce) && Boolean(seen.add(nonce)),
  }
  const plain = {
    method: 'POST',
    url: 'http://127.0.0.1:8080/api/v1/exchange/inbox',
    headers: { 'Content-Type': 'application/cloudevents-batch+json' },
    body: '[{"id":"1"}]',
  }
  const made = (options: { created?: string; nonce?: string } = {}, as = signer): HttpRequest => ({
    ...plain,
    headers: signRequest(as, plain, { created: NOW, ...options }),
  })
  const faultOf = async (request: HttpRequest, more: Partial<VerifyRules> = {}) => {
    const result = await verifyRequest(request, { ...rules, ...more })
    return result.ok ? 'ok' : result.fault
  }

  it('is taken once', async () => {
    const request = made()
    expect(await verifyRequest(request, rules)).toMatchObject({ ok: true, keyId: signer.keyId, algorithm })
    expect(await faultOf(request)).toBe('SIGNATURE_REPLAYED')
    const get = { method: 'GET', url: 'https://a.example/api/v1/exchange/feed?after=x', headers: {} }
    expect(await faultOf({ ...get, headers: signRequest(signer, get, { created: NOW }) })).toBe('ok')
  })

  it('is bound to its method, its address, its body and its type', async () => {
    const request = made()
    expect(await faultOf({ ...request, method: 'PUT' })).toBe('SIGNATURE_WRONG')
    expect(await faultOf({ ...request, url: `${plain.url}?x=1` })).toBe('SIGNATURE_WRONG')
    expect(await faultOf({ ...request, headers: { ...request.headers, 'content-type': 'text/plain' } })).toBe(
      'SIGNATURE_WRONG',
    )
    expect(await faultOf({ ...request, body: '[{"id":"2"}]' })).toBe('DIGEST_WRONG')
    const forged = { ...request.headers, 'content-digest': contentDigest('[{"id":"2"}]') }
    expect(await faultOf({ ...request, body: '[{"id":"2"}]', headers: forged })).toBe('SIGNATURE_WRONG')
    expect(await faultOf({ ...request, body: undefined })).toBe('DIGEST_WRONG')
    // None of these used the nonce up.
    expect(await faultOf(request)).toBe('ok')
  })

  it('is refused when it is old, ahead, or by a key that may not sign', async () => {
    expect(await faultOf(made({ created: '2026-11-23T01:54:59.000Z' }))).toBe('SIGNATURE_OLD')
    expect(await faultOf(made({ created: '2026-11-23T01:55:01.000Z' }))).toBe('ok')
    expect(await faultOf(made({ created: '2026-11-23T02:05:01.000Z' }))).toBe('SIGNATURE_AHEAD')
    expect(await verifyRequest(made({}, { ...signer, keyId: 'who' }), rules)).toMatchObject({
      fault: 'KEY_UNKNOWN',
      params: { keyId: 'who' },
    })
    expect(await faultOf(made({}, { ...signer, keyId: 'old' }))).toBe('KEY_EXPIRED')
    expect(await faultOf(made({}, { ...signer, keyId: 'gone' }))).toBe('KEY_REVOKED')
    const other = signerFrom(algorithm, seed(10))
    expect(await faultOf(made({}, { ...other, keyId: signer.keyId }))).toBe('SIGNATURE_WRONG')
  })

  it('is refused when something is missing from it, or cannot be read', async () => {
    const { headers } = made()
    const input = String(headers['signature-input'])
    const as = (change: Record<string, string | undefined>) => faultOf({ ...plain, headers: { ...headers, ...change } })
    expect(await faultOf(plain)).toBe('SIGNATURE_MISSING')
    expect(await as({ signature: undefined })).toBe('SIGNATURE_MISSING')
    for (const drop of [
      ' "content-digest"',
      ' "@target-uri"',
      ' "content-type"',
      /;created=\d+/,
      /;keyid="[^"]*"/,
      /;nonce="[^"]*"/,
    ]) {
      expect(await as({ 'signature-input': input.replace(drop, '') })).toBe('SIGNATURE_INCOMPLETE')
    }
    for (const bad of [
      '',
      '%',
      'xinheng',
      'xinheng=1',
      `a=("@method"), b=("@method")`,
      input.replace('"@method"', '"@method" "@method"'),
      input.replace('"@method"', '"@method";req'),
    ]) {
      expect(await as({ 'signature-input': bad })).toBe('SIGNATURE_UNREADABLE')
    }
    for (const bad of ['xinheng=?1', 'other=:AAAA:', 'xinheng=:%:']) {
      expect(await as({ signature: bad })).toBe('SIGNATURE_UNREADABLE')
    }
    expect(await as({ signature: 'xinheng=:AAAA:' })).toBe('SIGNATURE_WRONG')
    expect(await as({ 'signature-input': input.replace('"@method"', '"@method" "x-none"') })).toBe('SIGNATURE_WRONG')
    expect(await as({ 'signature-input': input.replace(/alg="[^"]*"/, 'alg="hmac-sha256"') })).toBe('SIGNATURE_WRONG')
    expect(await as({ 'content-digest': 'sha-256=:AAAA:' })).toBe('DIGEST_WRONG')
    expect(await as({ 'content-digest': 'md5=:AAAA:' })).toBe('DIGEST_WRONG')
  })
})
