/**
 * Where two people publish a rule (RULES_FOUR_EYES), this holds for operators as well. One who has to may override it
 * and says why; the audit log keeps an entry for each rule.
 */
import { Option } from '@commander-js/extra-typings';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { AppliedRule, RuleWrite } from '#libs/domain/rules/rule-plan.ts';
import { FourEyes } from '#libs/store/rules/four-eyes.policy.ts';
import { loginName } from '../author-name.ts';
import { InvalidError, UsageError } from '../cli-error.ts';
import type { Tools } from '../command.ts';

export const overrideOption = new Option(
  '--override-four-eyes <reason>',
  'activate what you wrote yourself where RULES_FOUR_EYES forbids it; the audit log keeps the reason',
);

const maxReasonLength = 1_000;

/** @param reason of an override, if there is one. @throws InvalidError where another person has to activate a rule */
export async function applyByTwo(
  writes: RuleWrite[],
  by: string,
  reason: string | undefined,
  tools: Tools,
): Promise<AppliedRule[]> {
  const why = readReason(reason);
  const { rules, versions, keys } = await tools.store();
  const isNeeded = tools.config().rules.fourEyes;
  const apply = (wanted: RuleWrite[]): Promise<AppliedRule[]> => rules.apply(wanted, by);
  if (!isNeeded) return apply(writes);
  const secondPerson = new FourEyes({ versions, findApiKey: (id) => keys.get(id), isNeeded });
  const refused: { write: RuleWrite; message: string }[] = [];
  const seen: RuleWrite[] = [];
  for (const write of writes) {
    const current = await rules.get(write.id);
    // What was looked at is what is changed.
    seen.push({ ...write, ifVersion: write.ifVersion ?? current?.version ?? 0 });
    const message = await toRefusal(secondPerson.check(by, current, write.definition));
    if (message !== null) refused.push({ write, message });
  }
  if (refused.length === 0) return apply(seen);
  if (why === null) {
    const issues = refused.map(({ write, message }) => `${write.id}: ${message}`);
    throw new InvalidError('Nothing was stored. To do it alone, say why: --override-four-eyes REASON', issues);
  }
  const what = { reason: why, login: loginName() };
  // Noted one inside the other: nothing is written before all are noted.
  const noted = refused.reduceRight(
    (act, { write: { id, definition } }) =>
      () =>
        tools.audited({ operation: 'rule.override', target: `rule/${id}`, brand: definition.brand, by, what }, act),
    () => apply(seen),
  );
  return noted();
}

function readReason(text: string | undefined): string | null {
  if (text === undefined) return null;
  const reason = text.trim();
  if (reason === '' || reason.length > maxReasonLength) {
    throw new UsageError(`--override-four-eyes needs a reason of at most ${maxReasonLength} characters`);
  }
  return reason;
}

async function toRefusal(check: Promise<void>): Promise<string | null> {
  try {
    await check;
    return null;
  } catch (error) {
    if (error instanceof PermanentError && error.code === 'four_eyes_required') return error.message;
    throw error;
  }
}
