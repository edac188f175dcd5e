/** What people do with subscriptions, ready to use: the API and the command line make it of the same parts. */
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import type { DeliveryAttempts, DeliveryCursors, PendingDeliveries } from '#libs/domain/subscriptions/delivery.ts';
import type { Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { createAddressPolicy } from '#libs/http/address-policy.ts';
import type { HttpClient } from '#libs/http/http-client.ts';
import { Redelivery } from './redelivery.ts';
import { SubscriptionAdmin } from './subscription-admin.ts';
import type { DraftPorts } from './subscription-draft.ts';
import { createUrlCheck } from './subscription-url.ts';
import { createWebhookSender } from './webhook-sender.ts';

export interface AdminParts {
  subscriptions: Subscriptions;
  attempts: DeliveryAttempts;
  pending: PendingDeliveries;
  cursors: DeliveryCursors;
  lifecycle: LifecycleLog;
  rules: { get: DraftPorts['findRule'] };
  audited: Audited;
  http: HttpClient;
}

export interface AdminSettings {
  subscriptions: { most: number; allowsHttp: boolean; firstAttemptMs: number };
  webhooks: { allowedNetworks: string[] };
}

export function buildAdmin(
  parts: AdminParts,
  { subscriptions: { most, allowsHttp, firstAttemptMs: testMs }, webhooks }: AdminSettings,
): { admin: SubscriptionAdmin; redelivery: Redelivery } {
  const policy = createAddressPolicy(webhooks.allowedNetworks);
  const draftPorts: DraftPorts = {
    checkUrl: createUrlCheck({ policy, allowsHttp }),
    findRule: (id) => parts.rules.get(id),
  };
  const sender = createWebhookSender(parts.http);
  return {
    admin: new SubscriptionAdmin({ ...parts, ...draftPorts, sender, most, testMs }),
    redelivery: new Redelivery(parts),
  };
}
