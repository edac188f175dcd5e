/** `kill -9` of a service that subscribes, and of the broker: what was not done comes again, and nothing is passed over. */
import { afterEach, expect, it } from 'vitest';
import { until } from '../../support/ingress.ts';
import { startKafkaBroker } from '../../support/kafka-broker.ts';
import { committed } from '../../support/kafka-contract.ts';
import { LifecycleWorld, TestRun } from '../../support/lifecycle.ts';
import { uniqueName } from '../../support/servers.ts';
import { startSubscriberProcess, type SubscriberProcess } from '../../support/subscriber-process.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function newWorld(partitions: number, brokers?: string[]): Promise<LifecycleWorld> {
  const world = await LifecycleWorld.create(partitions, brokers);
  closing.unshift(() => world.close());
  return world;
}

function start(world: LifecycleWorld, groupId: string, holdUp?: string): SubscriberProcess {
  const subscriber = startSubscriberProcess(world.options(groupId), holdUp);
  closing.unshift(() => subscriber.kill());
  return subscriber;
}

const textOf = ({ executionId, eventType }: { executionId: string; eventType: string }) =>
  `${executionId} ${eventType}`;

it('R-349 between a handler and the commit: every handler gets the event again', async () => {
  const world = await newWorld(1);
  const groupId = uniqueName('subscriber');
  const [held, other] = [new TestRun(), new TestRun()];
  const events = [held.started(), other.started(), other.completed(), held.completed()];
  for (const event of events) await world.publish(event);
  const doomed = start(world, groupId, held.executionId);
  await until('one handler has handled what the next one has not', () => doomed.handled.length === 3);
  await doomed.kill();
  expect(doomed.handled.map(textOf)).toEqual(events.slice(0, 3).map(textOf));
  expect((await committed(world.kafka, groupId, world.topic)).get(0) ?? 0n).toBe(0n);

  const next = start(world, groupId);
  await world.drained({ groupId });
  const ofRun = (run: TestRun) => next.handled.filter(({ executionId }) => executionId === run.executionId).map(textOf);
  expect(ofRun(held)).toEqual([events[0]!, events[3]!].map(textOf));
  expect(ofRun(other)).toEqual([events[1]!, events[2]!].map(textOf));
  const [again] = next.handled.filter((event) => textOf(event) === textOf(events[0]!));
  expect(again?.eventId).toBe(doomed.handled[0]?.eventId);
});

it('R-349 at any moment: what is committed was handled, and nothing is passed over', async () => {
  const world = await newWorld(2);
  const groupId = uniqueName('subscriber');
  const runs = Array.from({ length: 400 }, () => new TestRun());
  for (const run of runs) await world.publish(run.started(), run.completed());
  const doomed = start(world, groupId);
  await until('some are handled', () => doomed.handled.length > 100);
  await doomed.kill();
  const done = await committed(world.kafka, groupId, world.topic);
  const total = [...done.values()].reduce((sum, offset) => sum + Number(offset), 0);
  expect(total).toBeLessThanOrEqual(doomed.handled.length);

  const next = start(world, groupId);
  await world.drained({ groupId });
  expectAll([...doomed.handled, ...next.handled], runs);
});

it('R-349 of the broker: the service goes on with it', async () => {
  const broker = await startKafkaBroker();
  closing.unshift(() => broker.close());
  const world = await newWorld(2, [broker.address]);
  const groupId = uniqueName('subscriber');
  const runs = Array.from({ length: 300 }, () => new TestRun());
  for (const run of runs) await world.publish(run.started(), run.completed());
  const subscriber = start(world, groupId);
  await until('some are handled', () => subscriber.handled.length > 20);
  await broker.kill();
  await broker.start();
  const later = new TestRun();
  const events = [later.started(), later.completed()];
  await until('the broker takes events', () =>
    world.publish(...events).then(
      () => true,
      () => false,
    ),
  );
  await world.drained({ groupId });
  expectAll(subscriber.handled, [...runs, later]);
});

/** Every event of the runs, in order where it came first. */
function expectAll(handled: SubscriberProcess['handled'], runs: TestRun[]): void {
  const texts = handled.map(textOf);
  for (const run of runs) {
    const own = texts.filter((text) => text.startsWith(`${run.executionId} `));
    expect(own.indexOf(`${run.executionId} WorkflowStarted`)).toBe(0);
    expect(own).toContain(`${run.executionId} WorkflowCompleted`);
  }
}
