/** Pages of subscriptions, newest first. There are few enough to be read at once. */
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';

type Place = Pick<Subscription, 'created_at' | 'subscription_id'>;

export interface SubscriptionPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** @param cursor of the page before. @throws InvalidInputError for a wrong one */
export function pageOf<Item extends Place>(
  all: readonly Item[],
  { cursor, limit = 50 }: { cursor?: string; limit?: number },
): SubscriptionPage<Item> {
  const last = cursor === undefined ? null : parseCursor(cursor);
  const rest = all.toSorted(newestFirst).filter((item) => last === null || newestFirst(item, last) > 0);
  const items = rest.slice(0, limit);
  const end = items.at(-1);
  return { items, nextCursor: end !== undefined && rest.length > limit ? formatCursor(end) : null };
}

function newestFirst(a: Place, b: Place): number {
  const [left, right] = [`${b.created_at} ${b.subscription_id}`, `${a.created_at} ${a.subscription_id}`];
  return left < right ? -1 : Number(left > right);
}

function formatCursor({ created_at, subscription_id }: Place): string {
  return Buffer.from(`${created_at} ${subscription_id}`).toString('base64url');
}

function parseCursor(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, created_at, subscription_id] = /^(\d{4}-\d\d-\d\dT[\d:.]{1,20}Z) (.{1,200})$/.exec(text) ?? [];
  if (created_at !== undefined && subscription_id !== undefined) return { created_at, subscription_id };
  const message = 'The cursor is not one that this list gave.';
  throw new InvalidInputError(message, [{ path: 'cursor', code: 'invalid_cursor', message }]);
}
