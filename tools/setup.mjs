// Runs before start, test and bench, on whatever Node the machine has (20 or later): installs the packages when the
// lock file changed and builds the web pages when their files changed. Plain JavaScript, no dependency.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stampDir = join(root, 'node_modules', '.cache', 'xinheng')
const say = (line) => process.argv.includes('--quiet') || console.log(line)

const fail = (zh, en) => {
  console.error(`${zh}\n${en}`)
  process.exit(1)
}

const major = Number(process.versions.node.split('.')[0])
if (major < 20)
  fail(
    `需要 Node.js 20 或更高版本，当前为 ${process.version}。`,
    `Node.js 20 or later is needed; this is ${process.version}.`,
  )

const sha = (parts) => {
  const h = createHash('sha256')
  for (const p of parts) h.update(p)
  return h.digest('hex')
}
const stamped = (name, hash) => {
  const path = join(stampDir, name)
  return existsSync(path) && readFileSync(path, 'utf8') === hash
}
const stamp = (name, hash) => {
  mkdirSync(stampDir, { recursive: true })
  writeFileSync(join(stampDir, name), hash)
}
const run = (command, args, zh, en) => {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    console.error(`${done.stdout ?? ''}${done.stderr ?? ''}`.trim())
    fail(zh, en)
  }
}

// The packages are only the same for the same lock file, platform and processor.
const lock = sha([readFileSync(join(root, 'package-lock.json')), process.platform, process.arch])
if (!stamped('installed', lock)) {
  say('安装依赖… / Installing packages…')
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund'],
    '依赖安装失败，请检查 npm 源和网络后重试。',
    'The packages could not be installed; check the npm registry and the network, then try again.',
  )
  stamp('installed', lock)
}

// Node 24 comes with the packages where npm has it for this platform; elsewhere the machine's own has to do.
const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
if (!existsSync(bundled) && major < 24) {
  fail(
    `本平台没有随包提供的 Node.js，需要自行安装 24 或更高版本，当前为 ${process.version}。`,
    `npm carries no Node.js for this platform; install version 24 or later yourself (this is ${process.version}).`,
  )
}

const filesUnder = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name)
    if (e.isDirectory()) return e.name === 'dist' || e.name === 'node_modules' ? [] : filesUnder(path)
    return [path]
  })

if (process.argv.includes('--web') && existsSync(join(root, 'web', 'index.html'))) {
  // The pages import the pure files of src; modification time and size are enough to notice a change, content decides.
  const inputs = [...filesUnder(join(root, 'web')), ...filesUnder(join(root, 'src')).filter((f) => f.endsWith('.ts'))]
    .filter((f) => statSync(f).isFile())
    .toSorted((a, b) => (a < b ? -1 : 1))
  const hash = sha([lock, ...inputs.map((f) => `${f.slice(root.length)}\0${readFileSync(f, 'utf8')}`)])
  if (!stamped('web', hash) || !existsSync(join(root, 'web', 'dist', 'index.html'))) {
    say('构建页面… / Building the pages…')
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const bundledNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
    run(
      existsSync(bundledNode) ? bundledNode : process.execPath,
      [vite, 'build', 'web', '--logLevel', 'warn'],
      '页面构建失败。',
      'The pages could not be built.',
    )
    stamp('web', hash)
  }
}
