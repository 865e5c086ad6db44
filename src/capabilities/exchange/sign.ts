import { createHash } from 'node:crypto'
import type { Instant } from '../../kernel/time.ts'
import { type Signer, contentDigest, signContent } from '../../platform/signatures.ts'
import type { FeedPage } from './contract.ts'

/**
 * A page of the feed: its JSON as it goes out, and the headers that sign it (RFC 9421 over the digest of RFC 9530). Bytes and
 * headers together can be kept and checked later, without the connection they came over.
 */
export type SignedPage = { body: Buffer; headers: Record<string, string> }

const PIECE = 1 << 18
/** Of one UTF-16 unit in UTF-8. */
const BYTES_MOST = 3

/**
 * A page that is written as its events are made ready, while the next are read: it may be many megabytes. Each event stands on
 * a line of its own, so that whoever takes it may read it event by event as well.
 */
export const newPage = () => {
  const hash = createHash('sha256')
  const pieces: Buffer[] = []
  let piece = Buffer.allocUnsafe(PIECE)
  let length = 0
  const turn = (room: number): void => {
    const full = piece.subarray(0, length)
    hash.update(full)
    pieces.push(full)
    piece = Buffer.allocUnsafe(Math.max(PIECE, room))
    length = 0
  }
  const write = (text: string): void => {
    const room = text.length * BYTES_MOST
    if (room > piece.length - length) turn(room)
    length += piece.write(text, length)
  }
  write('{"events":[')
  let before = '\n'
  return {
    /** Each event in as many pieces as it comes in. */
    add: (events: readonly (readonly string[])[]): void => {
      for (const event of events) {
        write(before)
        for (const text of event) write(text)
        before = ',\n'
      }
    },
    signed: (signer: Signer, created: Instant, rest: Omit<FeedPage, 'events'>): SignedPage => {
      write(`\n],${JSON.stringify(rest).slice(1)}`)
      turn(0)
      return { body: Buffer.concat(pieces), headers: signContent(signer, contentDigest(hash), { created }) }
    },
  }
}

/** The page as those have it who ask inside this process. */
export const readPage = ({ body }: SignedPage): FeedPage => JSON.parse(body.toString()) as FeedPage
