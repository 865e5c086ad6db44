import { defineConfig } from 'vitest/config'

/** Two cores: a few files at a time, each with its own database. Journeys run alone, after the rest. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    allowOnly: false,
    passWithNoTests: false,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
  },
})
