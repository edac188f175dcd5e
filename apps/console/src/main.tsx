import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startLanguages } from './i18n/i18n.ts';
import { startSession, takeFromAddress } from './session/session.ts';

// Before the router looks at the address.
startSession();
window.addEventListener('hashchange', takeFromAddress);
startLanguages();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');
createRoot(root).render(<App />);
