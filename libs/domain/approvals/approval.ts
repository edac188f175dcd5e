/** A question put to people by a run that waits for their answer, as the inbox holds it. */
import { goesBy } from '../access/person-names.ts';

/** Whom the question goes to: anybody who has one of the roles or is one of the users. */
export interface Approvers {
  /** Session roles, such as `SESSION_ADMIN`. */
  roles: string[];
  /** Ids of session users; a manager of the directory goes by the id as text, or by e-mail. */
  users: string[];
}

/** Who answers or controls. */
export interface Person {
  /** `sub` of the session. */
  userId: string;
  /**
   * Every name this person goes by, the canonical one first; see `person-names.ts`. Absent: `userId` is the only one.
   * The doors add it, since the run has no directory.
   */
  names?: string[] | undefined;
  role: string;
  /** Absent: all brands. */
  brands?: string[] | undefined;
}

/**
 * By what right a user of an incoming webhook acts on a run, once the directory has been asked. Session users act as
 * administrators.
 */
export const authorities = ['administrator', 'folder_manager', 'supervisor', 'initiator', 'assignee'] as const;
export type Authority = (typeof authorities)[number];

/** Along which exception path a waiting action is left. */
export const exceptionTypes = ['CANCEL', 'ERROR'] as const;
export type ExceptionType = (typeof exceptionTypes)[number];

/** The action was cancelled while it waited. */
export interface ApprovalException {
  type: ExceptionType;
  by: string;
  /** Masked, as the source. */
  message: string | null;
  source: string | null;
  at: string;
}

export type AnswerDecision = 'approve' | 'reject';

/** `cancelled`: the run ended some other way while the question was open, or the action was left along an exception path. */
export type ApprovalState = 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled';

export interface ApprovalAnswer {
  /** The name in the session. */
  by: string;
  /** The canonical name of the person: the same whatever name they sign in with. */
  person: string;
  decision: AnswerDecision;
  comment: string | null;
  /** What the answer brought along. */
  data: Record<string, unknown> | null;
  /** ISO 8601 UTC. */
  at: string;
}

/** The approval was reassigned. */
export interface ApprovalReassignment {
  by: string;
  reason: string | null;
  from: Approvers;
  at: string;
}

export interface Approval {
  /** The correlation token: an answer has to show it. Random, at least 128 bits; good for this one question. */
  token: string;
  run_id: string;
  /** Number of the run; absent in approvals of earlier versions. Its action has the number `action + 1`. */
  request_number?: number;
  rule_id: string;
  rule_name: string;
  /** Index of the action that asks. */
  action: number;
  event_id: string;
  /** Brand of the run; null = none. */
  tenant: string | null;
  customer_id: string | null;
  login: number | null;
  title: string;
  message: string | null;
  approvers: Approvers;
  /** How many of them have to approve; one rejection is enough. */
  required: number;
  /** Who may not answer, because they set the run off. */
  forbidden_users: string[];
  state: ApprovalState;
  answers: ApprovalAnswer[];
  reassignments: ApprovalReassignment[];
  /** Given: the state is `cancelled`, and the run has gone on along this exception path. */
  exception?: ApprovalException;
  /** Exception paths that the rule defines for the action, so that it may be cancelled; absent: none. */
  exceptions?: ExceptionType[];
  /** ISO 8601 UTC, as are the others. */
  asked_at: string;
  expires_at: string | null;
  closed_at: string | null;
  /** Temporal's own id of the run that asks, once it was reset; only the store looks at it. */
  reset?: string;
}

export interface ApprovalFilter {
  /** Only those that this person may answer. */
  answerableBy?: Person;
  /** Absent: all tenants. */
  tenants?: string[] | undefined;
  state?: ApprovalState;
  runId?: string;
}

/** @returns why this person may not answer, as the end of a sentence about them, or null */
export function whyNotEntitled(
  { approvers, forbidden_users, tenant }: Pick<Approval, 'approvers' | 'forbidden_users' | 'tenant'>,
  person: Person,
): string | null {
  const { brands } = person;
  if (!isForBrand(brands, tenant)) return 'does not work for the brand of this run';
  const isAsked = approvers.users.some((user) => goesBy(person, user)) || approvers.roles.includes(person.role);
  if (!isAsked) return 'is not among those who were asked';
  if (forbidden_users.some((user) => goesBy(person, user))) return 'set this run off and may not approve it';
  return null;
}

/** @param brand of a run; null = none, which only those may touch who work for all of them */
export function isForBrand(brands: readonly string[] | undefined, brand: string | null): boolean {
  return brands === undefined || (brand !== null && brands.includes(brand));
}
