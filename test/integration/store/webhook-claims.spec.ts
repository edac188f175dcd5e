/** Claims of reported events on a real store. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maxMarked, type WebhookClaim } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createWebhookClaims } from '#libs/store/workflow-webhooks/webhook-claim.repository.ts';
import { ClaimUpkeep } from '../../../apps/api/workflow-webhooks/claim-upkeep.ts';
import { uniqueName } from '../../support/servers.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await ensureIndexes(store.connection);
});
afterAll(() => store?.drop());

const claim = (given: Partial<WebhookClaim> = {}): WebhookClaim => ({
  id: `workflow/${uniqueName('key')}`,
  payload: 'digest',
  trigger: 'customer.registered',
  brand: null,
  at: '2026-01-31T12:00:00.000Z',
  ...given,
});

it('the first claim of an id stays, also within one call and of two at once', async () => {
  const claims = createWebhookClaims(store.connection);
  const [a, b] = [claim(), claim({ brand: 'alpha' })];
  expect(await claims.claim([a, b, { ...a, payload: 'other' }])).toEqual(new Map([[2, a]]));
  expect(await claims.claim([{ ...b, payload: 'other', brand: 'beta' }, claim()])).toEqual(new Map([[0, b]]));
  const wanted = Array.from({ length: 20 }, (_, n) => claim({ id: 'workflow/contested', payload: `p${n}` }));
  const answers = await Promise.all(wanted.map((one) => claims.claim([one])));
  expect(answers.filter((before) => before.size === 0).length).toBe(1);
  expect(new Set(answers.flatMap((before) => [...before.values()].map(({ payload }) => payload))).size).toBe(1);
});

it('what was marked is published, and nothing else', async () => {
  const claims = createWebhookClaims(store.connection);
  const many = Array.from({ length: maxMarked }, () => claim());
  await claims.claim(many);
  expect(await claims.isPublished(many[7]!.id)).toBe(false);
  await claims.markPublished(
    many.map(({ id }) => id),
    many[0]!.at,
  );
  await claims.markPublished(
    many.map(({ id }) => id),
    many[0]!.at,
  );
  for (const at of [0, 7, maxMarked - 1]) expect(await claims.isPublished(many[at]!.id)).toBe(true);
  expect(await claims.isPublished('workflow/none')).toBe(false);
});

it('what is old is forgotten, and what is younger is not', async () => {
  const claims = createWebhookClaims(store.connection);
  const days = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString();
  const [old, young] = [claim({ at: days(7.1) }), claim({ at: days(6.9) })];
  for (const one of [old, young]) {
    await claims.claim([one]);
    await claims.markPublished([one.id], one.at);
  }
  const upkeep = new ClaimUpkeep({ claims, days: 7, log: { warn: () => undefined } });
  upkeep.onApplicationBootstrap();
  const stored = store.connection.collection<{ _id: string }>('webhook_claims');
  await expect.poll(() => stored.findOne({ _id: old.id })).toBeNull();
  await expect.poll(() => claims.isPublished(old.id)).toBe(false);
  await upkeep.beforeApplicationShutdown();
  expect(await stored.findOne({ _id: young.id })).not.toBeNull();
  expect(await claims.isPublished(young.id)).toBe(true);
});
