/** Releasing and discarding held runs: once, whoever asks and wherever it is interrupted. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createHeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createHeldRuns, type HeldRuns } from '#temporal/client/held-runs.ts';
import { createRunStarter, type RunStarter } from '#temporal/client/run-starter.ts';
import { IngressWorld, type RunningIngress } from '../../support/ingress.ts';
import { auditedBy } from '../../support/audit.ts';
import { uniqueName } from '../../support/servers.ts';

let world: IngressWorld;
let ingress: RunningIngress;
let starter: RunStarter;
let rule: string;

beforeAll(async () => {
  world = await IngressWorld.create();
  ingress = await world.startIngress();
  starter = createRunStarter(world.temporal.workflow, world.config.temporal.taskQueue);
});
beforeEach(async () => {
  const limit = { count: 1, per: { value: 365, unit: 'days' }, on_exceed: 'hold' } as const;
  rule = await world.rule({ trigger_event: uniqueName('trigger'), limit });
  await world.rulesLive(ingress);
});
afterAll(() => world.close());

function heldRuns(by: RunStarter = starter): HeldRuns {
  return createHeldRuns({
    store: createHeldRunStore(world.store),
    records: createRunRecords(world.store),
    starter: by,
    failRun: (executionId, patch) => createRunRecorder(world.store).write(executionId, patch),
    audited: auditedBy(world.store),
  });
}

const event = (trigger: string, id: string) => ({
  key: 'one partition',
  value: { id, type: trigger, brand: 'alpha', data: {} },
});

/** Publishes events of the rule; all but the first are held. @returns their records and how to deliver them again */
async function hold(count: number): Promise<{ held: RunRecord[]; again: () => Promise<void> }> {
  const trigger = (await world.rules.get(rule))!.trigger_event;
  const messages = Array.from({ length: count + 1 }, () => event(trigger, uniqueName('evt')));
  const again = async (): Promise<void> => {
    await world.publish(topics.crm, ...messages);
    await world.drained();
  };
  await again();
  const held = await ofRule('held');
  expect(held).toHaveLength(count);
  return { held, again };
}

async function ofRule(status: string): Promise<RunRecord[]> {
  return (await world.records()).filter((record) => record.rule_id === rule && record.status === status);
}

const isStarted = (id: string): Promise<boolean> =>
  world.temporal.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );

it('of many who release and discard at once, one kind wins, and the run starts if it is release', async () => {
  const { held } = await hold(6);
  for (const [index, { run_id }] of held.entries()) {
    const both = Array.from({ length: 6 }, (_, at) =>
      (at + index) % 2 === 0 ? heldRuns().release(run_id, `r${at}`) : heldRuns().discard(run_id, `d${at}`),
    );
    const outcomes = await Promise.allSettled(both);
    const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const record = (await createRunRecords(world.store).get(run_id))!;
    const won = record.reason === 'released' ? ['released', 'already_released'] : ['discarded', 'already_discarded'];
    expect(done).toHaveLength(3);
    expect(done.filter((outcome) => !won.includes(outcome))).toEqual([]);
    expect(record.status).toBe(record.reason === 'released' ? 'claimed' : 'skipped');
    expect(await isStarted(run_id)).toBe(record.reason === 'released');
    const noted = (await createAuditLog(world.store).list({ target: `run/${run_id}` })).items;
    expect(noted.map(({ operation, outcome }) => `${operation} ${outcome}`).sort()).toEqual(
      ['discard', 'release'].flatMap((act) =>
        Array.from({ length: 3 }, () => `run.${act} ${record.reason?.startsWith(act) ? 'done' : 'refused'}`),
      ),
    );
  }
});

it('an interrupted release shows, cannot be discarded, and is finished by the next one, also one of all', async () => {
  const { held } = await hold(2);
  const [before, behind] = held.map(({ run_id }) => run_id) as [string, string];
  const dying = (start: RunStarter['start']): HeldRuns => heldRuns({ start });
  await expect(dying(() => Promise.reject(new Error('killed'))).release(before, 'alice')).rejects.toThrow('stays held');
  const afterStart = dying(async (run) => {
    await starter.start(run);
    throw new Error('killed');
  });
  await expect(afterStart.release(behind, 'alice')).rejects.toThrow('stays held');
  expect([await isStarted(before), await isStarted(behind)]).toEqual([false, true]);
  await expect(heldRuns().discard(before, 'bob')).rejects.toThrow('it is released by alice');
  expect(await heldRuns().discardAll({ ruleId: rule }, 'bob')).toEqual({ discarded: 0 });
  expect((await ofRule('held')).map(({ guard }) => guard?.resolved_by)).toEqual(['alice', 'alice']);
  expect(await heldRuns().releaseAll({ ruleId: rule }, 'bob')).toEqual({ released: 2, refused: 0 });
  expect(await isStarted(before)).toBe(true);
  expect((await ofRule('claimed')).filter(({ guard }) => guard?.resolved_by === 'alice')).toHaveLength(2);
});

it('a run that is quicker than its release keeps what it wrote', async () => {
  const { held } = await hold(1);
  const quick: RunStarter = {
    start: async ({ executionId }) => {
      const at = new Date().toISOString();
      const patch = { started_at: at, finished_at: at, duration_ms: 0, error: null, actions: [] };
      await createRunRecorder(world.store).write(executionId, { status: 'completed', ...patch });
      return 'started';
    },
  };
  expect(await heldRuns(quick).release(held[0]!.run_id, 'alice')).toBe('released');
  expect(await ofRule('completed')).toMatchObject([{ reason: 'released', guard: { resolved_by: 'alice' } }]);
});

it('what was released or discarded stays so when its event is delivered again; what comes later is held', async () => {
  const { held, again } = await hold(2);
  await heldRuns().release(held[0]!.run_id, 'alice');
  await heldRuns().discard(held[1]!.run_id, 'alice');
  const before = await world.records();
  await again();
  expect(await world.records()).toEqual(before);
  const later = uniqueName('evt');
  await world.publish(topics.crm, event(held[0]!.trigger_event, later));
  await world.drained();
  expect((await ofRule('held')).map(({ event_id }) => event_id)).toEqual([later]);
});

it('releases a run whose rule is gone, and tells when Temporal will never take one', async () => {
  const { held } = await hold(2);
  await world.rules.delete(rule, 'test');
  expect(await heldRuns().release(held[0]!.run_id, 'alice')).toBe('released');
  expect(await isStarted(held[0]!.run_id)).toBe(true);
  const runs = world.store.collection<{ _id: string; input: string }>('runs');
  const _id = held[1]!.run_id;
  const input = JSON.parse((await runs.findOne({ _id }))!.input) as RunInput;
  const tooLong = JSON.stringify({ ...input, executionId: 'x'.repeat(2000) });
  await runs.updateOne({ _id }, { $set: { input: tooLong } });
  expect(await heldRuns().release(_id, 'alice')).toBe('refused');
  expect(await ofRule('failed')).toMatchObject([{ run_id: _id, error: { code: 'start_refused' } }]);
});
