/** Lifecycle events that are kept, while everything that keeps them is killed: with the compiled process and real servers. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import { EventReader } from '#libs/lifecycle/event-reader.ts';
import type { Position } from '#libs/lifecycle/position.ts';
import { Installation } from '../support/apps.ts';
import { DeliveryWorld, eventsOf } from '../support/delivery.ts';
import { until } from '../support/ingress.ts';

let installation: Installation;
let world: DeliveryWorld;
beforeAll(async () => {
  installation = await Installation.create();
  world = await DeliveryWorld.create(installation.servers);
});
afterAll(async () => {
  await world?.close();
  await installation?.close();
});

/** As a run does: again and again until it is out. */
async function publish(events: LifecycleDraft[]): Promise<void> {
  await until('the events are published', () =>
    world.publisher.publish(events).then(
      () => true,
      () => false,
    ),
  );
}

/** Follows what is kept until `count` events have come, as a reader does that asks again whatever happens. */
async function follow(count: number): Promise<{ id: string; run: string; sequence: number }[]> {
  const reader = new EventReader(world.log);
  const seen: { id: string; run: string; sequence: number }[] = [];
  let position: Position | null = null;
  await until('every event was read', async () => {
    const page = await reader.read(position, {}, 200).catch(() => null);
    if (page === null) return false;
    position = page.next;
    for (const { event } of page.events) {
      seen.push({ id: event.eventId, run: event.executionId, sequence: event.sequence });
    }
    return seen.length >= count;
  });
  return seen;
}

it('R-349 loses and doubles none, and keeps the order of each run', async () => {
  await installation.start('delivery', world.env);
  const runs = Array.from({ length: 1_000 }, (_, n) => `run-${n}`);
  const reading = follow(runs.length * 4);
  let published = 0;
  const publishing = Promise.all(
    [0, 1, 2, 3].map(async (lane) => {
      for (const id of runs.filter((_, n) => n % 4 === lane)) {
        // Each event by itself, as runs do.
        for (const event of eventsOf(id, 1)) await publish([event]);
        published += 1;
      }
    }),
  );
  const killAfter = async (count: number, kill: () => Promise<void>): Promise<void> => {
    await until('so many are published', () => published >= count);
    await kill();
  };
  const { kafka, mongodb } = installation.stack.servers;
  for (const count of [100, 300, 500]) {
    await killAfter(count, () => installation.kill('delivery'));
    await installation.start('delivery', world.env);
  }
  await killAfter(600, () => mongodb.kill());
  await mongodb.start();
  await killAfter(750, () => kafka.kill());
  await kafka.start();
  await publishing;

  const seen = await reading;
  expect(new Set(seen.map(({ id }) => id)).size).toBe(4_000);
  expect(seen).toHaveLength(4_000);
  for (const id of runs) {
    expect(seen.filter(({ run }) => run === id).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
  }
}, 600_000);
