/** What the rules would do about an event. Only reads: nothing is started, stored or published. */
import { decodeMessage, type DecodeLimits } from '#libs/contracts/decode-message.ts';
import type { WhatIfBody } from '#libs/contracts/what-if.schema.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { unsavedRule } from '#libs/domain/rules/rule-definition.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { ownAccounts, seesCustomer } from '#libs/directory/customer-scope.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { loadAccounts, loadCustomers, resolveBrands, EventSubject } from '#libs/matching/event-subject.ts';
import type { Compute } from '../compute/compute.pool.ts';
import { ApiError } from '../http/api.error.ts';
import { filterVisible, type RuleEnvironment } from '../registry/rule-environment.ts';
import type { RuleReader } from '../rules/rule.reader.ts';
import { mayShare, maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { WhatIfAnswer } from './explanation.schema.ts';

export interface WhatIfPorts {
  rules: Pick<RuleReader, 'list'>;
  directory: DirectoryReader;
  ruleSet: RuleEnvironment;
  limits: DecodeLimits;
  compute: Compute;
}

/** Rules explained in one answer. */
export const maxRules = 500;

export class WhatIfService {
  readonly #ports: WhatIfPorts;

  constructor(ports: WhatIfPorts) {
    this.#ports = ports;
  }

  /** @throws ApiError 422 `invalid_event`, `invalid_rule`; 403 `access_denied` for a brand that the event names; what computing throws */
  async ask(session: Session, { event: given, topic, rule: draft }: WhatIfBody): Promise<WhatIfAnswer> {
    const event = this.#decode(topic, given);
    if (event.brand !== null && !maySee(session, event.brand)) throw notYours('events', event.brand);
    const subject = await this.#subjectOf(session, event);
    const { trigger, brand } = subject;
    const notes = ['The guards re_enroll and limit are not asked; the directory is read as it is now.'];
    if (brand === null) notes.push('No brand can be resolved for the event: only rules of no brand may run.');
    if (subject.hasTooManyAccounts) notes.push('The customer has more accounts than CUSTOMER_ACCOUNTS_MAX.');
    // An event of the broker without a brand starts nothing at all.
    const isLost = brand === null && !subject.isCrm;
    const stored = isLost ? [] : await this.#rulesFor(session, trigger, brand);
    if (stored.length === maxRules) notes.push(`Only the first ${maxRules} rules were looked at.`);
    const rules = await this.#withDraft(session, draft, stored, { trigger, brand }, notes);
    const input = { rules, trigger, context: subject.context(), most: maxRules + 1 };
    return {
      event: { id: event.id, trigger, occurred_at: event.occurredAt },
      brand,
      login: subject.login,
      customer_id: subject.customerId,
      rules: await this.#ports.compute.run(session.userId, 'explain', input),
      notes,
    };
  }

  #decode(topic: string, given: Record<string, unknown>): PlatformEvent & { trigger: string } {
    const message = { topic, partition: 0, offset: '0', timestamp: String(Date.now()), key: null, headers: undefined };
    const decoded = decodeMessage({ ...message, value: Buffer.from(writeJson(given)) }, this.#ports.limits);
    if ('deadLetter' in decoded) throw invalidEvent(decoded.deadLetter.message);
    const { event } = decoded;
    if (event.trigger === null) throw invalidEvent('it triggers nothing');
    return { ...event, trigger: event.trigger };
  }

  async #subjectOf(session: Session, event: PlatformEvent & { trigger: string }): Promise<EventSubject> {
    const subject = new EventSubject(event, event.trigger);
    const directory = new DirectoryCache(this.#ports.directory);
    await resolveBrands([subject], directory);
    await loadAccounts([subject], directory);
    await loadCustomers([subject], directory);
    if (session.brands === null) return subject;
    const isOwn = (brand: string | null): boolean => maySee(session, brand);
    // What belongs to others is as good as unknown: an event could be made to name anybody.
    if (subject.brand !== null && !maySee(session, subject.brand)) subject.brand = null;
    const { account, customer } = subject;
    if (account != null && (await ownAccounts(isOwn, [account], directory)).length === 0) subject.account = null;
    if (customer != null && !(await seesCustomer(isOwn, customer, directory))) subject.customer = null;
    return subject;
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
    notes: string[],
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
      notes.push(`Your rule is for ${rule.trigger_event}, the event is ${event.trigger}: it does not run.`);
      return stored;
    }
    if (rule.brand !== null && rule.brand !== event.brand) {
      notes.push(`Your rule is for brand "${rule.brand}", the event is of ${event.brand ?? 'none'}: it does not run.`);
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

function invalidEvent(message: string): ApiError {
  const details = [{ path: 'event', code: 'invalid_event', message }];
  return new ApiError(422, 'invalid_event', 'The event is not valid; see details.', details);
}

function notYours(what: string, brand: string): ApiError {
  return new ApiError(403, 'access_denied', `This session is not for ${what} of brand "${brand}".`);
}
