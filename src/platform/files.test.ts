import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openFiles, TooLarge } from './files.ts'

const root = mkdtempSync(join(tmpdir(), 'xinheng-files-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const files = openFiles(root)

const all = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('content-addressed files', () => {
  it('are kept once under the hash of what they hold, and read back', async () => {
    const first = await files.put(Readable.from([Buffer.from('一份决定书')]), 100)
    const again = await files.put(Readable.from([Buffer.from('一份'), Buffer.from('决定书')]), 100)
    expect(again).toEqual(first)
    expect(first.bytes).toBe(15)
    expect(readFileSync(files.pathOf(first.hash), 'utf8')).toBe('一份决定书')
    expect(await all(files.read(first.hash))).toBe('一份决定书')
  })
  it('keep nothing of what is longer than its limit', async () => {
    await expect(files.put(Readable.from([Buffer.alloc(11)]), 10)).rejects.toThrow(TooLarge)
  })
  it('take no path for a hash', () => {
    expect(() => files.read('../../etc/passwd')).toThrow('not a file hash')
  })
  it('that are gone are the error of who reads, also when the reading begins later', async () => {
    const { hash } = await files.put(Readable.from([Buffer.from('gone')]), 100)
    const body = files.read(hash)
    rmSync(files.pathOf(hash))
    // A stream that was opened at once would raise its error here, where nobody listens, and end the process.
    await pause(50)
    await expect(all(body)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
