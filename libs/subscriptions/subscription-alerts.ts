/**
 * Tells people that a subscription fails or was disabled: as a notification and as an entry of the audit log, each once,
 * from whichever process. Their ids follow from the state of the subscription that the change began with.
 */
import type { SystemAudit } from '#libs/domain/access/audit-log.ts';
import { isSameName, namesOfManager } from '#libs/domain/access/person-names.ts';
import type { Notification, NotificationStore } from '#libs/domain/crm/notification.ts';
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import { maskUrl } from '#libs/domain/masking/masking.ts';
import {
  failuresNeeded,
  type AttemptedEvent,
  type HealthChange,
  type HealthNotice,
} from '#libs/domain/subscriptions/subscription-health.ts';
import type { StoredSubscription, Subscription } from '#libs/domain/subscriptions/subscription.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { SubscriptionMetrics } from './subscription-metrics.ts';

export interface SubscriptionAlertsOptions {
  directory: Pick<DirectoryActions, 'enabledManagers'>;
  notifications: NotificationStore;
  audit: SystemAudit;
  metrics: Pick<SubscriptionMetrics, 'warnings' | 'disabled'>;
  log: Pick<Logger, 'warn'>;
  /** After so many hours of failures a subscription is disabled. */
  failureHours: number;
}

const maxUrlLength = 200;

export class SubscriptionAlerts {
  readonly #options: SubscriptionAlertsOptions;

  constructor(options: SubscriptionAlertsOptions) {
    this.#options = options;
  }

  /** Idempotent. @param before the subscription that the change begins with; @param event whose attempt it follows from */
  async tell(before: StoredSubscription, { next, notice }: HealthChange, event: AttemptedEvent): Promise<void> {
    if (notice === null) return;
    const id = noticeId(before, notice);
    const { directory, notifications, audit } = this.#options;
    const managers = concerned(await directory.enabledManagers(), before);
    const text = this.#text(next, notice);
    await notifications.add(managers.map((manager) => buildNotification(id, manager, next, text, event)));
    await audit.note(id, {
      operation: notice.kind === 'failing' ? 'subscription.warn' : 'subscription.disable',
      target: `subscription/${before.subscription_id}`,
      brand: onlyBrand(before),
      by: 'system',
      what: { name: before.name, failures: next.failures, ...detail(notice) },
    });
  }

  /** Of a change that was made: once, by the process that made it. */
  count(before: StoredSubscription, { next, notice }: HealthChange): void {
    if (notice === null) return;
    const { metrics, log } = this.#options;
    if (notice.kind === 'failing') metrics.warnings.inc({ percent: notice.percent });
    else metrics.disabled.inc({ reason: notice.reason });
    const { subscription_id: subscriptionId, name, created_by: owner } = before;
    const what = notice.kind === 'failing' ? 'a subscription fails and will be disabled' : 'a subscription is disabled';
    log.warn({ subscriptionId, name, owner, failures: next.failures, ...detail(notice) }, what);
  }

  #text(subscription: StoredSubscription, notice: HealthNotice): Pick<Notification, 'title' | 'message'> {
    const { name, subscription_id, created_by, url } = subscription;
    const who = `The webhook subscription "${name}" (${subscription_id}) of ${created_by} to ${shorten(maskUrl(url), maxUrlLength)}`;
    const kept = 'Its events are kept for LIFECYCLE_EVENT_DAYS and sent in order once it is active again.';
    if (notice.kind === 'disabled') {
      const why =
        notice.reason === 'gone'
          ? 'its receiver answered that it is gone (410)'
          : `its receiver has failed for ${this.#options.failureHours} hours`;
      return { title: `Subscription disabled: ${name}`, message: `${who} is disabled: ${why}. ${kept}` };
    }
    const needed = failuresNeeded(this.#options.failureHours);
    const far = `${subscription.failures} of the ${needed} failures, at least 12 hours apart, that disable it (${notice.percent} %)`;
    return { title: `Subscription fails: ${name}`, message: `${who} fails: ${far}. One success begins anew. ${kept}` };
  }
}

/** The same for all processes that see the same subscription fail. */
function noticeId({ subscription_id, failed_at, updated_at }: StoredSubscription, notice: HealthNotice): string {
  const what = notice.kind === 'failing' ? `${notice.percent}` : notice.reason;
  const since = what === 'gone' ? updated_at : (failed_at ?? updated_at);
  return `subscription/${subscription_id}/${what}/${since}`;
}

function detail(notice: HealthNotice): object {
  return notice.kind === 'failing' ? { percent: notice.percent } : { reason: notice.reason };
}

/** The owner, where the directory has a manager of that name; else those who work for a brand of the subscription. */
function concerned(managers: readonly Manager[], { created_by, brands }: Subscription): Manager[] {
  const owners = managers.filter((manager) => namesOfManager(manager).some((name) => isSameName(name, created_by)));
  if (owners.length > 0) return owners;
  return managers.filter((manager) => (brands ?? [null]).some((brand) => worksFor(manager, brand)));
}

function onlyBrand({ brands }: Subscription): string | null {
  return brands?.length === 1 ? brands[0]! : null;
}

function buildNotification(
  noticeId: string,
  manager: Manager,
  subscription: StoredSubscription,
  text: Pick<Notification, 'title' | 'message'>,
  { eventId, executionId, processId }: AttemptedEvent,
): Notification {
  return {
    id: `${noticeId}/${manager.id}`,
    manager_id: manager.id,
    ...text,
    tenant: onlyBrand(subscription),
    run_id: executionId,
    rule_id: processId,
    rule_name: '',
    event_id: eventId,
    customer_id: null,
    login: null,
    created_at: new Date().toISOString(),
  };
}
