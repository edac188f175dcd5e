/** What people do with webhook subscriptions. Every change is on record before it is made. */
import { randomBytes } from 'node:crypto';
import type { AuditEvent, AuditOperation, Audited } from '#libs/domain/access/audit-log.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type {
  AttemptFilter,
  DeliveryAttempts,
  DeliveryCursors,
  PendingDeliveries,
} from '#libs/domain/subscriptions/delivery.ts';
import { drawSecret, withSecret } from '#libs/domain/subscriptions/subscription-secret.ts';
import type { StoredSubscription, Subscription, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import { isWithin, subscriptionNotFound, toShown, visibleSubscription, type Actor } from './subscription-access.ts';
import { acceptDraft, type DraftPorts, type SubscriptionChange, type SubscriptionDraft } from './subscription-draft.ts';
import { pageOf, type SubscriptionPage } from './subscription-list.ts';
import { buildTestEvent } from './test-event.ts';
import type { SendOutcome, WebhookSender } from './webhook-sender.ts';

export interface SubscriptionAdminPorts extends DraftPorts {
  subscriptions: Subscriptions;
  attempts: Pick<DeliveryAttempts, 'list'>;
  pending: Pick<PendingDeliveries, 'list' | 'removeAll'>;
  cursors: Pick<DeliveryCursors, 'removeAll'>;
  sender: WebhookSender;
  audited: Audited;
  /** Subscriptions there may be. */
  most: number;
  /** How long the receiver of a test may take, in milliseconds. */
  testMs: number;
}

/** A secret is told here and nowhere else. */
export interface WithSecret {
  subscription: Subscription;
  secret: string;
}

interface Page {
  cursor?: string;
  limit?: number;
}

/** Queues removed at once. */
const removedAtOnce = 500;

export class SubscriptionAdmin {
  readonly #ports: SubscriptionAdminPorts;

  constructor(ports: SubscriptionAdminPorts) {
    this.#ports = ports;
  }

  /**
   * @param request names the request: sent again, it makes nothing, and cannot be told the secret any more
   * @throws PermanentError `access_denied`, `too_many_subscriptions`, `subscription_made`; InvalidInputError
   */
  async create(actor: Actor, draft: SubscriptionDraft, request: string | null = null): Promise<WithSecret> {
    const { secret = drawSecret(), ...wanted } = await acceptDraft(this.#ports, actor, draft);
    const subscription = buildSubscription(drawId(actor, request), wanted, actor, secret);
    await this.#ports.audited(buildNote('subscription.create', actor, subscription, wanted), async () => {
      await this.#ports.subscriptions.add(subscription, this.#ports.most);
      const stored = await this.#ports.subscriptions.get(subscription.subscription_id);
      if (stored?.secrets[0]?.secret !== secret) throw madeBefore(subscription.subscription_id);
    });
    return { subscription: toShown(subscription), secret };
  }

  /** @throws PermanentError `subscription_not_found` */
  async get(actor: Actor, id: string): Promise<Subscription> {
    return toShown(await this.#visible(actor, id));
  }

  /** Newest first, those within the actor's brands. @throws InvalidInputError for a wrong cursor */
  async list(actor: Actor, page: Page): Promise<SubscriptionPage<Subscription>> {
    const all = await this.#ports.subscriptions.all();
    return pageOf(all.filter(({ brands }) => isWithin(actor.brands, brands)).map(toShown), page);
  }

  /** Another address begins without failures. @throws PermanentError `subscription_not_found`, `access_denied`; InvalidInputError */
  async update(actor: Actor, id: string, change: SubscriptionChange): Promise<Subscription> {
    await this.#visible(actor, id);
    const wanted = withoutAbsent(await acceptDraft(this.#ports, actor, change));
    return this.#change('subscription.update', actor, id, wanted, (stored) => ({
      ...stored,
      ...wanted,
      ...(wanted.url !== undefined && wanted.url !== stored.url && withoutFailures),
      updated_at: new Date().toISOString(),
    }));
  }

  /** Its events are kept. One that is disabled stays so. @throws PermanentError `subscription_not_found` */
  pause(actor: Actor, id: string): Promise<Subscription> {
    return this.#change('subscription.pause', actor, id, undefined, (stored) =>
      stored.status === 'active' ? { ...stored, status: 'paused', updated_at: new Date().toISOString() } : null,
    );
  }

  /** Also of one that is disabled, which begins without failures. @throws PermanentError `subscription_not_found` */
  resume(actor: Actor, id: string): Promise<Subscription> {
    return this.#change('subscription.resume', actor, id, undefined, (stored) =>
      stored.status === 'active'
        ? null
        : {
            ...stored,
            ...withoutFailures,
            status: 'active',
            disabled_reason: null,
            updated_at: new Date().toISOString(),
          },
    );
  }

  /** @throws PermanentError `subscription_not_found`, `too_many_rotations` */
  async rotateSecret(actor: Actor, id: string): Promise<WithSecret> {
    const secret = drawSecret();
    const now = new Date();
    const subscription = await this.#change('subscription.rotate', actor, id, undefined, (stored) =>
      withSecret(stored, secret, now),
    );
    return { subscription, secret };
  }

  /** Sends an event of no run, whatever the status. @throws PermanentError `subscription_not_found` */
  async test(actor: Actor, id: string): Promise<SendOutcome> {
    const stored = await this.#visible(actor, id);
    const { sender, testMs, audited } = this.#ports;
    return audited(buildNote('subscription.test', actor, stored), () =>
      sender.send(stored, buildTestEvent(stored, new Date()), testMs),
    );
  }

  /** What waits for it is dropped. @throws PermanentError `subscription_not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const stored = await this.#visible(actor, id);
    const { subscriptions, pending, cursors, audited } = this.#ports;
    const note = buildNote('subscription.delete', actor, stored, { name: stored.name });
    await audited(note, async () => {
      if (!(await subscriptions.remove(id))) throw subscriptionNotFound();
      await cursors.removeAll(id);
      while ((await pending.removeAll(id, removedAtOnce)) > 0);
    });
  }

  /** Newest first. @throws PermanentError `subscription_not_found`; InvalidInputError for a wrong cursor */
  async attempts(actor: Actor, filter: AttemptFilter, page: Page): ReturnType<DeliveryAttempts['list']> {
    await this.#visible(actor, filter.subscription_id);
    return this.#ports.attempts.list(filter, page);
  }

  /** Those tried next first. @throws PermanentError `subscription_not_found`; InvalidInputError for a wrong cursor */
  async pending(actor: Actor, id: string, page: Page): ReturnType<PendingDeliveries['list']> {
    await this.#visible(actor, id);
    return this.#ports.pending.list(id, page);
  }

  #visible(actor: Actor, id: string): Promise<StoredSubscription> {
    return visibleSubscription(this.#ports.subscriptions, actor, id);
  }

  /** @param plan null = as it is */
  async #change(
    operation: AuditOperation,
    actor: Actor,
    id: string,
    what: object | undefined,
    plan: (stored: StoredSubscription) => StoredSubscription | null,
  ): Promise<Subscription> {
    const note = buildNote(operation, actor, await this.#visible(actor, id), what);
    return this.#ports.audited(note, async () => {
      const changed = await this.#ports.subscriptions.change(id, (stored) => {
        // It may have become one of other brands meanwhile.
        if (!isWithin(actor.brands, stored.brands)) throw subscriptionNotFound();
        return plan(stored);
      });
      if (changed === null) throw subscriptionNotFound();
      return toShown(changed);
    });
  }
}

