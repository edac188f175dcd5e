import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { keepFocus } from './app/keep-focus.ts';
import { startLanguages } from './i18n/i18n.ts';
import { showArrival } from './session/arrival.ts';
import { handOver, takeCallback } from './session/oidc/callback.ts';
import { keptTokens } from './session/oidc/kept-tokens.ts';
import { startSession, takeFromAddress } from './session/session.ts';

// Before the router looks at the address.
const callback = takeCallback();
if (callback?.isPopup === true) handOver(callback);
else start();

function start(): void {
  startSession();
  window.addEventListener('hashchange', takeFromAddress);
  startLanguages();
  if (callback !== null)
    void showArrival(import('./session/oidc/sign-in.ts').then((way) => way.comeBack(callback.answer)));
  else if (keptTokens() !== null) void import('./session/oidc/renewal.ts').then((renewal) => renewal.startRenewal());
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element "root"');
  keepFocus(document);
  createRoot(root).render(<App />);
}
