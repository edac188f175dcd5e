/** Who is signed in: the token in memory and in the session storage of this tab, and nowhere else. */
import { useSyncExternalStore } from 'react';

export interface Session {
  token: string;
  userId: string;
  role: string;
  /** The only brands the session is for; null = all of them. */
  brands: string[] | null;
}

export interface SessionState {
  session: Session | null;
  /** The API takes the token no longer: what is on the page stays until somebody signs in again. */
  hasEnded: boolean;
}

const storageKey = 'signalbox.token';
const listeners = new Set<() => void>();
let state: SessionState = { session: null, hasEnded: false };

function change(next: SessionState): void {
  state = next;
  if (next.session === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, next.session.token);
  for (const tell of listeners) tell();
}

export function currentSession(): SessionState {
  return state;
}

/** @returns whether it is a session token, as far as that can be seen without its key */
export function signIn(token: string): boolean {
  const session = readToken(token.trim());
  if (session !== null) change({ session, hasEnded: false });
  return session !== null;
}

export function signOut(): void {
  change({ session: null, hasEnded: false });
}

/** @param token that was refused; by now there may be another */
export function endSession(token: string): void {
  if (state.session?.token === token && !state.hasEnded) change({ ...state, hasEnded: true });
}

/** Takes the token of a link out of the address before anything else can read it there, else the one of this tab. */
export function startSession(): void {
  if (takeFromAddress()) return;
  const kept = sessionStorage.getItem(storageKey);
  if (kept !== null) signIn(kept);
}

/** @returns whether the address held a token that is one */
export function takeFromAddress(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  return signIn(token);
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): SessionState {
  return useSyncExternalStore(onSessionChange, currentSession);
}

/** For the one who is signed in: a screen behind the sign-in has somebody. */
export function isAdministrator({ session }: SessionState): boolean {
  return session?.role === 'SESSION_ADMIN';
}

/** The claims of a JWT. Its signature is the API's business. */
function readToken(token: string): Session | null {
  try {
    const claims = JSON.parse(decodePart(token.split('.')[1] ?? '')) as Record<string, unknown>;
    const { sub, role, brands } = claims;
    if (typeof sub !== 'string' || typeof role !== 'string') return null;
    return { token, userId: sub, role, brands: Array.isArray(brands) ? brands.map(String) : null };
  } catch {
    // Whatever is wrong with it, it is no session token.
    return null;
  }
}

function decodePart(part: string): string {
  const bytes = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
}
