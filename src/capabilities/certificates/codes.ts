import type { Secrets } from '../../platform/crypto.ts'

/** Crockford's alphabet: nothing that is misread for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 16
const BITS = 5

/** 80 bits of a keyed digest of the paper's id: nobody can guess one, and it need not be kept to be known. */
export const codeOf = (
  secrets: Pick<Secrets, 'digest'>,
  what: 'letter' | 'certificate' | 'receipt',
  id: string,
): string => {
  const bytes = Buffer.from(secrets.digest(`paper/${what}`, id), 'base64url')
  let code = ''
  for (let i = 0; i < LENGTH; i++) {
    const at = i * BITS
    const two = (bytes[at >> 3]! << 8) | bytes[(at >> 3) + 1]!
    code += ALPHABET[(two >> (16 - BITS - (at & 7))) & 31]
  }
  return code
}
export const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-')

/** As people type it: spaces, dashes, small letters, and the letters that look like digits. */
export const readCode = (typed: string): string | null => {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return plain.length === LENGTH && /^[0-9A-HJKMNP-TV-Z]+$/.test(plain) ? plain : null
}
