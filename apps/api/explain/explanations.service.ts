/** What rules made of an event that has happened, by the rules as they were then and what their conditions saw. */
import type { EvaluatedEvent, EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { buildRunId } from '#libs/domain/runs/execution-id.ts';
import type { RuleExplanation } from '#libs/domain/matching/explain.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { Compute } from '../compute/compute.pool.ts';
import { ApiError } from '../http/api.error.ts';
import type { RunReader } from '../runs/run.reader.ts';
import { toRunStatus } from '../runs/run.view.ts';
import { maySee, mayShare } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { EventExplanations, Explanation } from './explanation.schema.ts';

/** Rules explained in one answer. */
const maxRules = 500;

export interface ExplanationPorts {
  events: Pick<EvaluatedEvents, 'get'>;
  versions: Pick<RuleVersions, 'rulesAt'>;
  runs: Pick<RunReader, 'get'>;
  compute: Compute;
}

export class ExplanationsService {
  readonly #ports: ExplanationPorts;

  constructor(ports: ExplanationPorts) {
    this.#ports = ports;
  }

  /** @throws ApiError 404 `event_not_kept`, also for one of a brand the session is not for; what computing throws */
  async get(session: Session, eventId: string): Promise<EventExplanations> {
    const events = (await this.#ports.events.get(eventId)).filter(({ context }) => maySee(session, context.brand));
    if (events.length === 0) throw notKept();
    return { event_id: eventId, events: await Promise.all(events.map((event) => this.#explain(session, event))) };
  }

  async #explain(session: Session, event: EvaluatedEvent): Promise<Explanation> {
    const { eventKey, trigger, at, outcome, revision, context } = event;
    const { brand } = context;
    const rules = (await this.#ports.versions.rulesAt(trigger, revision))
      .filter((rule) => rule.status !== 'archived' && (rule.brand === null || rule.brand === brand))
      .filter((rule) => mayShare(session, rule.brand));
    // Those that ran come first.
    const input = { rules, trigger, context, most: maxRules };
    const shown = await this.#ports.compute.run(session.userId, 'explain', input);
    const withRuns = await Promise.all(shown.map(async (one) => ({ ...one, run: await this.#runOf(one, eventKey) })));
    const truncated = rules.length > shown.length;
    return { trigger, brand, at, outcome, rules: withRuns, truncated };
  }

  async #runOf({ rule_id, matches }: RuleExplanation, eventKey: string): Promise<Explanation['rules'][number]['run']> {
    const run = matches ? await this.#ports.runs.get(buildRunId(rule_id, eventKey)) : null;
    if (run === null) return null;
    return { run_id: run.run_id, status: toRunStatus(run), reason: run.reason };
  }
}

export function notKept(): ApiError {
  const message =
    'Nothing is kept of such an event: it is unknown, too old, or no rule was for it. What-if explains any event.';
  return new ApiError(404, 'event_not_kept', message);
}
