/** How things stand, for the brands of a session. */
import type { BoundedCount } from '#libs/store/mongo/bounded-count.ts';
import type { RunFilter, RunRecords } from '#libs/store/runs/run-log.repository.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { StoredSubscription, Subscriptions } from '#libs/domain/subscriptions/subscription.ts';
import { isWithin } from '#libs/subscriptions/subscription-access.ts';
import type { ApprovalsService } from '../approvals/approvals.service.ts';
import type { Session } from '../auth/authenticate.ts';
import type { IngressLag } from './ingress-lag.ts';
import type { OverviewParts, Told } from './overview-parts.ts';
import type { CountView, OverviewView } from './overview.schema.ts';

export interface OverviewPorts {
  runs: Pick<RunRecords, 'count'>;
  approvals: Pick<ApprovalRepository, 'count' | 'oldestOpen'>;
  views: Pick<ApprovalsService, 'show'>;
  subscriptions: Pick<Subscriptions, 'all'>;
  lag: Pick<IngressLag, 'measure'>;
  parts: OverviewParts;
}

/** Further is not counted. */
const maxCounted = 10_000;

const withheld = { state: 'withheld', count: null, is_more: false } as const;

export class OverviewService {
  readonly #ports: OverviewPorts;

  constructor(ports: OverviewPorts) {
    this.#ports = ports;
  }

  /** Never fails: each part says by itself that it cannot be told. @param from ISO 8601 UTC */
  async overview(session: Session, from: string): Promise<OverviewView> {
    const [running, waiting, held, failed, oldest_wait, lag, failing_subscriptions] = await Promise.all([
      this.#runs(session, 'running', { status: 'running' }),
      this.#waiting(session),
      this.#runs(session, 'held', { status: 'held' }),
      this.#runs(session, 'failed', { status: 'failed', from }),
      this.#oldestWait(session),
      this.#lag(session),
      this.#failingSubscriptions(session),
    ]);
    const counts = { running, waiting, held, failed };
    return { at: new Date().toISOString(), failed_from: from, ...counts, oldest_wait, lag, failing_subscriptions };
  }

  async #runs({ brands }: Session, name: string, filter: RunFilter): Promise<CountView> {
    const own = { ...filter, ...(brands !== null && { brand: [...brands] }) };
    return toCount(
      await this.#ports.parts.tell(name, JSON.stringify(own), () => this.#ports.runs.count(own, maxCounted)),
    );
  }

  async #waiting({ brands }: Session): Promise<CountView> {
    const filter = { state: 'open', ...(brands !== null && { tenants: [...brands] }) } as const;
    const ask = () => this.#ports.approvals.count(filter, maxCounted);
    return toCount(await this.#ports.parts.tell('waiting', JSON.stringify(filter), ask));
  }

  async #oldestWait(session: Session): Promise<OverviewView['oldest_wait']> {
    const { brands, userId, role } = session;
    const told = await this.#ports.parts.tell('oldest wait', JSON.stringify([brands, userId, role]), async () => {
      const oldest = await this.#ports.approvals.oldestOpen(brands === null ? undefined : [...brands]);
      if (oldest === null) return null;
      const { asked_at, title, run_id, token } = await this.#ports.views.show(session, oldest);
      return { asked_at, title, run_id, token };
    });
    return told.state === 'known' ? { state: told.state, approval: told.value } : { ...told, approval: null };
  }

  /** What lies behind tells how much the other brands do. */
  async #lag({ brands }: Session): Promise<OverviewView['lag']> {
    const nothing = { events: null, behind_seconds: null };
    if (brands !== null) return { state: 'withheld', ...nothing };
    const told = await this.#ports.parts.tell('lag', '', () => this.#ports.lag.measure());
    if (told.state === 'unknown') return { ...told, ...nothing };
    return { state: told.state, events: told.value.messages, behind_seconds: told.value.behindSeconds };
  }

  async #failingSubscriptions({ role, brands }: Session): Promise<CountView> {
    if (role !== 'SESSION_ADMIN') return withheld;
    const ask = async (): Promise<BoundedCount> => {
      const all = await this.#ports.subscriptions.all();
      return { count: all.filter((one) => isWithin(brands, one.brands) && isFailing(one)).length, isMore: false };
    };
    return toCount(await this.#ports.parts.tell('failing subscriptions', JSON.stringify(brands), ask));
  }
}

function isFailing({ status, failures }: StoredSubscription): boolean {
  return status === 'disabled' || (status === 'active' && failures > 0);
}

function toCount(told: Told<BoundedCount>): CountView {
  if (told.state === 'unknown') return { ...told, count: null, is_more: false };
  return { state: told.state, count: told.value.count, is_more: told.value.isMore };
}
