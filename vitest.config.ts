import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          // Five seconds are too few on a machine with much else to do.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['{apps,libs,temporal,stack,scripts,bench}/**/*.spec.ts', 'test/architecture/**/*.spec.ts'],
        },
      },
      {
        test: {
          name: 'servers',
          // After the unit tests: servers and tests share the processors.
          sequence: { groupOrder: 1 },
          include: ['test/{integration,workflow,replay,e2e}/**/*.spec.ts'],
          globalSetup: ['test/support/servers.global.ts'],
          // A machine with much else to do takes many times as long; a test that waits says itself what for.
          testTimeout: 300_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 120_000 } },
          maxWorkers: 2,
        },
      },
    ],
  },
});
