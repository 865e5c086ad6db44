import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const check = (root: string) => spawnSync('node', ['tools/check-imports.mjs', root], { encoding: 'utf8' })
const made: string[] = []
const tree = (files: Record<string, string>): string => {
  const root = mkdtempSync(join(tmpdir(), 'xinheng-imports-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}
afterAll(() => made.forEach((root) => rmSync(root, { recursive: true, force: true })))

/** One planted breach a rule; each must be caught by name. */
const PLANTED: [rule: string, files: Record<string, string>][] = [
  [
    'kernel-is-a-leaf',
    { 'src/kernel/a.ts': `import { b } from '../platform/b.ts'\n`, 'src/platform/b.ts': 'export const b = 1\n' },
  ],
  ['pure-files-do-no-io', { 'src/capabilities/repair/rules.ts': `import { readFileSync } from 'node:fs'\n` }],
  [
    'platform-knows-no-capability',
    {
      'src/platform/a.ts': `import { x } from '../capabilities/repair/index.ts'\n`,
      'src/capabilities/repair/index.ts': '',
    },
  ],
  [
    'peers-are-strangers',
    {
      'src/capabilities/repair/service.ts': `import { x } from '../collection/index.ts'\n`,
      'src/capabilities/collection/index.ts': '',
    },
  ],
  [
    'tier-imports-only-lower',
    {
      'src/capabilities/records/service.ts': `import { x } from '../exchange/index.ts'\n`,
      'src/capabilities/exchange/index.ts': '',
    },
  ],
  [
    'doors-only',
    {
      'src/capabilities/repair/service.ts': `import { x } from '../records/store.ts'\n`,
      'src/capabilities/records/store.ts': '',
    },
  ],
  [
    'store-decides-nothing',
    { 'src/capabilities/repair/store.ts': `import { x } from './rules.ts'\n`, 'src/capabilities/repair/rules.ts': '' },
  ],
  [
    'routes-touch-no-database',
    {
      'src/capabilities/repair/routes.ts': `import { x } from '../../platform/db/index.ts'\n`,
      'src/platform/db/index.ts': '',
    },
  ],
  [
    'nobody-imports-the-entry-points',
    { 'src/capabilities/repair/service.ts': `import { x } from '../../app.ts'\n`, 'src/app.ts': '' },
  ],
  [
    'web-sees-only-pure',
    {
      'web/src/a.tsx': `import { x } from '../../src/capabilities/repair/service.ts'\n`,
      'src/capabilities/repair/service.ts': '',
    },
  ],
  ['every-capability-has-a-tier', { 'src/capabilities/unheard_of/index.ts': '' }],
  [
    'no-cycle',
    {
      'src/kernel/a.ts': `import { b } from './b.ts'\nexport const a = 1\n`,
      'src/kernel/b.ts': `import { a } from './a.ts'\nexport const b = 1\n`,
    },
  ],
]

describe('import rules 分层规则', () => {
  it.each(PLANTED)('%s is caught when planted', (rule, files) => {
    const done = check(tree(files))
    expect(done.status).toBe(1)
    expect(done.stderr).toContain(rule)
  })
  it('the checker refuses to pass on nothing', () => {
    expect(check(tree({ 'docs/a.md': '' })).status).toBe(1)
  })
  it('this tree has no breach', () => {
    const done = check('.')
    expect(done.stderr).toBe('')
    expect(done.status).toBe(0)
  })
})
