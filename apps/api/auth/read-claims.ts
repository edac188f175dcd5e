/** The claims of a session token as providers call them, in the names that sessions have. */
import { managerRoles } from '#libs/contracts/session.schema.ts';

export interface ClaimNames {
  user: string;
  role: string;
  brands: string;
}

/** @param names a name as it stands in the token, or a path with dots, such as realm_access.roles */
export function readClaims(claims: Record<string, unknown>, { user, role, brands }: ClaimNames): object {
  return {
    sub: readClaim(claims, user),
    role: toRole(readClaim(claims, role)),
    brands: readClaim(claims, brands),
    exp: claims['exp'],
  };
}

/** Names with dots are common, since claims of one's own are to be named by URLs. */
function readClaim(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Providers list roles, others than ours among them: the one that may do most counts. */
function toRole(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (value.includes('SESSION_ADMIN')) return 'SESSION_ADMIN';
  return managerRoles.find((role) => value.includes(role)) ?? 'none of a manager';
}
