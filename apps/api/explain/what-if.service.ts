/** What the rules would do about an event. Only reads: nothing is started, stored or published. */
import type { DecodeLimits } from '#libs/contracts/decode-message.ts';
import type { WhatIfBody } from '#libs/contracts/what-if.schema.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { unsavedRule } from '#libs/domain/rules/rule-definition.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Compute } from '../compute/compute.pool.ts';
import { ApiError } from '../http/api.error.ts';
import { filterVisible, type RuleEnvironment } from '../registry/rule-environment.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { mayShare, maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { WhatIfAnswer } from './explanation.schema.ts';
import { whatIfNote, type WhatIfNote } from './what-if-note.ts';
import { notYours, subjectOfEvent, subjectOfRecorded } from './what-if-subject.ts';

export interface WhatIfPorts {
  rules: Pick<RuleReader, 'list'>;
  directory: DirectoryReader;
  ruleSet: RuleEnvironment;
  limits: DecodeLimits;
  events: Pick<EvaluatedEvents, 'get'>;
  compute: Compute;
}

/** Rules explained in one answer. */
export const maxRules = 500;

export class WhatIfService {
  readonly #ports: WhatIfPorts;

  constructor(ports: WhatIfPorts) {
    this.#ports = ports;
  }

  /**
   * @throws ApiError 422 `invalid_event`, `invalid_rule`; 404 `event_not_kept`; 403 `access_denied` for a brand that the
   *   event names; what computing throws
   */
  async ask(session: Session, { event, event_id, topic, rule: draft }: WhatIfBody): Promise<WhatIfAnswer> {
    const subject =
      event_id === undefined
        ? await subjectOfEvent(session, topic, event ?? {}, this.#ports)
        : await subjectOfRecorded(session, event_id, this.#ports.events);
    const { trigger, brand, context, isLost } = subject;
    const notes = [whatIfNote('guards_not_asked'), ...subject.notes];
    const stored = isLost ? [] : await this.#rulesFor(session, trigger, brand);
    if (stored.length === maxRules) notes.push(whatIfNote('rules_cut_off', { max: maxRules }));
    const rules = await this.#withDraft(session, draft, stored, { trigger, brand }, notes);
    const input = { rules, trigger, context, most: maxRules + 1 };
    return {
      event: { id: subject.id, trigger, occurred_at: subject.occurredAt },
      brand,
      login: subject.login,
      customer_id: subject.customerId,
      starts_nothing: isLost,
      rules: await this.#ports.compute.run(session.userId, 'explain', input),
      notes,
    };
  }

  async #rulesFor(session: Session, trigger: string, brand: string | null): Promise<Rule[]> {
    const page = await this.#ports.rules.list(
      {
        trigger,
        brand: brand === null ? null : [brand, null],
        status: ['draft', 'active', 'shadow', 'inactive'],
      },
      { limit: maxRules },
    );
    return page.items.filter((rule) => mayShare(session, rule.brand));
  }

  async #withDraft(
    session: Session,
    draft: unknown,
    stored: Rule[],
    event: { trigger: string; brand: string | null },
    notes: WhatIfNote[],
  ): Promise<Rule[]> {
    if (draft === undefined) return stored;
    const statuses = filterVisible(session, await this.#ports.ruleSet.statuses());
    const { rule, id, errors } = await this.#ports.compute.run(session.userId, 'validate', {
      rule: draft,
      statuses,
      // Only its errors are told.
      isObserved: true,
    });
    if (rule === null) throw new ApiError(422, 'invalid_rule', 'The rule is not valid; see details.', errors);
    if (rule.brand !== null && !maySee(session, rule.brand)) throw notYours('rules', rule.brand);
    if (rule.trigger_event !== event.trigger) {
      notes.push(whatIfNote('other_trigger', { rule: rule.trigger_event, event: event.trigger }));
      return stored;
    }
    if (rule.brand !== null && rule.brand !== event.brand) {
      notes.push(whatIfNote('other_brand', { rule: rule.brand, event: event.brand }));
      return stored;
    }
    const before = stored.find((one) => one.id === id);
    // In its place among those of its priority, which is told by its age.
    const { created_at } = before ?? unsavedRule(rule, id, session.userId);
    const status = rule.status === 'shadow' ? 'shadow' : 'active';
    const candidate = { ...unsavedRule({ ...rule, status }, id, session.userId), created_at };
    return [...stored.filter((one) => one.id !== candidate.id), candidate];
  }
}
