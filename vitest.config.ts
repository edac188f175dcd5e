import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const path = (name: string): string => `${name}.spec.ts`;

/** They wait four fifths of their time or more, for retries and delays. Longest first. */
const waiting = [
  'workflow/calls',
  'api/bulk-operations',
  'runs/event-to-effect',
  'runs/run-control',
  'delivery/retries',
  'runs/request-control',
  'workflow/messages',
  'workflow/reconcile',
  'delivery/webhooks',
  'workflow/request',
].map(path);

/** They take a minute or longer: begun last, one of them would keep a processor idle. */
const longest = [
  'e2e/exactly-once',
  'console/bulk',
  'console/connections',
  'workflow/worker-interrupted',
  'e2e/webhooks-survive',
  'console/rules',
  'console/rule-editor',
  'api/interrupted',
  'e2e/reports-survive',
  'e2e/approvals',
  'console/overview',
  'e2e/waiting-survives',
  'e2e/start',
  'console/sign-in',
  'console/directory',
  'ingress/interrupted',
  'api/dead-letters',
  'e2e/lifecycle-events-kept',
  'console/screens',
  'console/runs',
  'api/rules',
  'delivery/killed',
  'console/approvals',
  'console/dead-letters',
  'workflow/run-ends',
].map(path);

const ranked = [...waiting, ...longest];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = ranked.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? ranked.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** After the unit tests: servers and tests share the processors. The servers are those of the first project that runs. */
const onServers = {
  globalSetup: ['test/support/servers.global.ts'],
  // A machine with much else to do takes many times as long; a test that waits says itself what for.
  testTimeout: 300_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 120_000 } },
};

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
          ...onServers,
          name: 'servers-waiting',
          sequence: { groupOrder: 1 },
          include: waiting.map((name) => `test/**/${name}`),
          // Of four at once, each took about as long as alone; a processor each would be idle.
          maxWorkers: 4,
        },
      },
      {
        test: {
          ...onServers,
          name: 'servers',
          sequence: { groupOrder: 2 },
          include: ['test/{integration,workflow,replay,e2e}/**/*.spec.ts'],
          exclude: waiting.map((name) => `test/**/${name}`),
          // Servers and browsers keep two processors busy: a third file at once saved a tenth of the time and made each
          // file a third slower.
          maxWorkers: 2,
        },
      },
    ],
  },
});
