import { describe, expect, it } from 'vitest';
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { decodeMessage } from '#libs/contracts/decode-message.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { ActionTarget } from '#temporal/contract/activities.ts';
import { withEvents, type EmittedEvent } from './publish-changes.ts';

const subject: ActionTarget = {
  key: 'r-1:e-1/action-0',
  executionId: 'r-1:e-1',
  tenant: 'acme',
  ruleId: 'r-1',
  ruleName: 'Big deposit',
  eventId: 'e-1',
  customerId: 'c-1',
  login: 1001,
};
const at = '2026-01-05T10:00:00.000Z';
const emitted: EmittedEvent = { type: 'note.added', data: { note_id: 'n' }, at };

function setUp(emits: EmittedEvent[] | undefined) {
  const published: CrmEnvelope[] = [];
  const effect = withEvents(() => Promise.resolve({ detail: 'done', ...(emits && { emits }) }), {
    publish: (events) => Promise.resolve(void published.push(...events)),
  });
  return { published, effect };
}

describe('an effect that emits', () => {
  it('publishes an event of the run, caused by what led to the run, before it counts as done', async () => {
    const { published, effect } = setUp([emitted]);
    // What it emits is in no history.
    expect(await effect({ ...subject, causation: ['e-0'] })).toEqual({ detail: 'done' });
    expect(published).toEqual([
      {
        id: subject.key,
        type: 'note.added',
        occurredAt: at,
        brand: 'acme',
        login: 1001,
        customerId: 'c-1',
        causation: ['e-0', 'e-1'],
        data: { note_id: 'n' },
      },
    ]);
  });

  it('names the brand where one is called "default", and none where the run has none', async () => {
    const { published, effect } = setUp([emitted]);
    await effect({ ...subject, tenant: 'default' });
    await effect({ ...subject, tenant: null });
    expect(published.map(({ brand }) => brand)).toEqual(['default', undefined]);
  });

  it('publishes what the ingress reads back as it was', async () => {
    const { published, effect } = setUp([emitted]);
    await effect({ ...subject, tenant: null, login: null, customerId: null });
    const message = {
      topic: topics.crm,
      partition: 0,
      offset: '0',
      timestamp: String(Date.parse('2026-01-05T10:00:01.000Z')),
      key: null,
      value: Buffer.from(JSON.stringify(published[0])),
      headers: undefined,
    };
    expect(decodeMessage(message, { maxBytes: 10_000, maxDepth: 10, maxAheadMs: 60_000 })).toEqual({
      event: {
        id: subject.key,
        trigger: 'note.added',
        topic: topics.crm,
        occurredAt: at,
        brand: null,
        login: null,
        customerId: null,
        causation: ['e-1'],
        data: { note_id: 'n' },
      },
    });
  });

  it('counts its events apart, and publishes nothing where nothing changed', async () => {
    const two = setUp([emitted, emitted]);
    await two.effect(subject);
    expect(two.published.map(({ id }) => id)).toEqual([`${subject.key}/0`, `${subject.key}/1`]);
    const none = setUp(undefined);
    await none.effect(subject);
    expect(none.published).toEqual([]);
  });

  it('fails when they cannot be published: it is tried again', async () => {
    const effect = withEvents(() => Promise.resolve({ emits: [emitted] }), {
      publish: () => Promise.reject(new Error('no broker')),
    });
    await expect(effect(subject)).rejects.toThrow('no broker');
  });
});
