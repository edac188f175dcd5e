/** The mails that announce an approval to those who are asked, with a link to its page: no link in them decides. */
import { goesBy, namesOfManager } from '#libs/domain/access/person-names.ts';
import { checkMailAddress } from '#libs/domain/actions/check-recipient.ts';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import { worksFor, type DirectoryActions, type Manager } from '#libs/domain/directory/directory.ts';
import { maskText } from '#libs/domain/masking/masking.ts';
import { ruleLimits } from '#libs/domain/rules/rule-limits.ts';
import { idempotencyKey } from '#libs/domain/runs/run.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import type { AnnouncementInput, SendEmailInput } from '#temporal/contract/activities.ts';

export interface AnnouncementPorts {
  directory: Pick<DirectoryActions, 'enabledManagers'>;
  /** CONSOLE_URL, where there is a mail server, too. Absent: nothing is announced. */
  consoleUrl?: string | undefined;
}

/** People to whom one approval is announced. */
const maxMails = 50;

/** @returns a mail for each manager of the directory who is asked, has not answered and has an address, ready to be sent */
export function announcementsActivity({ directory, consoleUrl }: AnnouncementPorts) {
  return async ({ approval, why }: AnnouncementInput): Promise<SendEmailInput[]> => {
    if (consoleUrl === undefined) return [];
    const before = why === 'reassigned' ? approval.reassignments.at(-1)?.from : undefined;
    const managers = (await directory.enabledManagers()).filter(
      (manager) =>
        isAsked(manager, approval) && !(before !== undefined && isAsked(manager, { ...approval, approvers: before })),
    );
    const link = `${consoleUrl.replace(/\/+$/, '')}/console/approvals/${approval.token}`;
    return managers.slice(0, maxMails).map((manager) => toMail(manager, { approval, why }, link));
  };
}

function toMail({ id, email = '' }: Manager, { approval, why }: AnnouncementInput, link: string): SendEmailInput {
  const { run_id, action, token, tenant, rule_id, rule_name, event_id, customer_id, login, reassignments } = approval;
  const kind = why === 'reassigned' ? `reassigned-${reassignments.length}` : why;
  return {
    key: `${idempotencyKey(run_id, action)}/mail/${kind}/${token.slice(0, 8)}/${id}`,
    executionId: run_id,
    tenant,
    ruleId: rule_id,
    ruleName: rule_name,
    eventId: event_id,
    customerId: customer_id,
    login,
    to: email,
    title: shorten(`${subjects[why]}: ${maskText(approval.title)}`, ruleLimits.mailSubject),
    body: toText(approval),
    link,
    template: null,
  };
}

const subjects: Record<AnnouncementInput['why'], string> = {
  asked: 'Approval needed',
  reassigned: 'Approval needed',
  reminder: 'Waiting for your answer',
};

function toText({ title, message, rule_name, tenant, customer_id, login, expires_at }: Approval): string {
  const facts: [string, string | number | null][] = [
    ['Rule', rule_name],
    ['Brand', tenant],
    ['Customer', customer_id],
    ['Login', login],
    ['Due', expires_at],
  ];
  const known = facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  const said = message === null ? [] : [maskText(message)];
  const how = 'Read it and answer in the console, where you sign in first. To open the link decides nothing.';
  return [maskText(title), ...said, known.join('\n'), how].join('\n\n');
}

/** By name, or by a role that the directory knows of: to others a mail would be one that is not for them. */
function isAsked(manager: Manager, { tenant, approvers, forbidden_users, answers }: Approval): boolean {
  const isOneOf = (users: readonly string[]): boolean => users.some((name) => isCalled(manager, name));
  if (checkMailAddress(manager.email ?? '') !== null || !worksFor(manager, tenant)) return false;
  if (isOneOf(forbidden_users) || isOneOf(answers.flatMap(({ by, person }) => [by, person]))) return false;
  return isOneOf(approvers.users) || (manager.roles ?? []).some((role) => approvers.roles.includes(role));
}

function isCalled(manager: Manager, name: string): boolean {
  return goesBy({ userId: String(manager.id), names: namesOfManager(manager) }, name);
}
