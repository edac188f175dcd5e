/** What a person asks a subscription to be, and whether it may be that. */
import { InvalidInputError, PermanentError, type Problem } from '#libs/domain/errors/errors.ts';
import type { ProblemCode } from '#libs/domain/errors/problem-codes.ts';
import { checkSecret } from '#libs/domain/subscriptions/subscription-secret.ts';
import type { Subscription } from '#libs/domain/subscriptions/subscription.ts';
import { isWithin, type Actor } from './subscription-access.ts';
import type { CheckUrl } from './subscription-url.ts';

type Wanted = Pick<Subscription, 'name' | 'url' | 'types' | 'rule_id' | 'brands' | 'format'>;

export interface SubscriptionDraft extends Wanted {
  /** The receiver's own; left out: one is drawn. */
  secret?: string | undefined;
}

/** What is left out stays as it is. */
export type SubscriptionChange = { [Member in Exclude<keyof Wanted, 'brands'>]?: Wanted[Member] | undefined };

export interface DraftPorts {
  checkUrl: CheckUrl;
  findRule(id: string): Promise<{ brand: string | null } | null>;
}

/**
 * @returns the draft, for no more brands than the actor may see
 * @throws PermanentError `access_denied` for brands that the actor is not for
 * @throws InvalidInputError that lists everything else that is wrong
 */
export async function acceptDraft<
  Draft extends SubscriptionChange & Partial<Pick<SubscriptionDraft, 'brands' | 'secret'>>,
>(ports: DraftPorts, actor: Actor, draft: Draft): Promise<Draft> {
  const accepted = { ...draft };
  if (draft.types) accepted.types = [...new Set(draft.types)];
  if (draft.brands !== undefined) accepted.brands = acceptBrands(actor, draft.brands);
  const issues = [
    draft.url === undefined ? null : problem('url', await ports.checkUrl(draft.url)),
    draft.rule_id == null ? null : await checkRule(ports, actor, draft.rule_id),
    draft.secret === undefined ? null : problem('secret', checkSecret(draft.secret)),
  ];
  const problems = issues.filter((issue) => issue !== null);
  if (problems.length > 0) throw new InvalidInputError('The subscription is wrong; see details.', problems);
  return accepted;
}

function acceptBrands({ brands: own }: Actor, asked: readonly string[] | null): string[] | null {
  if (asked === null) return own === null ? null : [...own];
  if (!isWithin(own, asked)) throw new PermanentError('access_denied', 'This session is not for all of these brands.');
  return [...new Set(asked)];
}

/** One of another brand is as unknown as one that is not there. */
async function checkRule(ports: DraftPorts, { brands }: Actor, id: string): Promise<Problem | null> {
  const rule = await ports.findRule(id);
  const isKnown = rule !== null && (rule.brand === null || isWithin(brands, [rule.brand]));
  return problem('rule_id', isKnown ? null : 'is not the id of a rule', 'unknown_rule');
}

function problem(path: string, message: string | null, code: ProblemCode = 'wrong_value'): Problem | null {
  return message === null ? null : { path, code, message };
}
