/**
 * The fault tests at full length: `npm run soak [ROWS] [HOURS]`, a million rows and six hours at the most unless told otherwise.
 * Kills, cuts and full disks as in every test run, with more of each, and a thousand repairs over twelve holders. One file after
 * another, on a machine that does nothing else; one that fails does not stop the next. At the end it says what each found.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const [rows = '1000000', hours = '6'] = process.argv.slice(2)
if (!/^[1-9]\d{3,7}$/.test(rows) || !/^\d+(\.\d+)?$/.test(hours) || Number(hours) <= 0) {
  console.error('npm run soak [ROWS] [HOURS]: a number of rows from 1000 on, and how long it may take at the most')
  process.exit(2)
}
const endsAt = Date.now() + Number(hours) * 3_600_000
/** What a file has set going is given so long to end. */
const GRACE_MS = 15_000
const FOLDER = join('test', 'faults')

type Found = { file: string; how: 'passed' | 'failed' | 'stopped' | 'not begun'; seconds: number; said: string[] }

const run = (file: string): Promise<Found> =>
  new Promise((resolve) => {
    const began = Date.now()
    const said: string[] = []
    let stopped = false
    // A group of its own: the servers and databases that it starts end with it.
    const child = spawn(
      join('node_modules', '.bin', 'vitest'),
      ['run', '--maxWorkers=1', '--hookTimeout=600000', join(FOLDER, file)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
        env: { ...process.env, SOAK_ROWS: rows, TZ: 'UTC', NO_COLOR: '1' },
      },
    )
    const signal = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name)
      } catch {
        // It has ended by itself.
      }
    }
    const limit = setTimeout(
      () => {
        stopped = true
        signal('SIGTERM')
        setTimeout(() => signal('SIGKILL'), GRACE_MS).unref()
      },
      Math.max(0, endsAt - began),
    )
    // What a test prints stands under a line that names it, up to the next empty one.
    let own = false
    createInterface({ input: child.stdout }).on('line', (line) => {
      console.log(line)
      if (line.startsWith('stdout | ')) own = true
      else if (line.trim() === '') own = false
      else if (own) said.push(line.trim())
    })
    child.once('close', (code) => {
      clearTimeout(limit)
      const how = stopped ? 'stopped' : code === 0 ? 'passed' : 'failed'
      resolve({ file, how, seconds: Math.round((Date.now() - began) / 1000), said })
    })
  })

const found: Found[] = []
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.test.ts'))) {
  found.push(Date.now() < endsAt ? await run(file) : { file, how: 'not begun', seconds: 0, said: [] })
}

console.log(`\nsoak with ${rows} rows, ${hours} h at the most:`)
for (const { file, how, seconds, said } of found) {
  console.log(`${how.padEnd(9)} ${file} (${seconds} s)`)
  for (const line of said) console.log(`            ${line}`)
}
process.exit(found.every((f) => f.how === 'passed') ? 0 : 1)
