/** The way back from the provider, taken out of the address before anything else can read it there. */
import { callbackPath } from './provider.ts';

export interface Callback {
  /** What the provider says, in the query of its redirect. */
  answer: string;
  /** In a window of its own: the page that has opened it waits for the answer. */
  isPopup: boolean;
}

const returnKey = 'signalbox.return';
/** Of a window of its own, to the page that waits for this state. */
export const signInChannel = 'signalbox.sign-in';

/** Where the person was when they began to sign in. */
export function keepReturn(): void {
  sessionStorage.setItem(returnKey, location.pathname + location.search);
}

/** @returns null: this is no way back */
export function takeCallback(): Callback | null {
  if (location.pathname !== callbackPath) return null;
  const answer = location.search;
  const isPopup = new URLSearchParams(answer).get('state')?.startsWith('popup.') ?? false;
  const back = sessionStorage.getItem(returnKey);
  sessionStorage.removeItem(returnKey);
  history.replaceState(null, '', isOwnPage(back) ? back : '/console/');
  return { answer, isPopup };
}

/** Only a page of the console is gone back to. */
export function isOwnPage(path: string | null): path is string {
  return path !== null && /^\/console(?:[/?]|$)/.test(path) && !path.startsWith(callbackPath);
}

/** Gives the answer to the page that waits for it, and closes this window. */
export function handOver({ answer }: Callback): void {
  const channel = new BroadcastChannel(signInChannel);
  channel.postMessage(answer);
  channel.close();
  window.close();
}