const withoutFailures = { failures: 0, failed_at: null, not_before: null } as const;

export function buildNote(
  operation: AuditOperation,
  { by }: Actor,
  { subscription_id, brands }: Pick<Subscription, 'subscription_id' | 'brands'>,
  what?: object,
): AuditEvent {
  const [brand = null, ...others] = brands ?? [];
  const target = `subscription/${subscription_id}`;
  return { operation, target, brand: others.length === 0 ? brand : null, by, ...(what !== undefined && { what }) };
}

function drawId({ by }: Actor, request: string | null): string {
  return request === null ? randomBytes(8).toString('hex') : sha256(JSON.stringify([by, request])).slice(0, 16);
}

function buildSubscription(
  subscription_id: string,
  wanted: Omit<SubscriptionDraft, 'secret'>,
  { by }: Actor,
  secret: string,
): StoredSubscription {
  const { name, url, types, rule_id, brands, format } = wanted;
  const at = new Date().toISOString();
  return {
    subscription_id,
    name,
    url,
    types,
    rule_id,
    brands,
    format,
    status: 'active',
    disabled_reason: null,
    created_at: at,
    created_by: by,
    updated_at: at,
    ...withoutFailures,
    secrets: [{ secret, created_at: at, ends_at: null }],
    rotated_at: [],
  };
}

function withoutAbsent(change: SubscriptionChange): Partial<StoredSubscription> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function madeBefore(id: string): PermanentError {
  const message = `This request has made subscription ${id} before, whose secret is shown once: rotate it for another one.`;
  return new PermanentError('subscription_made', message);
}
