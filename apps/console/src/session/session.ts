/** Who is signed in: the token in memory and in the session storage of this tab, and nowhere else. */
import { useSyncExternalStore } from 'react';
import { forgetTokens } from './oidc/kept-tokens.ts';
import { whoIs, type Who } from './who.ts';

export interface Session extends Who {
  token: string;
}

export interface SessionState {
  session: Session | null;
  /** The API takes the token no longer: what is on the page stays until a user signs in again. */
  hasEnded: boolean;
}

const tokenKey = 'signalbox.token';
const whoKey = 'signalbox.who';
const listeners = new Set<() => void>();
let state: SessionState = { session: null, hasEnded: false };
let renewal: (() => Promise<boolean>) | null = null;

function change(next: SessionState): void {
  state = next;
  if (next.session === null) {
    sessionStorage.removeItem(tokenKey);
    sessionStorage.removeItem(whoKey);
  } else {
    const { token, ...who } = next.session;
    sessionStorage.setItem(tokenKey, token);
    sessionStorage.setItem(whoKey, JSON.stringify(who));
  }
  for (const tell of listeners) tell();
}

export function currentSession(): SessionState {
  return state;
}

/** @param session as the API has said it is */
export function adoptSession(session: Session): void {
  change({ session, hasEnded: false });
}

/** Asks the API whose token it is. @returns why it signs no person in, or null */
export async function signIn(text: string): Promise<'no_token' | 'refused' | null> {
  const token = text.trim();
  const read = readToken(token);
  if (read === null) return 'no_token';
  const who = await whoIs(token);
  if (who === 'refused') return 'refused';
  forgetTokens();
  // What does not answer now will say with the next request what it thinks of the token.
  adoptSession({ token, ...(who === 'away' ? read : who) });
  return null;
}

export function signOut(): void {
  renewal = null;
  forgetTokens();
  change({ session: null, hasEnded: false });
}

/** @param renew @returns whether there is another token now; null: the session cannot be renewed */
export function setRenewal(renew: (() => Promise<boolean>) | null): void {
  renewal = renew;
}

/** @param token that was refused; by now there may be another */
export function endSession(token: string): void {
  const isMeant = (): boolean => state.session?.token === token && !state.hasEnded;
  const end = (): void => {
    if (isMeant()) change({ ...state, hasEnded: true });
  };
  if (!isMeant()) return;
  if (renewal === null) end();
  else void renewal().then((isRenewed) => isRenewed || end());
}

/** Takes the token of a link out of the address before anything else can read it there, else the one of this tab. */
export function startSession(): void {
  if (takeFromAddress()) return;
  const token = sessionStorage.getItem(tokenKey);
  const who = readWho(sessionStorage.getItem(whoKey));
  if (token !== null && who !== null) enter({ token, ...who });
}

/** @returns whether the address held a token that is one */
export function takeFromAddress(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return false;
  history.replaceState(history.state, '', location.pathname + location.search);
  const read = readToken(token);
  if (read === null) return false;
  forgetTokens();
  enter({ token, ...read });
  return true;
}

/** At once, by what the token says of itself; the API has the last word. */
function enter(session: Session): void {
  adoptSession(session);
  const { token } = session;
  void whoIs(token).then((who) => {
    if (who === 'refused') endSession(token);
    else if (who !== 'away' && state.session?.token === token) change({ ...state, session: { token, ...who } });
  });
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): SessionState {
  return useSyncExternalStore(onSessionChange, currentSession);
}

/** For the user who is signed in: a screen behind the sign-in has one. */
export function isAdministrator({ session }: SessionState): boolean {
  return session?.role === 'SESSION_ADMIN';
}

function readWho(text: string | null): Who | null {
  return text === null ? null : (JSON.parse(text) as Who);
}

/** The claims of a JWT. Its signature is the API's business. */
function readToken(token: string): Who | null {
  try {
    const claims = JSON.parse(decodePart(token.split('.')[1] ?? '')) as Record<string, unknown>;
    const { sub, role, brands } = claims;
    if (typeof sub !== 'string' || typeof role !== 'string') return null;
    return { userId: sub, role, brands: Array.isArray(brands) ? brands.map(String) : null, managerId: null };
  } catch {
    // Whatever is wrong with it, it is no session token.
    return null;
  }
}

function decodePart(part: string): string {
  const bytes = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
}
