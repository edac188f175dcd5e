import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { Feed, type FeedCursor, type FeedPorts } from './feed.ts';
import { Lane } from './lane.ts';
import { sendOrHold } from './patience.ts';

const subscription_id = 's1';

/** Event number n lies at offset n. */
function event(offset: number): KeptEvent {
  const names = { executionId: `run-${offset}`, processId: 'rule', tenantId: 'default', sequence: 0 };
  const place = { topicId: 'topic', partition: 3, offset };
  const occurredAt = '2026-11-27T10:00:00.000Z';
  return { eventId: `e${offset}`, ...place, ...names, type: 'WorkflowStarted', occurredAt, text: '{}' };
}

/** A store and a receiver that the test holds up. */
class World {
  readonly lane = new Lane(10);
  readonly partition = { topicId: 'topic', partition: 3, next: 0 };
  readonly ending = new AbortController();
  readonly sent: number[] = [];
  readonly errors: unknown[] = [];
  subscription: StoredSubscription | null = {
    subscription_id,
    types: null,
    rule_id: null,
    brands: null,
  } as StoredSubscription;
  kept: KeptEvent[] = [];
  cursor: FeedCursor | null = null;
  owner = 'me';
  /** What attempts wait for. */
  isHeld = false;

  readonly ports: FeedPorts = {
    attempts: {
      send: async (recipient, events, { unsent, undone }) => {
        for (const { offset } of events) {
          while (this.isHeld && recipient.current() !== null) await sleep(1);
          if (recipient.current() === null) return;
          this.sent.push(offset);
          unsent.delete(offset);
          undone.delete(offset);
        }
      },
    },
    read: async ({ topicId, from, to }, _, limit) => {
      await sleep(1);
      const isWanted = (one: KeptEvent): boolean => one.topicId === topicId && one.offset >= from && one.offset < to;
      return this.kept.filter(isWanted).slice(0, limit);
    },
    put: async (cursor) => {
      await sleep(1);
      this.cursor = cursor;
    },
    move: async (_, next) => {
      await sleep(1);
      if (this.cursor === null || this.owner !== 'me') return false;
      this.cursor = { ...this.cursor, next };
      return true;
    },
    remove: async () => {
      await sleep(1);
      this.cursor = null;
    },
    delivered: (_, events) =>
      Promise.resolve(new Set(events.filter(({ offset }) => offset % 2 === 0).map((one) => one.eventId))),
    report: (error) => void this.errors.push(error),
  };

  /** @returns lets cursors be removed again */
  holdRemoval(): () => void {
    const remove = this.ports.remove.bind(this.ports);
    let letGo = (): void => undefined;
    const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
    this.ports.remove = (id) => isLetGo.then(() => remove(id));
    return letGo;
  }

  feed(cursor: FeedCursor | null = null): Feed {
    this.cursor = cursor;
    const recipient = { lane: this.lane, current: () => this.subscription };
    return new Feed(subscription_id, this.ports, recipient, this.partition, this.ending.signal, cursor);
  }

  /** As the dispatcher does it. */
  async take(feed: Feed, offsets: number[]): Promise<void> {
    const events = offsets.map(event);
    this.kept.push(...events);
    const next = Math.max(...offsets) + 1;
    const taken = feed.take(events, next);
    this.partition.next = next;
    if (taken !== null) await sendOrHold([taken]);
  }
}

const backlog = { cursor_id: 's1/3', subscription_id, topic_id: 'topic', partition: 3, until: null } as const;

