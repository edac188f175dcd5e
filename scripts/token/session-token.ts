/** Session tokens as the API takes them: JWT, HS256, claims `sub`, `role` and, for some brands only, `brands`. */
import { SignJWT } from 'jose';
import type { ManagerRole } from '#libs/contracts/session.schema.ts';

export interface Session {
  sub: string;
  role: ManagerRole;
  /** Brands the session is for; empty = all of them. */
  brands: string[];
  ttlSeconds: number;
}

export function signSession(secret: string, session: Session, now = Date.now()): Promise<string> {
  const issued = Math.floor(now / 1000);
  return new SignJWT({ role: session.role, ...(session.brands.length > 0 && { brands: session.brands }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(session.sub)
    .setIssuedAt(issued)
    .setExpirationTime(issued + session.ttlSeconds)
    .sign(new TextEncoder().encode(secret));
}

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `30m`, `8h`, `7d` → seconds; null for anything else. */
export function durationSeconds(text: string): number | null {
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(text);
  return match ? Number(match[1]) * unitSeconds[match[2] as keyof typeof unitSeconds] : null;
}
