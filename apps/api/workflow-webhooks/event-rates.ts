/** How many events a minute each workflow webhook takes, where it has a limit. Each process counts for itself. */
import { LRUCache } from 'lru-cache';
import type { StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { RateLimit } from '../auth/rate-limiter.ts';
import { refuseBeyond } from '../auth/refuse-beyond.ts';

/** Different limits; there are few. */
const maxLimits = 100;

export class EventRates {
  readonly #limits = new LRUCache<number, RateLimit>({ max: maxLimits });

  /** @throws ApiError 429 `too_many_requests` */
  refuseBeyond({ id, rate_limit: perMinute }: Pick<StoredWorkflowWebhook, 'id' | 'rate_limit'>): void {
    if (perMinute === null) return;
    let limit = this.#limits.get(perMinute);
    if (limit === undefined) this.#limits.set(perMinute, (limit = new RateLimit(perMinute)));
    refuseBeyond(limit, id, 1);
  }
}
