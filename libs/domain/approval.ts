/** A question put to people by a run that waits for their answer, as the inbox holds it. */

/** Whom the question goes to: anybody who has one of the roles or is one of the users. */
export interface Approvers {
  /** Session roles, such as `SESSION_ADMIN`. */
  roles: string[];
  /** Ids of session users; a manager of the directory goes by the id as text, or by e-mail. */
  users: string[];
}

/** Who answers or steers. */
export interface Person {
  /** `sub` of the session. */
  userId: string;
  role: string;
  /** Absent: all brands. */
  brands?: string[] | undefined;
}

export type AnswerDecision = 'approve' | 'reject';

/** `cancelled`: the run ended some other way while the question was open. */
export type ApprovalState = 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled';

export interface ApprovalAnswer {
  by: string;
  decision: AnswerDecision;
  comment: string | null;
  /** What the answer brought along. */
  data: Record<string, unknown> | null;
  /** ISO 8601 UTC. */
  at: string;
}

/** Somebody else was put in charge. */
export interface ApprovalReassignment {
  by: string;
  reason: string | null;
  from: Approvers;
  at: string;
}

export interface Approval {
  /** The correlation token: whoever answers has to show it. Random, at least 128 bits; good for this one question. */
  token: string;
  run_id: string;
  rule_id: string;
  rule_name: string;
  /** Index of the action that asks. */
  action: number;
  event_id: string;
  /** Brand of the run, or `default`. */
  tenant: string;
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
  /** ISO 8601 UTC, as are the others. */
  asked_at: string;
  expires_at: string | null;
  closed_at: string | null;
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
  { userId, role, brands }: Person,
): string | null {
  if (brands !== undefined && !brands.includes(tenant)) return 'does not work for the brand of this run';
  if (!approvers.users.includes(userId) && !approvers.roles.includes(role)) return 'is not among those who were asked';
  if (forbidden_users.includes(userId)) return 'set this run off and may not approve it';
  return null;
}
