import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take a minute or longer, mostly waiting: begun last, one of them would keep a processor idle. */
const longest = [
  'e2e/exactly-once',
  'console/bulk',
  'console/connections',
  'workflow/calls',
  'workflow/worker-interrupted',
  'e2e/webhooks-survive',
  'console/rules',
  'runs/event-to-effect',
  'console/rule-editor',
  'api/interrupted',
  'runs/run-control',
  'delivery/retries',
  'api/bulk-operations',
  'e2e/reports-survive',
  'e2e/approvals',
  'console/overview',
  'e2e/waiting-survives',
  'e2e/start',
  'console/sign-in',
  'console/directory',
  'ingress/interrupted',
  'api/dead-letters',
  'workflow/messages',
  'e2e/lifecycle-events-kept',
  'runs/request-control',
  'console/screens',
  'console/runs',
  'api/rules',
  'delivery/killed',
  'workflow/reconcile',
  'workflow/request',
  'console/approvals',
  'console/dead-letters',
  'delivery/webhooks',
  'workflow/run-ends',
].map((name) => `${name}.spec.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // Most of their time went into importing the same modules for each file. They put back what they replace.
          isolate: false,
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
          // Servers and browsers keep two processors busy: a third file at once saved a tenth of the time and made each
          // file a third slower.
          maxWorkers: 2,
        },
      },
    ],
  },
});
