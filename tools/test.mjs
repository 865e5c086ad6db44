// Everything that must hold, in the order in which it fails fastest. `npm test -- FILTER` runs only matching test files.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const bin = (name) => join('node_modules', '.bin', name)
const filters = process.argv.slice(2)
/** What the programs under test are compiled to is kept, so that each of the many that the tests start does not do it anew. */
const NODE_COMPILE_CACHE = join(process.cwd(), 'node_modules', '.cache', 'xinheng', 'compiled')
/** Pictures are for people: a run of named files keeps them in test/e2e/shots, a run of everything only looks. */
const XINHENG_PICTURES = filters.length ? 'yes' : 'no'
/** What the tests move is noted in a run of everything, so that a row of a table that none of them walks is found. */
const XINHENG_MOVES = filters.length ? '' : join(process.cwd(), 'node_modules', '.cache', 'xinheng', 'moves')
if (XINHENG_MOVES) rmSync(XINHENG_MOVES, { recursive: true, force: true })
const env = {
  NODE_COMPILE_CACHE,
  XINHENG_PICTURES,
  ...process.env,
  XINHENG_MOVES,
  FORCE_COLOR: '0',
  NO_COLOR: '1',
  TZ: 'UTC',
}

/** @type {[name: string, command: string, args: string[]][]} */
const checks = [
  ['format 格式', bin('biome'), ['format', '.']],
  ['lint 规则', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['imports 分层', 'node', ['tools/check-imports.mjs']],
  ['types 类型', bin('tsc'), ['-p', '.', '--noEmit']],
  ['types web 页面类型', bin('tsc'), ['-p', 'web', '--noEmit']],
  ['dead code 无用代码', bin('knip'), []],
  ['generated 生成文件', 'node', ['--disable-warning=ExperimentalWarning', 'tools/generate.ts', '--check']],
]

const failed = []
let checked = 0
/** @param {[name: string, command: string, args: string[]]} check */
const check = ([name, command, args]) => {
  const began = Date.now()
  const done = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64 << 20 })
  checked++
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  if (done.status === 0) console.log(`ok   ${name} (${seconds} s)`)
  else {
    failed.push(name)
    console.log(`FAIL ${name} (${seconds} s)\n${`${done.stdout ?? ''}${done.stderr ?? ''}`.trim().slice(0, 6000)}`)
  }
}
if (!filters.length) for (const one of checks) check(one)

const report = join('node_modules', '.cache', 'xinheng', 'vitest.json')
const ran = spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  },
)
if (XINHENG_MOVES)
  check([
    'moves walked 动作走查',
    'node',
    ['--disable-warning=ExperimentalWarning', 'tools/moves-walked.ts', XINHENG_MOVES],
  ])
const totals = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 }
const notRun = (totals.numPendingTests ?? 0) + (totals.numTodoTests ?? 0)
const passed = totals.numPassedTests + checked - failed.length
const broken =
  totals.numFailedTests +
  failed.length +
  (totals.numFailedTestSuites && !totals.numFailedTests ? totals.numFailedTestSuites : 0)

if (failed.length) console.log(`\nchecks failed: ${failed.join(', ')}`)
if (notRun) console.log(`\n${notRun} tests did not run; none may be skipped`)
console.log(`\n${passed} passed, ${broken + notRun} failed`)
process.exit(ran.status === 0 && !broken && !notRun ? 0 : 1)
