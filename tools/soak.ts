/**
 * The fault tests at full length: `npm run soak [ROWS]`, a million rows unless told otherwise. Kills, cuts and full disks as in
 * every test run, with more of each, and a thousand repairs over twelve holders; an hour or more on a small machine.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const rows = process.argv[2] ?? '1000000'
if (!/^[1-9]\d{3,7}$/.test(rows)) {
  console.error('npm run soak [ROWS]: a number of rows from 1000 on')
  process.exit(2)
}
const { status } = spawnSync(
  join('node_modules', '.bin', 'vitest'),
  ['run', '--maxWorkers=1', '--hookTimeout=600000', 'test/faults'],
  { stdio: 'inherit', env: { ...process.env, SOAK_ROWS: rows, TZ: 'UTC' } },
)
process.exit(status ?? 1)
