import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateFacts } from '../capabilities/certificates/contract.ts'
import { keywordOf } from '../capabilities/certificates/rules.ts'
import { canonical, certificateSigner } from '../capabilities/certificates/sign.ts'
import { day } from '../kernel/time.ts'
import { loadSecrets, secretsFrom } from '../platform/crypto.ts'
import { paperPdf } from '../platform/pdf.ts'
import { certificateVerifyCommand } from './certificate.ts'
import { Declined } from './io.ts'

const same = (text: string) => ({ zh: text, en: text })
const facts = (over: Partial<CertificateFacts> = {}): CertificateFacts => ({
  code: 'ABCD-EFGH-JKMN-PQRS',
  number: same('信修证〔2026〕第1号'),
  issuer: same('广州市信用办'),
  issuedOn: '2026-11-23',
  jurisdiction: '440100',
  subject: { name: '广州星衡贸易有限公司', code: '91440106MA5000001X' },
  record: { docNo: '穗交罚〔2026〕12号', authority: '广州市交通运输局', decidedOn: '2026-05-06' },
  decision: {
    number: same('信修〔2026〕第2号'),
    authority: '广州市交通运输局',
    on: '2026-11-20',
    basis: [same('第十三条')],
  },
  shown: [],
  thirdParty: '',
  ...over,
})

describe('xinheng certificate verify', () => {
  let home = ''
  let keys = ''
  const signer = certificateSigner(secretsFrom(Buffer.alloc(32, 7)))
  const fileOf = async (f: CertificateFacts, token: string): Promise<string> => {
    const path = join(home, `${Math.random()}.pdf`)
    const pdf = await paperPdf({
      lang: 'zh',
      issuer: '甲',
      number: null,
      title: '乙',
      addressee: null,
      blocks: [],
      signedBy: null,
      on: day('2026-11-23'),
      check: null,
      keyword: keywordOf(token, Buffer.from(canonical(f)).toString('base64url')),
    })
    writeFileSync(path, pdf)
    return path
  }
  const verify = (what: string, more: Record<string, string> = { keys }) =>
    certificateVerifyCommand({ env: { DATA_DIR: home }, lang: 'zh', args: [what], flags: more, say: () => undefined })
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'xinheng-certificate-'))
    keys = join(home, 'keys.json')
    writeFileSync(keys, JSON.stringify({ keys: [signer.jwk] }))
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))

  it('holds a file against the published key and says all that it says', async () => {
    const done = await verify(await fileOf(facts(), await signer.sign(facts())))
    expect(done?.exit).toBe(0)
    expect(done?.lines.join('\n')).toMatch(/签名有效[^]*广州星衡贸易有限公司[^]*穗交罚〔2026〕12号/)
  })
  it('reads a token alone and in the address that the QR code holds', async () => {
    const token = await signer.sign(facts())
    for (const given of [token, `https://credit.example.gov.cn/verify/${token}?lang=zh`]) {
      const done = await verify(given)
      expect(done?.exit).toBe(0)
      expect(done?.lines.join('\n')).toContain('91440106MA5000001X')
    }
  })
  it('keeps the token short, whatever the names', async () => {
    const long = facts({
      subject: { name: '长'.repeat(100), code: null },
      record: { docNo: '文'.repeat(120), authority: '机'.repeat(80), decidedOn: '2026-05-06' },
    })
    const token = await signer.sign(long)
    expect(token.length).toBeLessThanOrEqual(300)
    expect((await verify(await fileOf(long, token)))?.exit).toBe(0)
  })
  it('refuses changed facts, a changed token, another key', async () => {
    const token = await signer.sign(facts())
    const changed = facts({ subject: { name: '另一家公司', code: '91440106MA5000001X' } })
    const [head, body, signature] = token.split('.') as [string, string, string]
    const forged = `${head}.${body.slice(0, -2)}${body.endsWith('A') ? 'BB' : 'AA'}.${signature}`
    const stranger = await certificateSigner(secretsFrom(Buffer.alloc(32, 8))).sign(facts())
    for (const given of [await fileOf(changed, token), forged, stranger]) {
      const done = await verify(given)
      expect([done?.exit, done?.data]).toEqual([2, { genuine: false }])
    }
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: signer.jwk.kid })).toString('base64url')
    expect((await verify(`${none}.${body}.${signature}`))?.exit).toBe(2)
  })
  it('uses the key of the platform whose data lies here, and makes none', async () => {
    const token = await signer.sign(facts())
    await expect(verify(token, {})).rejects.toThrow(Declined)
    mkdirSync(join(home, 'keys'), { recursive: true })
    writeFileSync(join(home, 'keys', 'master.key'), Buffer.alloc(32, 7))
    expect(certificateSigner(loadSecrets(home)).jwk).toEqual(signer.jwk)
    expect((await verify(token, {}))?.exit).toBe(0)
  })
  it('says what is wrong with what it is given', async () => {
    await expect(verify(join(home, 'none.pdf'))).rejects.toMatchObject({ code: 'NO_SUCH_FILE' })
    await expect(verify(keys)).rejects.toMatchObject({ code: 'NOT_A_CERTIFICATE' })
    await expect(verify(await signer.sign(facts()), { keys: join(home, 'none') })).rejects.toMatchObject({
      code: 'NO_SUCH_FILE',
    })
    await expect(verify(await signer.sign(facts()), { keys: join(home, 'keys', 'master.key') })).rejects.toMatchObject({
      code: 'NO_KEYS',
    })
  })
})
