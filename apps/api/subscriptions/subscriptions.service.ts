/** Webhook subscriptions as a session may see and change them. */
import type {
  AddSubscriptionBody,
  AttemptsQuery,
  PageQuery,
  RedeliverBody,
  UpdateSubscriptionBody,
} from '#libs/contracts/subscription.schema.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { DeliveryAttempt, PendingDelivery } from '#libs/domain/subscriptions/delivery.ts';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import type { Redelivery, StartedRedelivery } from '#libs/subscriptions/redelivery.ts';
import type { Actor } from '#libs/subscriptions/subscription-access.ts';
import type { SubscriptionAdmin, WithSecret } from '#libs/subscriptions/subscription-admin.ts';
import type { SendOutcome } from '#libs/subscriptions/webhook-sender.ts';
import { ApiError } from '../http/api.error.ts';
import type { Session } from '../auth/authenticate.ts';
import { toApiError } from '../lifecycle/lifecycle.service.ts';
import type { AttemptView, PendingView, TestView } from './subscription.schema.ts';

export class SubscriptionsService {
  constructor(
    private readonly admin: SubscriptionAdmin,
    private readonly redelivery: Redelivery,
  ) {}

  /** @throws ApiError 422 `invalid_body`, else what `SubscriptionAdmin` throws, as in all of these */
  add(session: Session, body: AddSubscriptionBody, request: string | null): Promise<WithSecret> {
    const { types = null, rule_id = null, brands = null, ...rest } = body;
    return this.admin.create(toActor(session), { ...rest, types, rule_id, brands }, request).catch(toInvalidBody);
  }

  async list(
    session: Session,
    query: PageQuery,
  ): Promise<{ subscriptions: Subscription[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.admin.list(toActor(session), toPage(query));
    return { subscriptions: items, next_cursor: nextCursor };
  }

  get(session: Session, id: string): Promise<Subscription> {
    return this.admin.get(toActor(session), id);
  }

  update(session: Session, id: string, body: UpdateSubscriptionBody): Promise<Subscription> {
    return this.admin.update(toActor(session), id, body).catch(toInvalidBody);
  }

  pause(session: Session, id: string): Promise<Subscription> {
    return this.admin.pause(toActor(session), id);
  }

  resume(session: Session, id: string): Promise<Subscription> {
    return this.admin.resume(toActor(session), id);
  }

  rotate(session: Session, id: string): Promise<WithSecret> {
    return this.admin.rotateSecret(toActor(session), id);
  }

  async test(session: Session, id: string): Promise<TestView> {
    return toTest(await this.admin.test(toActor(session), id));
  }

  delete(session: Session, id: string): Promise<void> {
    return this.admin.delete(toActor(session), id);
  }

  async attempts(
    session: Session,
    subscription_id: string,
    { event_id, run_id, outcome, ...page }: AttemptsQuery,
  ): Promise<{ attempts: AttemptView[]; next_cursor: string | null }> {
    const filter = {
      subscription_id,
      ...(event_id !== undefined && { event_id }),
      ...(run_id !== undefined && { execution_id: run_id }),
      ...(outcome !== undefined && { outcome }),
    };
    const { items, nextCursor } = await this.admin.attempts(toActor(session), filter, toPage(page));
    return { attempts: items.map(toAttempt), next_cursor: nextCursor };
  }

  async pending(
    session: Session,
    id: string,
    query: PageQuery,
  ): Promise<{ pending: PendingView[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.admin.pending(toActor(session), id, toPage(query));
    return { pending: items.map(toPending), next_cursor: nextCursor };
  }

  resend(session: Session, id: string, eventId: string): Promise<void> {
    return this.redelivery.resend(toActor(session), id, eventId);
  }

  /** @throws ApiError 410 `position_too_old` */
  redeliver(session: Session, id: string, { only_failed, ...range }: RedeliverBody): Promise<StartedRedelivery> {
    const request = { ...range, onlyFailed: only_failed };
    return this.redelivery.redeliver(toActor(session), id, request).catch(toInvalidBody).catch(toApiError);
  }
}

function toActor({ userId, brands }: Session): Actor {
  return { by: userId, brands };
}

function toPage({ cursor, limit }: PageQuery): { cursor?: string; limit: number } {
  return { limit, ...(cursor !== undefined && { cursor }) };
}

/** What is wrong stands in the body, wherever it was found. */
function toInvalidBody(error: unknown): never {
  if (!(error instanceof InvalidInputError)) throw error;
  throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', error.problems);
}

function toTest({ isDelivered, at, durationMs, status, error, excerpt }: SendOutcome): TestView {
  return { is_delivered: isDelivered, at, duration_ms: durationMs, status, error, excerpt };
}

export function toAttempt({ subscription_id: _id, execution_id, ...attempt }: DeliveryAttempt): AttemptView {
  return { ...attempt, run_id: execution_id };
}

function toPending({ execution_id, next_at, events }: PendingDelivery): PendingView {
  return { run_id: execution_id, next_at, events };
}
