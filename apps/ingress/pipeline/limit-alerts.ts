/** Tells people that a rule went over its limit: each manager once for each window of time, from whichever process. */
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import type { Notification, NotificationStore } from '#libs/domain/crm/notification.ts';
import { limitText, quotaWindow } from '#libs/domain/admission/run-quota.ts';
import type { AdmissionCandidate } from '#libs/domain/admission/admission.ts';
import type { RunLimit } from '#libs/domain/rules/rule.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { IngressMetrics } from '../metrics.ts';

export interface LimitAlertsOptions {
  directory: Pick<DirectoryActions, 'enabledManagers'>;
  notifications: NotificationStore;
  metrics: IngressMetrics;
  log: Logger;
}

/** Breaches this process remembers to have told; to tell one again changes nothing in the store. */
const remembered = 1000;

export class LimitAlerts {
  readonly #options: LimitAlertsOptions;
  /** Rule and window, alone (logged) and with a brand (its managers notified). */
  readonly #told = new Set<string>();

  constructor(options: LimitAlertsOptions) {
    this.#options = options;
  }

  /** Idempotent. @param held runs over their rules' limits */
  async notify(held: AdmissionCandidate<RunLimit>[]): Promise<void> {
    for (const one of held) {
      const { brand } = one.run.context;
      const breach = `${one.run.rule.id}/${quotaWindow(one.guard, one.decidedAt)}`;
      // As JSON: a brand may be called "null".
      const told = `${breach}/${JSON.stringify(brand)}`;
      if (this.#told.has(told)) continue;
      const managers = (await this.#options.directory.enabledManagers()).filter((manager) => worksFor(manager, brand));
      await this.#options.notifications.add(managers.map((manager) => buildNotification(breach, manager, one)));
      this.#log(breach, one, managers);
      if (this.#told.size >= remembered) this.#told.clear();
      this.#told.add(breach).add(told);
    }
  }

  #log(breach: string, one: AdmissionCandidate<RunLimit>, managers: Manager[]): void {
    if (this.#told.has(breach)) return;
    const { metrics, log } = this.#options;
    const { id, name } = one.run.rule;
    metrics.breaches.inc({ rule: id });
    const fields = { ruleId: id, ruleName: name, eventId: one.run.event.id, limit: limitText(one) };
    log.warn(
      { ...fields, managers: managers.map((manager) => manager.id) },
      'a rule is over its limit: its runs are held until a person releases or discards them',
    );
  }
}

function buildNotification(breach: string, manager: Manager, one: AdmissionCandidate<RunLimit>): Notification {
  const { run, decidedAt } = one;
  return {
    id: `limit/${breach}/${manager.id}`,
    manager_id: manager.id,
    title: `Over its limit: ${run.rule.name}`,
    message: buildMessage(one),
    tenant: run.context.brand,
    run_id: run.executionId,
    rule_id: run.rule.id,
    rule_name: run.rule.name,
    event_id: run.event.id,
    customer_id: run.customerId,
    login: run.login,
    created_at: decidedAt,
  };
}

function buildMessage(one: AdmissionCandidate<RunLimit>): string {
  const { id, name } = one.run.rule;
  return (
    `The rule "${name}" (${id}) is over its limit of ${limitText(one)}. Its further runs in this time are held ` +
    'until a person releases or discards them.'
  );
}
