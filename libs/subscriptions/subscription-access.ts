/** Who may see and change which subscriptions. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { StoredSubscription, Subscription, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';

export interface Actor {
  /** User id. */
  by: string;
  /** The only brands that the actor may see; null = all. */
  brands: readonly string[] | null;
}

/** A subscription for runs of other brands, too, would show what the actor may not see. */
export function isWithin(own: readonly string[] | null, brands: readonly string[] | null): boolean {
  return own === null || (brands !== null && brands.every((brand) => own.includes(brand)));
}

/** @throws PermanentError `subscription_not_found`, also for one that is not within the actor's brands */
export async function visibleSubscription(
  subscriptions: Pick<Subscriptions, 'get'>,
  actor: Actor,
  id: string,
): Promise<StoredSubscription> {
  const stored = await subscriptions.get(id);
  if (stored === null || !isWithin(actor.brands, stored.brands)) throw subscriptionNotFound();
  return stored;
}

export function subscriptionNotFound(): PermanentError {
  return new PermanentError('subscription_not_found', 'There is no such subscription.');
}

/** What is shown of it: never its secrets. */
export function toShown(stored: StoredSubscription): Subscription {
  const { secrets: _secrets, rotated_at: _rotatedAt, ...shown } = stored;
  return shown;
}
