import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CertificateFacts, type Verdict, certificateFacts } from '../capabilities/certificates/contract.ts'
import { type ReceiptFacts, receiptFacts } from '../capabilities/certificates/contract.receipts.ts'
import { readReceiptKeyword } from '../capabilities/certificates/rules.receipts.ts'
import { HOLDER_MARK_WORDS, RECEIPT_OUTCOME_WORDS } from '../capabilities/certificates/words.receipts.ts'
import { factRows, readKeyword } from '../capabilities/certificates/rules.ts'
import {
  type Jwk,
  type TokenClaims,
  certificateSigner,
  factsDigest,
  looksLikeToken,
  readToken,
} from '../capabilities/certificates/sign.ts'
import { TRUTH_WORDS } from '../capabilities/certificates/words.ts'
import { loadSecrets } from '../platform/crypto.ts'
import { type Ask, Declined, type Run, decline, oneArgument, textFlag } from './io.ts'
import { configOf } from './open.ts'

/** Verifies a certificate of repair without the platform: by its signature and the published key. */

const WELL_KNOWN = '/.well-known/xinheng-keys.json'

const fetched = async (url: string): Promise<unknown> => {
  const reply = await fetch(url, { headers: { accept: 'application/json' } }).catch(() => {
    const words = { zh: `连接不上 ${url}。`, en: `${url} cannot be reached.` }
    throw new Declined('UNREACHABLE', words, 1)
  })
  return reply.ok ? reply.json().catch(() => null) : null
}
const isJwk = (value: unknown): value is Jwk =>
  typeof value === 'object' && value !== null && (value as Jwk).kty === 'OKP' && typeof (value as Jwk).x === 'string'
