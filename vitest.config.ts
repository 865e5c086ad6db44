import { defineConfig } from 'vitest/config'

/**
 * A few files at a time, each with its own database. Much of a file's time is waiting (a browser, a timer, a disk that syncs): three
 * keep two cores busy.
 */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    allowOnly: false,
    passWithNoTests: false,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
  },
})
