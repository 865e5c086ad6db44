import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { TableRow } from './table.ts'

/**
 * Rows that were read once, for the second reading: parsing a sheet costs far more than writing its rows down. They lie in a
 * temporary file that has no name any more, so that nothing of it outlives the process.
 */
export class RowSpool {
  private fd: number | null = null
  private path = ''
  private readonly sizes: number[] = []
  private at = 0

  /** False when they cannot be kept, as on a full disk: the sheet is then read again. */
  add(batch: readonly TableRow[]): boolean {
    try {
      if (this.fd === null) this.open()
      const bytes = serialize(batch)
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.fd as number, bytes, done, bytes.length - done, this.at + done)
      }
      this.at += bytes.length
      this.sizes.push(bytes.length)
      return true
    } catch {
      this.close()
      return false
    }
  }

  *batches(): Generator<TableRow[]> {
    let at = 0
    for (const size of this.sizes) {
      if (this.fd === null) throw new Error('the rows kept for the second reading are gone')
      const bytes = Buffer.allocUnsafe(size)
      for (let got = 0; got < size; ) {
        const n = readSync(this.fd, bytes, got, size - got, at + got)
        if (n === 0) throw new Error('the rows kept for the second reading are cut short')
        got += n
      }
      at += size
      yield deserialize(bytes) as TableRow[]
    }
  }

  close(): void {
    if (this.fd === null) return
    closeSync(this.fd)
    this.fd = null
    rmSync(this.path, { force: true })
  }

  private open(): void {
    this.path = join(tmpdir(), `xinheng-rows-${randomUUID()}`)
    this.fd = openSync(this.path, 'wx+', 0o600)
    try {
      rmSync(this.path)
    } catch {
      // Where an open file keeps its name, it goes when it is closed.
    }
  }
}
