/** Signing in with the provider: by leaving the page, or in a window of its own, which leaves the page as it is. */
import { adoptSession } from '../session.ts';
import { SignInError } from '../sign-in-error.ts';
import { whoIs } from '../who.ts';
import { keepReturn, signInChannel } from './callback.ts';
import { beginSignIn, finishSignIn, type Pending } from './code-flow.ts';
import { keepTokens } from './kept-tokens.ts';
import type { Provider } from './provider.ts';
import { loadProvider } from './provider.ts';
import { startRenewal } from './renewal.ts';

const pendingKey = 'signalbox.pending';

/** Leaves the page, to come back to it. */
export async function leaveToSignIn(provider: Provider): Promise<void> {
  const { url, pending } = await beginSignIn(provider, 'page');
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  keepReturn();
  location.assign(url);
}

/** @param answer of the provider. @throws SignInError, or an error of the provider's answer */
export async function comeBack(answer: string): Promise<void> {
  const text = sessionStorage.getItem(pendingKey);
  sessionStorage.removeItem(pendingKey);
  if (text === null) throw new SignInError('not_asked');
  const provider = await loadProvider();
  if (provider === null) throw new SignInError('no_provider');
  await enter(provider, JSON.parse(text) as Pending, answer);
}

/**
 * @param popup a window that was opened by the click itself: one that is opened later is blocked. Its name of the page
 *   that has opened it may be lost on the way, so it answers by a channel.
 * @param signal gives it up
 */
export async function signInBeside(provider: Provider, popup: Window, signal: AbortSignal): Promise<void> {
  const { url, pending } = await beginSignIn(provider, 'popup');
  const channel = new BroadcastChannel(signInChannel);
  try {
    const answered = new Promise<string>((resolve, reject) => {
      channel.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (new URLSearchParams(data).get('state') === pending.state) resolve(data);
      });
      signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
    });
    popup.location.href = url;
    await enter(provider, pending, await answered);
  } finally {
    channel.close();
  }
}

async function enter(provider: Provider, pending: Pending, answer: string): Promise<void> {
  const tokens = await finishSignIn(provider, pending, new URLSearchParams(answer));
  const who = await whoIs(tokens.accessToken);
  if (who === 'refused') throw new SignInError('refused');
  if (who === 'away') throw new SignInError('api_away');
  keepTokens(tokens);
  adoptSession({ token: tokens.accessToken, ...who });
  startRenewal();
}