const keysIn = (value: unknown, from: string): Jwk[] => {
  const keys = (value as { keys?: unknown } | null)?.keys
  const found = Array.isArray(keys) ? keys.filter(isJwk) : []
  if (!found.length) decline('NO_KEYS', `${from} 中没有公钥。`, `there is no public key in ${from}.`)
  return found
}
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** The key set that is named; else that of the platform whose data lies here. */
const keysOf = async (ask: Ask): Promise<Jwk[]> => {
  const named = textFlag(ask, 'keys')
  if (named !== undefined && /^https?:\/\//.test(named))
    return keysIn(await fetched(new URL(named).pathname === '/' ? new URL(WELL_KNOWN, named).href : named), named)
  if (named !== undefined) {
    if (!existsSync(named)) decline('NO_SUCH_FILE', `没有这个文件：${named}`, `there is no such file: ${named}`)
    return keysIn(parsed(readFileSync(named, 'utf8')), named)
  }
  const { dataDir } = configOf(ask)
  if (!existsSync(join(dataDir, 'keys', 'master.key')))
    decline(
      'NO_KEYS',
      `请用 --keys 指定公钥文件或者网址（平台公布在 ${WELL_KNOWN}）。`,
      `name the public keys by --keys FILE|URL; the platform publishes them at ${WELL_KNOWN}.`,
    )
  return [certificateSigner(loadSecrets(dataDir)).jwk]
}

/** A token as it is scanned (alone or in its address), or a file that carries one. */
const read = (given: string): { token: string; facts: CertificateFacts | null; file: boolean } => {
  const token = given.trim().split('/').at(-1)?.split('?')[0] ?? ''
  if (looksLikeToken(token)) return { token, facts: null, file: false }
  if (!existsSync(given))
    decline('NO_SUCH_FILE', `没有这个文件，也不是证明的签名文本：${given}`, `neither a file nor a token: ${given}`)
  const found = readKeyword(readFileSync(given).toString('latin1'))
  if (!found)
    return decline('NOT_A_CERTIFICATE', '该文件不是信用修复证明。', 'This file is not a certificate of repair.')
  const facts = certificateFacts.safeParse(parsed(Buffer.from(found.facts, 'base64url').toString()))
  return { token: found.token, facts: facts.success ? facts.data : null, file: true }
}

const dayOfNumber = (g: number): string => String(g).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')

/** A final receipt of propagation carries its signature and all that it says; null for any other file. */
const receiptIn = (given: string): { token: string; facts: ReceiptFacts | null } | null => {
  if (!existsSync(given)) return null
  const found = readReceiptKeyword(readFileSync(given).toString('latin1'))
  if (!found) return null
  const facts = receiptFacts.safeParse(parsed(Buffer.from(found.facts, 'base64url').toString()))
  return { token: found.token, facts: facts.success ? facts.data : null }
}

const verifyReceipt = async (ask: Ask, given: { token: string; facts: ReceiptFacts | null }): ReturnType<Run> => {
  const claims = await readToken(given.token, await keysOf(ask))
  const { facts } = given
  const zh = ask.lang === 'zh'
  if (!claims || !facts?.outcome || factsDigest(facts) !== claims.h) {
    const line = zh
      ? '核对不通过：签名无效，或者内容被改动。请勿采信。'
      : 'It does not verify: the signature is not valid, or something was changed. Do not rely on it.'
    return { exit: 2, data: { genuine: false }, lines: [line] }
  }
  const holders = facts.parts.flatMap((p) => p.holders)
  return {
    exit: 0,
    data: { genuine: true, code: facts.code, facts },
    lines: [
      `${zh ? '签名有效。' : 'The signature is valid. '}${RECEIPT_OUTCOME_WORDS[facts.outcome][ask.lang]}`,
      ...holders.map((h) => `  ${h.name[ask.lang]}${zh ? '：' : ': '}${HOLDER_MARK_WORDS[h.mark][ask.lang]}`),
    ],
  }
}

export const certificateVerifyCommand: Run = async (ask) => {
  const named = oneArgument(ask, 'FILE|TOKEN')
  const receipt = receiptIn(named)
  if (receipt) return verifyReceipt(ask, receipt)
  const given = read(named)
  const keys = await keysOf(ask)
  const zh = ask.lang === 'zh'
  const claims: TokenClaims | null = await readToken(given.token, keys)
  const whole = claims !== null && (!given.file || (given.facts !== null && factsDigest(given.facts) === claims.h))
  if (!claims || !whole) {
    const line = zh
      ? '核对不通过：签名无效，或者内容被改动。请勿采信。'
      : 'It does not verify: the signature is not valid, or something was changed. Do not rely on it.'
    return { exit: 2, data: { genuine: false }, lines: [line] }
  }
  const { facts } = given
  const lines = facts
    ? factRows(facts, facts.subject.name).map((r) => `  ${r.label[ask.lang]}${zh ? '：' : ': '}${r.value[ask.lang]}`)
    : [
        `  ${zh ? '主体：' : 'Subject: '}${claims.s}`,
        `  ${zh ? '文书文号：' : 'Document number: '}${claims.d}`,
        `  ${zh ? '准予修复日期：' : 'Granted on: '}${dayOfNumber(claims.g)}`,
      ]
  const online = textFlag(ask, 'online')
  const verdict =
    online === undefined
      ? null
      : ((await fetched(`${online.replace(/\/$/, '')}/api/v1/public/verify/${claims.c}`)) as Verdict | null)
  const now =
    online === undefined
      ? [
          zh
            ? `签名有效。是否仍然有效，请用查验码 ${claims.c} 在线查验。请将以下内容与纸面核对：`
            : `The signature is valid. Whether it still holds is asked online with the code ${claims.c}. Compare with the paper:`,
        ]
      : verdict
        ? [
            `${zh ? '签名有效。' : 'The signature is valid. '}${TRUTH_WORDS[verdict.truth][ask.lang]}${zh ? '。' : '. '}${verdict.sentence[ask.lang]}`,
          ]
        : [
            zh
              ? '签名有效，但平台没有查到这份证明。'
              : 'The signature is valid, but the platform does not know this certificate.',
          ]
  const holds = online === undefined || verdict?.truth === 'in_force'
  return {
    exit: holds ? 0 : 2,
    data: { genuine: true, code: claims.c, claims, facts, now: verdict },
    lines: [...now, ...lines],
  }
}
