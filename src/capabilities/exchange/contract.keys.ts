import type { RefusalCatalogue } from '../../kernel/decision.ts'

/** Of the keys that we and our peers sign with, and of the signatures made with them. */
export const keyRefusals = {
  SIGNATURE_MISSING: {
    kind: 'unauthenticated',
    zh: '请求没有签名。请按 RFC 9421 附上 Signature-Input 和 Signature 两个请求头。',
    en: 'The request is not signed. Add the headers Signature-Input and Signature (RFC 9421).',
  },
  SIGNATURE_UNREADABLE: {
    kind: 'unauthenticated',
    zh: '签名请求头无法识别：请检查 Signature-Input 和 Signature 的写法，标签应为 xinheng，组成部分不得重复。',
    en: 'The signature headers cannot be read: check how Signature-Input and Signature are written, use the label xinheng, and name no component twice.',
  },
  SIGNATURE_INCOMPLETE: {
    kind: 'unauthenticated',
    zh: '签名没有覆盖必须覆盖的内容：{missing}。',
    en: 'The signature does not cover what it must: {missing}.',
  },
  DIGEST_WRONG: {
    kind: 'unauthenticated',
    zh: 'Content-Digest 与收到的正文不一致。请对实际发送的字节计算 SHA-256。',
    en: 'Content-Digest does not fit the body that came. Compute the SHA-256 over the very bytes that are sent.',
  },
  SIGNATURE_OLD: {
    kind: 'unauthenticated',
    zh: '签名时间比本平台时间早 {seconds} 秒，超出允许的 {allowed} 秒。请校准服务器时间后重新签名发送。',
    en: 'The signature was made {seconds} s before our time; {allowed} s are allowed. Set the clock of your server and sign anew.',
  },
  SIGNATURE_AHEAD: {
    kind: 'unauthenticated',
    zh: '签名时间比本平台时间晚 {seconds} 秒，超出允许的 {allowed} 秒。请校准服务器时间后重新签名发送。',
    en: 'The signature was made {seconds} s after our time; {allowed} s are allowed. Set the clock of your server and sign anew.',
  },
  KEY_UNKNOWN: {
    kind: 'unauthenticated',
    zh: '没有登记编号为“{keyId}”的签名公钥。请确认 keyid，或者先向信用办登记公钥。',
    en: 'No public key named “{keyId}” is registered for you. Check keyid, or have the credit office register the key first.',
  },
  KEY_EXPIRED: {
    kind: 'unauthenticated',
    zh: '签名公钥“{keyId}”已过有效期，请改用新密钥签名。',
    en: 'The key “{keyId}” is past its last day; sign with the new one.',
  },
  KEY_REVOKED: {
    kind: 'unauthenticated',
    zh: '签名公钥“{keyId}”已被撤销。',
    en: 'The key “{keyId}” was revoked.',
  },
  SIGNATURE_WRONG: {
    kind: 'unauthenticated',
    zh: '签名验证不通过：用“{keyId}”的公钥核对不上。请检查所用私钥、签名算法和签名原文的拼接方式。',
    en: 'The signature does not verify with the key “{keyId}”. Check the private key, the algorithm, and how the signature base is put together.',
  },
  SIGNATURE_REPLAYED: {
    kind: 'unauthenticated',
    zh: '这个签名(nonce)已经使用过。重新发送时请换新的 nonce 重新签名。',
    en: 'This signature (nonce) was used before. Sign anew with a fresh nonce when you send again.',
  },
  ROTATION_UNDER_WAY: {
    kind: 'conflict',
    zh: '上一次换钥尚未完成，新密钥自 {from} 起启用；启用后方可再次更换。',
    en: 'The last change of keys is still under way: the new key signs from {from}. Change again after that.',
  },
} as const satisfies RefusalCatalogue
