import { Buffer, transcode } from 'node:buffer'

/** Below this a copy costs more than it saves. */
const SHORT = 500

/**
 * A text as what goes over the wire. Node writes a string with Chinese in it out letter by letter, twice: once for its length. By way of
 * its two-byte form the same takes a third of the time. Half a surrogate pair becomes U+FFFD, as everywhere.
 */
export const wireOf = (text: string): string | Buffer => {
  if (text.length < SHORT) return text
  try {
    return transcode(Buffer.from(text, 'utf16le'), 'utf16le', 'utf8')
  } catch {
    return Buffer.from(text, 'utf8')
  }
}
