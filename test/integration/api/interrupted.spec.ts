/**
 * An API that ends at any of its requests to the store and to Temporal: the request is executed, its answer does not
 * arrive, and nothing after it leaves the process. The client got no answer and asks another API the same again.
 */
import type { Worker } from '@temporalio/worker';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '#libs/domain/access/audit-log.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { startDoomedApi } from '../../support/doomed-api.ts';
import { ruleDefinition, until } from '../../support/ingress.ts';
import { RunWorld } from '../../support/run-world.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore } from '../../support/store.ts';

interface Lane {
  store: Connection;
  env: Record<string, string>;
  healthy: TestApi;
}
let world: RunWorld;
let worker: Worker;
let working: Promise<void>;
/** Cases are tried side by side: changes of rules in stores of their own, since they would wait for each other. */
let lanes: { rules: Lane[]; approvals: Lane[] };
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await RunWorld.create();
  worker = await world.worker();
  working = worker.run();
  const lane = async (store: Connection, uri: string): Promise<Lane> => {
    const env = { MONGODB_URI: uri, TEMPORAL_TASK_QUEUE: world.taskQueue, API_COMPUTE_THREADS: '1' };
    const healthy = await startTestApi(env);
    cleanups.push(() => healthy.close());
    return { store, env, healthy };
  };
  const ownStore = async (): Promise<Lane> => {
    const { connection, uri, drop } = await openTestStore();
    cleanups.push(drop);
    await ensureIndexes(connection);
    return lane(connection, uri);
  };
  const shared = await lane(world.store, world.storeUri);
  lanes = {
    rules: await Promise.all(Array.from({ length: 4 }, ownStore)),
    approvals: Array.from({ length: 4 }, () => shared),
  };
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  worker.shutdown();
  await working;
  await world.close();
});

interface Case {
  ask: (api: TestApi) => Promise<Answer>;
  /** @returns what is wrong with this answer, and with what the requests have left behind */
  faults: (answer: Answer) => Promise<string[]>;
}

/**
 * Tries the request with an API that is lost at the first, second … request to a server, until one is not lost.
 * @returns what is wrong then
 */
async function everywhere(
  door: 'store' | 'temporal',
  side: Lane[],
  begin: (lane: Lane) => Promise<Case>,
): Promise<string[]> {
  let next = 1;
  let isDone = false;
  const faults: string[] = [];
  await Promise.all(
    side.map(async (lane) => {
      const endings: Promise<void>[] = [];
      while (!isDone) {
        const number = next++;
        const doomed = await startDoomedApi(lane.env);
        const { ask, faults: faultsOf } = await begin(lane);
        doomed.loseAnswer(door, number);
        let answer = await Promise.race([ask(doomed.api), doomed.lost]);
        if (answer !== null) isDone = true;
        await until('there is an answer', async () => {
          answer ??= await ask(lane.healthy);
          // For a moment nobody may know whether it was done; the client asks again.
          if (answer.status === 503) answer = null;
          return answer !== null;
        });
        if (answer !== null) faults.push(...(await faultsOf(answer)).map((fault) => `${door} ${number}: ${fault}`));
        endings.push(doomed.end());
      }
      await Promise.all(endings);
    }),
  );
  // Each of them asks more than once; a count that never goes on would show nothing.
  expect(next - 1).toBeGreaterThan(side.length + 1);
  return faults;
}

function different(what: string, found: unknown, wanted: unknown): string[] {
  const [is, shallBe] = [JSON.stringify(found), JSON.stringify(wanted)];
  return is === shallBe ? [] : [`${what}: ${is} instead of ${shallBe}`];
}

async function audited({ store }: Lane, target: string): Promise<AuditEntry[]> {
  return (await createAuditLog(store).list({ target })).items;
}

const summary = ({ operation, outcome, rule_version }: AuditEntry): string => `${operation} ${rule_version} ${outcome}`;
const definition = { trigger_event: 'customer.deposited', brand: 'alpha' };
const changed = { ...ruleDefinition(definition), priority: 7 };
const written = ({ body }: Answer) => (body.data?.['rule'] ?? {}) as { id?: string; version?: number };