describe('Feed', () => {
  let world: World;
  beforeEach(() => void (world = new World()));

  it('sends events as they come, and stores no cursor', async () => {
    const feed = world.feed();
    await world.take(feed, [0, 1]);
    await world.take(feed, [2]);
    expect([world.sent, world.cursor]).toEqual([[0, 1, 2], null]);
  });

  it('holds up no chunk for a slow receiver, and sends each event once and in order', async () => {
    const feed = world.feed();
    world.isHeld = true;
    await world.take(feed, [0, 1]);
    expect(world.cursor).toMatchObject({ cursor_id: 's1/3', next: 0, until: null });
    await world.take(feed, [2, 3]);
    world.isHeld = false;
    await expect
      .poll(() => {
        feed.work();
        return [feed.cursor, world.cursor];
      })
      .toEqual([null, null]);
    await world.take(feed, [4]);
    expect(world.sent).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps the events of a paused subscription behind a cursor, and sends them once it is back', async () => {
    const feed = world.feed();
    const paused = world.subscription;
    world.subscription = null;
    await world.take(feed, [5, 6]);
    feed.work();
    await world.take(feed, [7]);
    expect([world.sent, world.cursor?.next]).toEqual([[], 5]);
    world.subscription = paused;
    await feed.idle();
    feed.work();
    await expect.poll(() => world.cursor).toBeNull();
    expect(world.sent).toEqual([5, 6, 7]);
  });

  it('goes on behind the last event that was sent when a subscription is paused in between', async () => {
    world.kept = [0, 1, 2].map(event);
    world.partition.next = 3;
    const feed = world.feed({ ...backlog, next: 0, redelivery_id: null, only_failed: false });
    const send = world.ports.attempts.send;
    const active = world.subscription;
    world.ports.attempts.send = async (recipient, events, progress, signal) => {
      await send(recipient, events.slice(0, 1), progress, signal);
      world.subscription = null;
    };
    feed.work();
    await expect.poll(() => world.cursor?.next).toBe(1);
    world.ports.attempts.send = send;
    world.subscription = active;
    await feed.idle();
    feed.work();
    await expect.poll(() => world.cursor).toBeNull();
    expect(world.sent).toEqual([0, 1, 2]);
  });

  it('takes events that come while it catches up neither twice nor never', async () => {
    world.kept = Array.from({ length: 450 }, (_, offset) => event(offset));
    world.partition.next = 450;
    const feed = world.feed({ ...backlog, next: 0, redelivery_id: null, only_failed: false });
    feed.work();
    for (let offset = 450; offset < 600; offset += 3) {
      await world.take(feed, [offset, offset + 1, offset + 2]);
      await sleep(1);
    }
    await expect.poll(() => world.cursor).toBeNull();
    expect(world.sent).toEqual(Array.from({ length: 600 }, (_, offset) => offset));
  });

  it('falls behind again while its cursor is still being removed, and is at work once then', async () => {
    world.kept = [event(0)];
    world.partition.next = 1;
    const letGo = world.holdRemoval();
    const feed = world.feed({ ...backlog, next: 0, redelivery_id: null, only_failed: false });
    feed.work();
    await expect.poll(() => feed.cursor).toBeNull();
    world.isHeld = true;
    const taken = world.take(feed, [1]);
    await expect.poll(() => feed.cursor).not.toBeNull();
    letGo();
    await taken;
    feed.work();
    await world.take(feed, [2]);
    world.isHeld = false;
    await expect
      .poll(() => {
        feed.work();
        return [feed.cursor, world.cursor];
      })
      .toEqual([null, null]);
    await world.take(feed, [3]);
    expect([world.sent, world.errors]).toEqual([[0, 1, 2, 3], []]);
  });

  it('ends a redelivery at the end of its range, without what the subscription has taken', async () => {
    world.kept = Array.from({ length: 20 }, (_, offset) => event(offset));
    world.partition.next = 20;
    const feed = world.feed({ ...backlog, next: 4, until: 10, redelivery_id: 'r1', only_failed: true });
    feed.work();
    await expect.poll(() => world.cursor).toBeNull();
    expect(world.sent).toEqual([5, 7, 9]);
  });

  it('has not ended a redelivery before its cursor is removed, which could be taken up again', async () => {
    const feed = world.feed({ ...backlog, next: 4, until: 4, redelivery_id: 'r1', only_failed: false });
    const letGo = world.holdRemoval();
    feed.work();
    await expect.poll(() => feed.cursor).toBeNull();
    expect(feed.isDone).toBe(false);
    letGo();
    await expect.poll(() => feed.isDone).toBe(true);
    expect(world.cursor).toBeNull();
  });

  it('does nothing more when its cursor is another process’s', async () => {
    world.kept = [0, 1, 2].map(event);
    world.partition.next = 3;
    const feed = world.feed({ ...backlog, next: 0, redelivery_id: null, only_failed: false });
    world.owner = 'another';
    feed.work();
    await expect.poll(() => feed.isLost).toBe(true);
    const sent = world.sent.length;
    feed.work();
    await world.take(feed, [3]);
    expect(world.sent).toHaveLength(sent);
    expect(world.errors).toEqual([]);
  });

  it('goes on with a topic that was made anew after what was kept of the one before', async () => {
    const feed = world.feed({ ...backlog, topic_id: 'former', next: 7, redelivery_id: null, only_failed: false });
    world.kept = [{ ...event(8), topicId: 'former' }, event(0), event(1)];
    world.partition.next = 2;
    feed.work();
    await expect.poll(() => world.cursor).toBeNull();
    expect(world.sent).toEqual([8, 0, 1]);
  });
});
