import { defineConfig } from 'vitest/config';

/** Each stage is a folder; `npm test -- unit` runs one. */
function stage(name: string, include: string[], timeoutMs: number) {
  return { extends: true as const, test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs } };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    environment: 'node',
    projects: [
      stage('unit', ['test/unit/**/*.test.ts', 'test/unit/**/*.test.tsx'], 20_000),
      stage('contract', ['test/contract/**/*.test.ts'], 40_000),
      stage('integration', ['test/integration/**/*.test.ts'], 60_000),
      stage('e2e', ['test/e2e/**/*.test.ts', '!test/e2e/electron-*.test.ts'], 120_000),
      stage('electron', ['test/e2e/electron-*.test.ts'], 60_000),
    ],
  },
});
