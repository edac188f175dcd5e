/** Lifecycle events that are kept, as far as a session may see them. */
import type { Problem } from '#libs/domain/errors/errors.ts';
import type {
  EventsOfRunQuery,
  LifecycleEventsQuery,
  LifecycleStreamQuery,
} from '#libs/contracts/list-query.schema.ts';
import type { LifecycleFilter, LifecycleLog } from '#libs/domain/runs/lifecycle-log.ts';
import { PositionTooOldError, type EventReader } from '#libs/lifecycle/event-reader.ts';
import { formatPosition, parsePosition } from '#libs/lifecycle/position.ts';
import { ApiError } from '../http/api.error.ts';
import { brandScope } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import { visibleRun, type RunReader } from '../runs/run.reader.ts';
import type { EventVisibility } from './event-visibility.ts';
import type { EventsOfRunView, LifecycleEventsView, LifecycleEventView } from './lifecycle.schema.ts';

export interface LifecycleServicePorts {
  lifecycle: Pick<LifecycleLog, 'ofRun'>;
  reader: EventReader;
  runs: RunReader;
  visibility: EventVisibility;
}

export class LifecycleService {
  readonly #ports: LifecycleServicePorts;

  constructor(ports: LifecycleServicePorts) {
    this.#ports = ports;
  }

  /** @throws ApiError 410 `position_too_old` */
  async list(session: Session, { after, limit, ...query }: LifecycleEventsQuery): Promise<LifecycleEventsView> {
    const filter = toFilter(session, query);
    const from = after === undefined ? null : parsePosition(after, 'after');
    const page = await this.#ports.reader.read(from, filter, limit).catch(toApiError);
    if (page === null) return { events: [], next: null, at_end: true };
    const events = await Promise.all(
      page.events.map(async ({ position, event }) => ({
        position: formatPosition(position),
        event: JSON.parse(await this.#ports.visibility.textFor(event, session)) as LifecycleEventView,
      })),
    );
    return { events, next: formatPosition(page.next), at_end: page.isAtEnd };
  }

  /** @throws ApiError 404 `run_not_found` */
  async ofRun(session: Session, id: string, { from_sequence, limit }: EventsOfRunQuery): Promise<EventsOfRunView> {
    await visibleRun(this.#ports.runs, session, id);
    const kept = await this.#ports.lifecycle.ofRun(id, from_sequence, limit + 1);
    const texts = await Promise.all(
      kept.slice(0, limit).map((event) => this.#ports.visibility.textFor(event, session)),
    );
    const events = texts.map((text) => JSON.parse(text) as LifecycleEventView);
    return { events, next_sequence: kept[limit]?.sequence ?? null };
  }
}

/** @throws ApiError 403 `access_denied` for a brand the session is not for */
export function toFilter(
  session: Session,
  { brand, rule_id, types, run_id }: Omit<LifecycleStreamQuery, 'after'>,
): LifecycleFilter {
  const scope = brandScope(session, brand);
  return {
    ...(scope !== undefined && { tenants: Array.isArray(scope) ? scope : [scope] }),
    ...(rule_id !== undefined && { processId: rule_id }),
    ...(run_id !== undefined && { executionId: run_id }),
    ...(types !== undefined && { types }),
  };
}

/** @throws ApiError 410 `position_too_old`, or what it is given */
export function toApiError(error: unknown): never {
  if (!(error instanceof PositionTooOldError)) throw error;
  const { message, earliest } = error;
  const details: Problem[] = [{ path: 'after', code: 'position_too_old', message: formatPosition(earliest) }];
  throw new ApiError(410, 'position_too_old', message, details);
}
