/**
 * Finds requests and their actions. What a user may not know of is answered as if it were not there: `not_found`, the same as for
 * a number that was never given.
 */
import { isForBrand, whyNotEntitled, type Approval, type Person } from '#libs/domain/approvals/approval.ts';
import { goesBy } from '#libs/domain/access/person-names.ts';
import type { ActionNumbers } from '#libs/domain/hooks/global-id.ts';
import { hasAccess, type Actor, type RequestScope } from '#libs/domain/hooks/rights.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { toPerson, type Caller } from './caller.ts';
import { conflict, HookError, invalidInput, securityError } from './hook.error.ts';
import type { HookPorts } from './ports.ts';

export interface FoundRequest {
  number: number;
  run: RunRecord;
  /** All that were ever asked, newest first. */
  approvals: Approval[];
}

export interface FoundAction extends FoundRequest {
  /** From 1 on. */
  action: number;
  /** The latest question of the action; null: it has not been asked, or names no approver. */
  approval: Approval | null;
}

type Ports = Pick<HookPorts, 'requests' | 'approvals' | 'versions' | 'namesOf'>;

/** Questions of one run that are looked at: a rule has 50 actions at most. */
const maxApprovals = 500;

/** @throws HookError `invalid_input` when there is neither or both differ */
export function requestNumberOf({ number, id }: { number?: number | undefined; id?: number | undefined }): number {
  if (number !== undefined && id !== undefined && number !== id) {
    throw invalidInput(`number is ${number}, and id is that of request ${id}`);
  }
  const found = number ?? id;
  if (found === undefined) throw invalidInput('number or id must name the request');
  return found;
}

export interface ActionInput {
  requestNumber?: number | undefined;
  number?: number | undefined;
  id?: ActionNumbers | undefined;
}

/**
 * @returns null for the number of the action where `name` is to find it
 * @throws HookError `invalid_input` when neither names an action or both differ
 */
export function actionNumbersOf(
  { requestNumber, number, id }: ActionInput,
  name?: string,
): { requestNumber: number; number: number | null } {
  for (const [property, given, of] of [
    ['requestNumber', requestNumber, id?.requestNumber],
    ['number', number, id?.number],
  ] as const) {
    if (given === undefined || of === undefined || given === of) continue;
    throw invalidInput(
      `${property} is ${given}, and id is that of action ${id?.number} of request ${id?.requestNumber}`,
    );
  }
  const request = requestNumber ?? id?.requestNumber;
  const action = number ?? id?.number ?? null;
  if (request === undefined || (action === null && name === undefined)) {
    throw invalidInput('requestNumber and number, or id, must name the action');
  }
  return { requestNumber: request, number: action };
}

/**
 * @returns the request, to which the user has access
 * @throws HookError `not_found`
 */
export async function findRequest(ports: Ports, { viewer, user }: Caller, number: number): Promise<FoundRequest> {
  const run = await ports.requests.byNumber(number);
  // No caller reaches beyond the brands of either of the two.
  if (run === null || !isForBrand(viewer.user.brands, run.brand)) throw noRequest(number);
  const { items: approvals } = await ports.approvals.list({ runId: run.run_id }, { limit: maxApprovals });
  const found = { number, run, approvals };
  if (!(await mayKnow(ports, user, found))) throw noRequest(number);
  return found;
}

/** @throws HookError `not_found` */
export async function findAction(
  ports: Ports,
  caller: Caller,
  { requestNumber, number }: { requestNumber: number; number: number },
): Promise<FoundAction> {
  return actionOf(ports, await findRequest(ports, caller, requestNumber), number);
}

/** @throws HookError `not_found` */
export async function actionOf(ports: Ports, request: FoundRequest, number: number): Promise<FoundAction> {
  const approval = request.approvals.find(({ action }) => action === number - 1) ?? null;
  if (approval === null) {
    const actions = (await ruleOf(ports, request.run))?.actions ?? request.run.actions;
    if (number > actions.length) {
      throw new HookError('not_found', `Request ${request.number} has no action ${number}`);
    }
  }
  return { ...request, action: number, approval };
}

/** @throws HookError `conflict` when it waits for no answer */
export function openApproval({ number, action, approval }: FoundAction): Approval {
  if (approval?.state === 'open') return approval;
  throw conflict(`Action ${action} of request ${number} is not open`);
}

/** @returns whether there is such a request for this actor */
export async function mayKnow(ports: Ports, actor: Actor, request: FoundRequest): Promise<boolean> {
  return hasAccess(actor, await scopeFor(ports, actor, request));
}

/** What the actor's rights on a request depend on. Who is asked by a role is asked, too. */
export async function scopeFor(
  ports: Pick<HookPorts, 'namesOf'>,
  actor: Actor,
  { run, approvals }: FoundRequest,
): Promise<RequestScope> {
  const person = await named(ports, actor);
  const isIn = (name: string): boolean => goesBy(person, name);
  const hasPart = approvals.some(
    ({ approvers, answers }) =>
      approvers.users.some(isIn) || approvers.roles.includes(person.role) || answers.some(({ by }) => isIn(by)),
  );
  return {
    brand: run.brand,
    folder: run.request?.folder ?? null,
    initiators: run.request === undefined ? [] : [run.request.by],
    participants: hasPart ? [person.userId] : [],
  };
}

/** @returns whether the question goes to the actor, who may answer it */
export async function isAssignee(
  ports: Pick<HookPorts, 'namesOf'>,
  actor: Actor,
  approval: Approval | null,
): Promise<boolean> {
  return approval !== null && whyNotEntitled(approval, await named(ports, actor)) === null;
}

export async function named(ports: Pick<HookPorts, 'namesOf'>, actor: Actor): Promise<Person> {
  const person = toPerson(actor);
  return { ...person, names: await ports.namesOf(person.userId, []) };
}

/** As it was when the run was decided. */
export async function ruleOf({ versions }: Pick<HookPorts, 'versions'>, run: RunRecord): Promise<Rule | null> {
  return (await versions.get(run.rule_id, run.rule_version))?.rule ?? null;
}

/** @throws HookError `security_error` */
export function present<Right>(right: Right | null, { user }: Actor, what: string): Right {
  if (right !== null) return right;
  throw securityError(`User '${user.username}' may not ${what}`);
}

function noRequest(number: number): HookError {
  return new HookError('not_found', `There is no request ${number}`);
}
