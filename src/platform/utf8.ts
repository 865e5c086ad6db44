import { Buffer, transcode } from 'node:buffer'

/** Below this a copy costs more than it saves. */
const SHORT = 500

/**
 * A text in UTF-8. Node writes a string with Chinese in it out letter by letter, and counts its length the same way before; by way of its
 * two-byte form both together take a third of the time. Half a surrogate pair becomes U+FFFD, as everywhere.
 */
export const bytesOf = (text: string): Buffer => {
  if (text.length < SHORT) return Buffer.from(text, 'utf8')
  try {
    return transcode(Buffer.from(text, 'utf16le'), 'utf16le', 'utf8')
  } catch {
    return Buffer.from(text, 'utf8')
  }
}

/** The same for whoever takes either: what is short goes as it is. */
export const wireOf = (text: string): string | Buffer => (text.length < SHORT ? text : bytesOf(text))