async function versionsOf({ store }: Lane, id: string): Promise<number[]> {
  return (await createRuleVersions(store).list(id)).items.map(({ version }) => version);
}

describe('a request whose API is lost at any of its requests to the store, and that is sent again,', () => {
  it('makes one rule when it makes one', async () => {
    const faults = await everywhere('store', lanes.rules, (lane) => {
      const name = uniqueName('made-once');
      const request = {
        method: 'POST',
        body: { rule: { ...ruleDefinition(definition), name } },
        headers: { 'idempotency-key': name },
      };
      return Promise.resolve({
        ask: (api) => api.as('SESSION_ADMIN', '/api/workflow/rules', request),
        faults: async (answer) => {
          const { id = '', version } = written(answer);
          const { rules } = await createRuleRepository(lane.store).snapshot();
          return [
            ...different('answer', [answer.status, version], [201, 1]),
            ...different(
              'rules',
              rules.filter((rule) => rule.name === name).map((rule) => rule.id),
              [id],
            ),
            ...different('versions', await versionsOf(lane, id), [1]),
            ...different('audit', (await audited(lane, `rule/${id}`)).map(summary), ['rule.create 1 done']),
          ];
        },
      });
    });
    expect(faults).toEqual([]);
  }, 600_000);

  it.each([
    ['changes a rule', 'rule.update', { method: 'PUT', body: { rule: changed, version: 1 } }, ''],
    ['archives a rule', 'rule.archive', { method: 'POST', headers: { 'if-match': '"1"' } }, '/archive'],
  ] as const)(
    'makes one version when it %s',
    async (_what, operation, request, path) => {
      const faults = await everywhere('store', lanes.rules, async (lane) => {
        const id = uniqueName('rule');
        await createRuleRepository(lane.store).apply([{ id, definition: ruleDefinition(definition) }], 'somebody');
        return {
          ask: (api) => api.as('SESSION_ADMIN', `/api/workflow/rules/${id}${path}`, request),
          faults: async (answer) => [
            ...different('answer', [answer.status, written(answer).version], [200, 2]),
            ...different('versions', await versionsOf(lane, id), [2, 1]),
            ...different(
              'audit',
              (await audited(lane, `rule/${id}`)).map(summary).sort(),
              [`${operation} 2 done`, 'rule.create 1 done'].sort(),
            ),
          ],
        };
      });
      expect(faults).toEqual([]);
    },
    600_000,
  );
});

async function asked(): Promise<{ input: RunInput; token: string }> {
  const question = { type: 'approval.request', params: { title: 'Pay?', approvers: { users: ['alice'] } } };
  const input = await world.claim([question]);
  await world.start(input, '2s');
  let token: string | undefined;
  await until('the question is in the inbox', async () => {
    token = (await createApprovals(world.store).list({ runId: input.executionId })).items[0]?.token;
    return token !== undefined;
  });
  return { input, token: token ?? '' };
}

describe.each(['store', 'temporal'] as const)('an answer whose API is lost at any of its requests to %s', (door) => {
  it('counts once when it is sent again under its key', async () => {
    const faults = await everywhere(door, lanes.approvals, async (lane) => {
      const { input, token } = await asked();
      const request = { method: 'POST', body: { decision: 'approve' }, headers: { 'idempotency-key': token } };
      return {
        ask: (api) => api.as('SESSION_DEALER', `/api/workflow/approvals/${token}`, request),
        faults: async (answer) => {
          await world.temporal.client.workflow.getHandle(input.executionId).result();
          const approval = await createApprovals(world.store).get(token);
          const outcomes = (await audited(lane, `run/${input.executionId}`)).map(({ outcome }) => outcome);
          const said = (answer.body.data?.['answer'] ?? {}) as { state?: string; approved?: number };
          return [
            ...different('answer', [answer.status, said.state, said.approved], [200, 'approved', 1]),
            ...different('inbox', [approval?.state, approval?.answers.map(({ by }) => by)], ['approved', ['alice']]),
            ...different('record', (await world.record(input)).status, 'completed'),
            ...different('audit', [...new Set(outcomes)].filter((one) => one !== 'unknown').join(), 'done'),
          ];
        },
      };
    });
    expect(faults).toEqual([]);
  }, 600_000);
});
