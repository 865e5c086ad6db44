import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { newCertificate } from '../../test/fixtures-builders/certificate.ts'
import { BadConfig, readConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const read = (env: Record<string, string>) => readConfig(env, ['440100'])
const lineOf = (env: Record<string, string>): string => {
  try {
    read(env)
  } catch (error) {
    if (error instanceof BadConfig) return error.message
    throw error
  }
  throw new Error('it was taken')
}
const FROM = { SMTP_FROM: '信用平台 <post@example.gov.cn>' }
const HOOK = { SMS_WEBHOOK_URL: 'https://sms.example.gov.cn/send', SMS_WEBHOOK_SECRET: 'sixteen-letters-x' }

describe('ways out for messages', () => {
  it('are absent unless they are set', () => {
    expect(read({})).toMatchObject({ smtp: undefined, sms: undefined, publicUrl: undefined })
    expect(read({ SMTP_URL: ' ', SMTP_FROM: '' }).smtp).toBeUndefined()
  })

  it('a mail server', () => {
    const { smtp } = read({ SMTP_URL: 'smtp://po%40st:p%2Fw@mail.example.gov.cn', ...FROM })
    expect(smtp).toEqual({
      host: 'mail.example.gov.cn',
      port: 587,
      secure: false,
      requireTls: true,
      auth: { user: 'po@st', pass: 'p/w' },
      ca: undefined,
      from: { name: '信用平台', address: 'post@example.gov.cn' },
    })
    expect(read({ SMTP_URL: 'smtps://mail.example.cn', SMTP_FROM: 'a@b.cn' }).smtp).toMatchObject({
      secure: true,
      port: 465,
    })
    expect(read({ SMTP_URL: 'smtp://u:p@127.0.0.1:1025', ...FROM }).smtp).toMatchObject({
      requireTls: false,
      port: 1025,
    })
    expect(read({ SMTP_URL: 'smtp://[::1]:25', ...FROM }).smtp).toMatchObject({ host: '::1', requireTls: false })
  })

  it('a certificate authority of one’s own', () => {
    const { cert } = newCertificate()
    const path = join(folder, 'ca.pem')
    writeFileSync(path, cert)
    expect(read({ SMTP_URL: `smtps://mail.example.cn?ca=${encodeURIComponent(path)}`, ...FROM }).smtp?.ca).toBe(cert)
    expect(lineOf({ SMTP_URL: `smtps://mail.example.cn?ca=${join(folder, 'none.pem')}`, ...FROM })).toContain(
      'none.pem',
    )
  })

  it.each<[string, Record<string, string>]>([
    ['SMTP_URL', { SMTP_URL: 'mail.example.cn', ...FROM }],
    ['SMTP_URL', { SMTP_URL: 'http://mail.example.cn', ...FROM }],
    ['SMTP_URL', { SMTP_URL: 'smtp://mail.example.cn/path', ...FROM }],
    ['SMTP_URL', { SMTP_URL: 'smtp://mail.example.cn?tls=no', ...FROM }],
    ['SMTP_URL', { SMTP_URL: 'smtp://a%ZZ:secret@mail.example.cn', ...FROM }],
    ['SMTP_URL', FROM],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.example.cn' }],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.example.cn', SMTP_FROM: 'nobody' }],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.example.cn', SMTP_FROM: 'a@b.cn\r\nBcc: c@d.cn' }],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.example.cn', SMTP_FROM: 'A <a@b.cn>, B <c@d.cn>' }],
    ['SMS_WEBHOOK_SECRET', { SMS_WEBHOOK_URL: HOOK.SMS_WEBHOOK_URL }],
    ['SMS_WEBHOOK_URL', { SMS_WEBHOOK_SECRET: HOOK.SMS_WEBHOOK_SECRET }],
    ['SMS_WEBHOOK_SECRET', { ...HOOK, SMS_WEBHOOK_SECRET: 'short' }],
    ['SMS_WEBHOOK_URL', { ...HOOK, SMS_WEBHOOK_URL: 'ftp://sms.example.cn' }],
    ['SMS_WEBHOOK_URL', { ...HOOK, SMS_WEBHOOK_URL: 'https://u:p@sms.example.cn' }],
    ['SMS_WEBHOOK_URL', { ...HOOK, SMS_WEBHOOK_URL: 'http://sms.example.cn', NODE_ENV: 'production' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'credit.example.gov.cn' }],
  ])('%s of %j stops the start with one line', (name, env) => {
    const line = lineOf(env)
    expect(line).toContain(`${name}=`)
    expect(line).not.toContain('\n')
  })

  it('says nothing of what is secret', () => {
    expect(lineOf({ SMTP_URL: 'smtp://user:topsecret@mail.example.cn/x', ...FROM })).not.toMatch(/topsecret/)
    expect(lineOf({ SMS_WEBHOOK_URL: 'ftp://x?key=topsecret', SMS_WEBHOOK_SECRET: 'another-secret-xx' })).not.toMatch(
      /secret-xx|topsecret/,
    )
    expect(lineOf({ ...HOOK, SMS_WEBHOOK_SECRET: 'tiny' })).not.toContain('tiny')
  })

  it('a text-message service, and where people reach the platform', () => {
    expect(read({ ...HOOK, NODE_ENV: 'production' }).sms).toEqual({
      url: HOOK.SMS_WEBHOOK_URL,
      secret: HOOK.SMS_WEBHOOK_SECRET,
    })
    expect(read({ ...HOOK, SMS_WEBHOOK_URL: 'http://127.0.0.1:9/x', NODE_ENV: 'production' }).sms?.url).toContain(
      '127.0.0.1',
    )
    expect(read({ PUBLIC_URL: 'https://credit.example.gov.cn/' }).publicUrl).toBe('https://credit.example.gov.cn')
  })
})
