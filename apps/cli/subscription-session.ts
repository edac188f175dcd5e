/** Webhook subscriptions as commands use them. */
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { PositionTooOldError } from '#libs/lifecycle/event-reader.ts';
import { buildAdmin } from '#libs/subscriptions/build-admin.ts';
import type { Redelivery } from '#libs/subscriptions/redelivery.ts';
import type { SubscriptionAdmin } from '#libs/subscriptions/subscription-admin.ts';
import type { Tools } from './command.ts';

interface SubscriptionTools {
  admin: SubscriptionAdmin;
  redelivery: Redelivery;
}

/** @throws what `act` throws */
export async function withSubscriptions<Result>(
  { config, store, audited }: Tools,
  act: (tools: SubscriptionTools) => Promise<Result>,
): Promise<Result> {
  const settings = config();
  const http = createHttpClient({ ...settings.webhooks, userAgent: 'signalbox' });
  try {
    return await act(buildAdmin({ ...(await store()), audited, http }, settings));
  } catch (error) {
    if (error instanceof PositionTooOldError) throw new PermanentError('position_too_old', error.message);
    throw error;
  } finally {
    await http.close();
  }
}
