import { ApiError } from '../http/api.error.ts';
import type { Session } from './authenticate.ts';

/**
 * The brands a list may show to a session.
 *
 * @param asked brand the caller filters by
 * @returns undefined = all of them
 * @throws ApiError 403 `access_denied` when the session is not for the brand asked for
 */
export function brandScope({ brands }: Session, asked: string | undefined): string | string[] | undefined {
  if (brands === null) return asked;
  if (asked === undefined) return [...brands];
  if (!brands.includes(asked)) {
    throw new ApiError(403, 'access_denied', `This session is not for brand "${asked}".`);
  }
  return asked;
}

export function maySee({ brands }: Session, brand: string | null): boolean {
  return brands === null || (brand !== null && brands.includes(brand));
}

/** For rules, statuses and the like: what belongs to no brand is everybody's. */
export function mayShare(session: Session, brand: string | null): boolean {
  return brand === null || maySee(session, brand);
}

/**
 * The session as if it were for the brand that is asked for alone.
 * @throws ApiError 403 `access_denied` when it is not for that brand
 */
export function narrowed(session: Session, asked: string | undefined): Session {
  const scope = brandScope(session, asked);
  return typeof scope === 'string' ? { ...session, brands: [scope] } : session;
}
