/** The lifecycle events that the delivery process keeps: on the real Kafka and the real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LifecycleFilter } from '#libs/domain/runs/lifecycle-log.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { EventReader, PositionTooOldError } from '#libs/lifecycle/event-reader.ts';
import type { Position } from '#libs/lifecycle/position.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { DeliveryWorld, eventsOf } from '../../support/delivery.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { until } from '../../support/ingress.ts';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await DeliveryWorld.create();
});
afterAll(() => world.close());

/** Everything from the position on, page by page. */
async function readAll(from: Position | null, filter: LifecycleFilter = {}, limit = 7) {
  const reader = new EventReader(world.log);
  const events = [];
  for (let position = from; ;) {
    const page = await reader.read(position, filter, limit);
    if (page === null) return { events, next: position };
    events.push(...page.events);
    if (page.isAtEnd) return { events, next: page.next };
    position = page.next;
  }
}

const isKept = (count: number) =>
  until('the events are kept', async () => (await readAll(null)).events.length === count);

describe('events of runs', () => {
  it('R-349 are kept as they were published, each once, and read again in the order of each run', async () => {
    const runs = Array.from({ length: 20 }, (_, n) => ({ id: uniqueName('run'), pauses: n % 3 }));
    const drafts = runs.map(({ id, pauses }) => eventsOf(id, pauses));
    // Published again, as a worker does that was lost before it knew.
    for (const events of [...drafts, ...drafts.slice(0, 5)]) await world.publisher.publish(events);
    const delivery = await world.start();
    await isKept(drafts.flat().length);

    const { events } = await readAll(null);
    for (const [index, { id }] of runs.entries()) {
      const own = events.filter(({ event }) => event.executionId === id).map(({ event }) => event.text);
      expect(own).toEqual(drafts[index]!.map((draft) => JSON.stringify(toCloudEvent(draft))));
      expect((await world.log.ofRun(id, 0, 100)).map(({ text }) => text)).toEqual(own);
      expect((await world.log.ofRun(id, 1, 1)).map(({ sequence }) => sequence)).toEqual([1]);
    }
    // Whatever was read last: nothing comes twice, and nothing is left out.
    for (const at of [0, 3, 20, events.length - 1]) {
      const rest = (await readAll(events[at]!.position)).events.map(({ event }) => event.eventId);
      expect([...events.slice(0, at + 1).map(({ event }) => event.eventId), ...rest].sort()).toEqual(
        events.map(({ event }) => event.eventId).sort(),
      );
    }
    await delivery.close();
  });

  it('are filtered by brand, rule and type', async () => {
    const delivery = await world.start();
    const processId = uniqueName('rule');
    const ids = [uniqueName('run'), uniqueName('run')];
    await world.publisher.publish(eventsOf(ids[0]!, 1, { processId, tenantId: 'alpha' }));
    await world.publisher.publish(eventsOf(ids[1]!, 1, { processId, tenantId: 'beta' }));
    const found = async (filter: LifecycleFilter) => (await readAll(null, filter)).events.length;
    await until('the events are kept', async () => (await found({ processId })) === 8);
    expect(await found({ tenants: ['alpha'] })).toBe(4);
    expect(await found({ processId, tenants: ['alpha', 'beta'], types: ['WorkflowPaused'] })).toBe(2);
    expect(await found({ processId, types: ['WorkflowStarted', 'WorkflowCompleted'] })).toBe(4);
    expect(await found({ processId, tenants: ['gamma'] })).toBe(0);
    await delivery.close();
  });

  it('do not stop at what is no event: that goes to the dead letters', async () => {
    const producer = foreignKafka(servers().kafka).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const strange = ['no JSON', '{"type":"WorkflowStarted"}', null];
    await producer.send({ topic: world.topic, messages: strange.map((value) => ({ key: 'x', value })) });
    await producer.disconnect();
    const id = uniqueName('run');
    await world.publisher.publish(eventsOf(id));
    const delivery = await world.start();
    await until('the events are kept', async () => (await world.log.ofRun(id, 0, 9)).length === 2);
    const metrics = async () => (await fetch(`${delivery.url}/metrics`)).text();
    await expect.poll(metrics, { timeout: 60_000 }).toMatch(/dead_letters_total\{.*"invalid_event".*\} 1/);
    expect(await metrics()).toMatch(/dead_letters_total\{.*"not_json".*\} 2/);
    await delivery.close();
  });

  it('are kept with what a later build adds to them', async () => {
    const id = uniqueName('run');
    const event = toCloudEvent(eventsOf(id)[0]!);
    const text = JSON.stringify({ ...event, later: 1, data: { ...event.data, later: { more: true } } });
    await world.producer.send(world.topic, { key: id, value: text, headers: {} });
    const delivery = await world.start();
    await until('the event is kept', async () => (await world.log.ofRun(id, 0, 9)).length === 1);
    expect((await world.log.ofRun(id, 0, 9))[0]?.text).toBe(text);
    await delivery.close();
  });

  it('are forgotten when they are old, and who has not read them is told from where to go on', async () => {
    const delivery = await world.start();
    const ids = [uniqueName('run'), uniqueName('run')];
    await world.publisher.publish(eventsOf(ids[0]!));
    await until('the events are kept', async () => (await world.log.ofRun(ids[0]!, 0, 9)).length === 2);
    await delivery.close();
    const reader = new EventReader(world.log);
    const start = (await reader.earliest())!;
    const now = new Date(Date.now() + 1).toISOString();
    while ((await world.log.forget(now)) > 0);
    await world.publisher.publish(eventsOf(ids[1]!));
    const again = await world.start();
    await until('the events are kept', async () => (await world.log.ofRun(ids[1]!, 0, 9)).length === 2);
    const tooOld = await reader.read(start, {}, 10).catch((error: unknown) => error);
    expect(tooOld).toBeInstanceOf(PositionTooOldError);
    const { earliest } = tooOld as PositionTooOldError;
    expect((await readAll(earliest)).events.map(({ event }) => event.executionId)).toEqual([ids[1], ids[1]]);
    expect((await readAll(null)).events).toHaveLength(2);
    await again.close();
  });

  it('are not hidden by a process that opens the same topic at the same time', async () => {
    const other = await DeliveryWorld.create();
    for (const topicId of ['first', 'second', 'third', 'fourth', 'fifth']) {
      const processes = Array.from({ length: 10 }, async (_, partition) => {
        await other.log.open(topicId);
        await other.log.advance(topicId, [{ partition, next: 1 }]);
      });
      await Promise.all(processes);
      const state = await other.log.state();
      expect(state?.partitions.map(({ next }) => next)).toEqual(Array(10).fill(1));
    }
    await other.close();
  });

  it.each([
    ['made anew', false],
    ['made anew while it is read', true],
  ])('of a topic that was %s are no continuation of the old one', async (_, isRead) => {
    const other = await DeliveryWorld.create();
    const reader = new EventReader(other.log);
    expect(await reader.read(null, {}, 10)).toBeNull();
    const delivery = await other.start();
    await other.publisher.publish(eventsOf(uniqueName('run')));
    await until('the events are kept', async () => (await reader.read(null, {}, 10))?.events.length === 2);
    const before = (await reader.latest())!;
    if (!isRead) await delivery.close();

    const admin = foreignKafka(servers().kafka).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [other.topic] });
    await until('the topic is gone', () =>
      withAdmin(other.kafka, async (asked) => !(await asked.listTopics()).includes(other.topic)),
    );
    await admin.createTopics({ topics: [{ topic: other.topic, numPartitions: 3 }], waitForLeaders: true });
    await admin.disconnect();
    const again = isRead ? delivery : await other.start();
    const id = uniqueName('run');
    await until('it can be published to', () =>
      other.publisher.publish(eventsOf(id)).then(
        () => true,
        () => false,
      ),
    );
    await until('the events are kept', async () => (await other.log.ofRun(id, 0, 9)).length === 2);
    // They are read once it is noted down that they are kept.
    const readable = async () => (await reader.read(null, {}, 10))?.events.map(({ event }) => event.executionId);
    await expect.poll(readable).toEqual([id, id]);
    await expect(reader.read(before, {}, 10)).rejects.toBeInstanceOf(PositionTooOldError);
    await again.close();
    await other.close();
  });

  it('of a topic made anew are all kept, also those below an offset that was committed for the old one', async () => {
    const other = await DeliveryWorld.create();
    const ids = Array.from({ length: 6 }, () => uniqueName('run'));
    for (const id of ids) await other.publisher.publish(eventsOf(id));
    const admin = foreignKafka(servers().kafka).admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(other.topic);
    await admin.setOffsets({
      groupId: other.env.DELIVERY_GROUP_ID!,
      topic: other.topic,
      // One message of each partition that has some is left.
      partitions: ends.map(({ partition, high }) => ({ partition, offset: String(Math.max(0, Number(high) - 1)) })),
    });
    await admin.disconnect();
    const delivery = await other.start();
    const kept = () => Promise.all(ids.map(async (id) => (await other.log.ofRun(id, 0, 9)).length));
    await expect.poll(kept).toEqual(ids.map(() => 2));
    await delivery.close();
    await other.close();
  });

  it('are kept from the first one on that Kafka still has', async () => {
    const other = await DeliveryWorld.create();
    const ids = Array.from({ length: 6 }, () => uniqueName('run'));
    for (const id of ids.slice(0, 5)) await other.publisher.publish(eventsOf(id));
    const admin = foreignKafka(servers().kafka).admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(other.topic);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.deleteTopicRecords({
      topic: other.topic,
      partitions: partitions.filter(({ offset }) => offset !== '0'),
    });
    await admin.disconnect();
    await other.publisher.publish(eventsOf(ids[5]!));
    const delivery = await other.start();
    await until('the last is kept', async () => (await other.log.ofRun(ids[5]!, 0, 9)).length === 2);
    expect(await other.log.ofRun(ids[0]!, 0, 9)).toEqual([]);
    await delivery.close();
    await other.close();
  });
});

it('a position behind the end, or of more partitions than there are, is refused', async () => {
  const reader = new EventReader(world.log);
  const latest = (await reader.latest())!;
  const beyond = { ...latest, next: latest.next.map((offset) => offset + 1) };
  const more = { ...latest, next: [...latest.next, 1] };
  for (const position of [beyond, more]) {
    await expect(reader.read(position, {}, 10)).rejects.toMatchObject({ code: 'invalid_input' });
  }
});
