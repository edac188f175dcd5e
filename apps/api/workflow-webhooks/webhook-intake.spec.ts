import { describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { WebhookClaim } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import type { Report } from './reported-message.ts';
import { WebhookIntake, type IntakePorts } from './webhook-intake.ts';

const claimOf = (id: string, payload = 'p'): WebhookClaim => ({
  id,
  payload,
  trigger: 'a.b',
  brand: 'alpha',
  at: '2026-01-01T00:00:00.000Z',
});

function report(id: string, more: Partial<Report> = {}): Report {
  return {
    claim: claimOf(id),
    bytes: 100,
    message: (claim) => ({ key: id, value: Buffer.from(`${claim.trigger} ${claim.brand}`) }),
    ...more,
  };
}

class Fakes {
  readonly order: string[] = [];
  readonly batches: number[] = [];
  stored = new Map<string, WebhookClaim>();
  readonly published = new Set<string>();
  /** Published, and not in the store yet. */
  readonly noted = new Set<string>();
  send: IntakePorts['producer']['send'] = (_, { value }) => {
    this.order.push(`send ${String(value)}`);
    return Promise.resolve();
  };

  intake(waitMs?: number): WebhookIntake {
    const claims: IntakePorts['claims'] = {
      claim: async (wanted) => {
        this.batches.push(wanted.length);
        await new Promise((resolve) => setImmediate(resolve));
        this.order.push(...wanted.map(({ id }) => `claim ${id}`));
        const before = wanted.flatMap(({ id }, index) => {
          const stored = this.stored.get(id);
          return stored === undefined ? [] : [[index, stored] as const];
        });
        for (const claim of wanted) if (!this.stored.has(claim.id)) this.stored.set(claim.id, claim);
        return new Map(before);
      },
      isPublished: (id) => Promise.resolve(this.published.has(id)),
    };
    const notes: IntakePorts['notes'] = { add: (id) => void this.noted.add(id), has: (id) => this.noted.has(id) };
    const producer = { send: (...given: Parameters<IntakePorts['producer']['send']>) => this.send(...given) };
    return new WebhookIntake({ claims, notes, producer, topic: 'crm.events' }, waitMs);
  }
}

const unavailable = { status: 503, code: 'unavailable' };

describe('WebhookIntake', () => {
  it('claims first, publishes then, and notes it behind the answer', async () => {
    const fakes = new Fakes();
    await fakes.intake().take(report('a'));
    expect(fakes.order).toEqual(['claim a', 'send a.b alpha']);
    expect([...fakes.noted]).toEqual(['a']);
  });

  it('publishes what was claimed and not noted as it was claimed, and what was noted never again', async () => {
    const fakes = new Fakes();
    fakes.stored.set('a', { ...claimOf('a'), trigger: 'c.d', brand: null });
    fakes.stored.set('b', claimOf('b'));
    fakes.published.add('b');
    fakes.stored.set('c', claimOf('c'));
    fakes.noted.add('c');
    const intake = fakes.intake();
    await Promise.all(['a', 'b', 'c'].map((id) => intake.take(report(id))));
    expect(fakes.order.filter((one) => one.startsWith('send'))).toEqual(['send c.d null']);
  });

  it('publishes nothing under a key of another payload', async () => {
    const fakes = new Fakes();
    fakes.stored.set('a', claimOf('a', 'another'));
    await expect(fakes.intake().take(report('a'))).rejects.toMatchObject({ status: 409, code: 'idempotency_conflict' });
    expect(fakes.order).toEqual(['claim a']);
  });

  it('claims what comes at once in few requests', async () => {
    const fakes = new Fakes();
    const intake = fakes.intake();
    await Promise.all(Array.from({ length: 150 }, (_, n) => intake.take(report(`r${n}`))));
    expect(fakes.batches).toEqual([1, 100, 49]);
  });

  it('acknowledges nothing that Kafka did not take, in the end or in time', async () => {
    const fakes = new Fakes();
    fakes.send = () => Promise.reject(new RetryableError('publish_failed', 'away'));
    await expect(fakes.intake().take(report('a'))).rejects.toMatchObject(unavailable);
    fakes.send = () => new Promise(() => undefined);
    await expect(fakes.intake(10).take(report('b'))).rejects.toMatchObject(unavailable);
    expect([...fakes.noted]).toEqual([]);
  });

  it('holds a bounded number of events, and of bytes, also of callers that wait no longer', async () => {
    const fakes = new Fakes();
    let letGo: (() => void)[] = [];
    fakes.send = () => new Promise((resolve) => letGo.push(resolve));
    const intake = fakes.intake(10);
    const big = 30 * 1024 * 1024;
    for (const id of ['a', 'b']) {
      await expect(intake.take(report(id, { bytes: big }))).rejects.toMatchObject(unavailable);
    }
    expect(letGo.length).toBe(2);
    await expect(intake.take(report('c', { bytes: big }))).rejects.toThrow('Too many events');
    for (const release of letGo) release();
    letGo = [];
    await expect.poll(() => fakes.noted.size).toBe(2);
    const many = await Promise.allSettled(Array.from({ length: 2_001 }, (_, n) => intake.take(report(`r${n}`))));
    expect(many.map((one) => (one.status === 'rejected' ? String(one.reason) : '')).at(-1)).toContain(
      'Too many events',
    );
    await expect.poll(() => letGo.length).toBe(2_000);
  });
});
