import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { ALGORITHMS, type Algorithm } from '../capabilities/exchange/words.ts'
import { CHECK_RESULT_WORDS, CHECK_WORDS } from '../capabilities/onboarding/words.ts'
import { type Signer, privateJwk, readPrivateKey, signerFrom } from '../platform/signatures.ts'
import { type Ask, type Run, decline, textFlag } from './io.ts'
import { type Reported, runKit } from './peer.kit.ts'

const needed = (ask: Ask, name: string): string =>
  textFlag(ask, name) ?? decline('USAGE', `缺少 --${name}。`, `--${name} is missing.`)

const addressIn = (ask: Ask): string => {
  const text = needed(ask, 'url')
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    decline(
      'USAGE',
      `--url 应为平台的网址，例如 https://xinheng.example.cn。`,
      '--url is the address of the platform, such as https://xinheng.example.cn.',
    )
  return text.replace(/\/(api\/v1\/?)?$/, '')
}

const signerIn = (ask: Ask): Signer => {
  const path = needed(ask, 'signing-key')
  if (!existsSync(path)) decline('NO_SUCH_FILE', `没有这个文件：${path}`, `there is no such file: ${path}`)
  return (
    readPrivateKey(readFileSync(path, 'utf8')) ??
    decline(
      'BAD_SIGNING_KEY',
      `${path} 不是签名私钥：应为 Ed25519 的 PEM，或者 Ed25519、SM2 的 JWK。可以用 xinheng peer key 生成。`,
      `${path} is no private key: PEM of Ed25519, or a JWK of Ed25519 or SM2. “xinheng peer key” makes one.`,
    )
  )
}

const ackFileIn = (ask: Ask): string | undefined => {
  const path = textFlag(ask, 'acknowledgements')
  if (path !== undefined && !existsSync(path))
    decline('NO_SUCH_FILE', `没有这个文件：${path}`, `there is no such file: ${path}`)
  return path
}

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const
const linesOf = ({ checks, outcome, doubts }: Reported, ask: Ask): string[] => {
  const { lang } = ask
  const n = (result: keyof typeof MARKS) => checks.filter((c) => c.result === result).length
  const verdict =
    outcome === 'passed'
      ? { zh: '对接测试通过，结果已上报平台。', en: 'The conformance kit passed; the platform has the result.' }
      : outcome === 'failed'
        ? {
            zh: '对接测试未通过，结果已上报平台。',
            en: 'The conformance kit did not pass; the platform has the result.',
          }
        : {
            zh: '对接测试未通过，结果没有能够上报。',
            en: 'The conformance kit did not pass, and the result could not be reported.',
          }
  const counted = {
    zh: `通过 ${n('passed')} 项，未通过 ${n('failed')} 项，不适用 ${n('skipped')} 项`,
    en: `${n('passed')} passed, ${n('failed')} failed, ${n('skipped')} not applicable`,
  }
  return [
    ...checks.flatMap((c) => [
      `${MARKS[c.result]} ${CHECK_WORDS[c.check][lang]}${c.result === 'skipped' ? ` (${CHECK_RESULT_WORDS.skipped[lang]})` : ''}`,
      ...(c.detail && c.result !== 'passed' ? [`    ${c.detail}`] : []),
    ]),
    '',
    ...doubts.map((d) => `! ${d[lang]}`),
    `${verdict[lang]} ${counted[lang]}`,
  ]
}

/** Exit 0: everything passed and the platform says the same. 2: something did not. 1: it could not be tried. */
export const peerTest: Run = async (ask) => {
  const receiver = textFlag(ask, 'receiver')
  const acknowledgements = ackFileIn(ask)
  const reported = await runKit({
    url: addressIn(ask),
    key: needed(ask, 'key'),
    signer: signerIn(ask),
    lang: ask.lang,
    ...(receiver === undefined ? {} : { receiver }),
    ...(acknowledgements === undefined ? {} : { acknowledgements }),
  })
  return { exit: reported.outcome === 'passed' ? 0 : 2, data: reported, lines: linesOf(reported, ask) }
}

// oxlint-disable-next-line typescript/require-await -- a command is a promise, whatever it does
export const peerKey: Run = async (ask) => {
  const out = needed(ask, 'out')
  const named = textFlag(ask, 'algorithm') ?? 'ed25519'
  const algorithm: Algorithm =
    ALGORITHMS.find((a) => a === named) ??
    decline('USAGE', '--algorithm 应为 ed25519 或者 sm2。', '--algorithm is ed25519 or sm2.')
  if (existsSync(out))
    decline('FILE_EXISTS', `文件已存在，未覆盖：${out}`, `the file exists and was left as it is: ${out}`)
  const seed = randomBytes(32)
  const { keyId, publicKey } = signerFrom(algorithm, seed)
  writeFileSync(out, `${JSON.stringify(privateJwk(algorithm, seed), null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return {
    exit: 0,
    data: { keyId, algorithm, publicKey, file: out },
    lines:
      ask.lang === 'zh'
        ? [
            `私钥已写入 ${out}，请妥善保管，不要发送给任何人。`,
            `公钥编号：${keyId}`,
            '请将下面的公钥提供给信用办登记：',
            JSON.stringify(publicKey),
          ]
        : [
            `The private key is in ${out}. Keep it; send it to nobody.`,
            `Id of the key: ${keyId}`,
            'Have the credit office register this public key:',
            JSON.stringify(publicKey),
          ],
  }
}
