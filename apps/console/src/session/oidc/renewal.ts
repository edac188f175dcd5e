/**
 * Renews a session in time by its refresh token. Providers give another one each time and take each once, so tabs that
 * share one (a tab that was duplicated) take turns, and tell each other what they were given.
 */
import { adoptSession, currentSession, setRenewal } from '../session.ts';
import { refresh } from './code-flow.ts';
import { keepTokens, keptTokens, type Tokens } from './kept-tokens.ts';
import { loadProvider } from './provider.ts';

/** A token is renewed when a tenth of its time is left, or so many milliseconds. */
const marginMs = 60_000;
const longestTimerMs = 2_147_483_647;
const shared = 'signalbox.renewal';
/** How long a message of the tab that was first may take, in milliseconds. */
const messageMs = 100;

interface Renewed {
  /** The refresh token that is good no longer. */
  instead: string;
  tokens: Tokens;
}

let channel: BroadcastChannel | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let underWay: Promise<boolean> | null = null;

/** To be called whenever there are tokens, also after the page was loaded again. */
export function startRenewal(): void {
  const tokens = keptTokens();
  if (tokens?.refreshToken == null) return setRenewal(null);
  if (channel === null) {
    channel = new BroadcastChannel(shared);
    channel.addEventListener('message', ({ data }: MessageEvent<Renewed>) => {
      if (data.instead === keptTokens()?.refreshToken) take(data.tokens);
    });
  }
  setRenewal(renew);
  schedule(tokens);
}

function schedule({ endsAt }: Tokens): void {
  clearTimeout(timer);
  if (endsAt === null) return;
  const left = endsAt - Date.now();
  timer = setTimeout(() => void renew(), Math.min(Math.max(left - Math.min(marginMs, left / 10), 0), longestTimerMs));
}

/** @returns whether there is another token now */
function renew(): Promise<boolean> {
  // Not once it is this tab's turn: what the other tab was given may have come before.
  const before = currentSession().session?.token;
  underWay ??= inTurn(() => renewOnce(before))
    .catch(() => false)
    .finally(() => (underWay = null));
  return underWay;
}

/** @param before the token that is to be renewed */
async function renewOnce(before: string | undefined): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, messageMs));
  const { session } = currentSession();
  const kept = keptTokens();
  if (session === null || kept?.refreshToken == null) return false;
  // Another tab was first.
  if (session.token !== before) return true;
  const provider = await loadProvider();
  if (provider === null) return false;
  const tokens = await refresh(provider, kept);
  channel?.postMessage({ instead: kept.refreshToken, tokens } satisfies Renewed);
  take(tokens);
  return true;
}

function take(tokens: Tokens): void {
  const { session } = currentSession();
  if (session === null) return;
  keepTokens(tokens);
  adoptSession({ ...session, token: tokens.accessToken });
  schedule(tokens);
}

function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  return 'locks' in navigator ? navigator.locks.request(shared, work) : work();
}
