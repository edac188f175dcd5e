import type { Person } from '#libs/domain/approvals/approval.ts';
import type { Session } from './authenticate.ts';

/** The session as runs know people. */
export function toPerson({ userId, role, brands }: Session): Person {
  return { userId, role, ...(brands !== null && { brands: [...brands] }) };
}
