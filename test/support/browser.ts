import { chromium, type Browser } from 'playwright-core';
import { browserProgram } from '../../stack/browser.ts';

/** A browser without windows. It reaches this machine only: what a page loads from elsewhere is missing. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = browserProgram(process.env);
  if (executablePath === null) throw new Error('There is no browser: npm test installs one, or says how.');
  // The administrator's processes may not have a sandbox, and small machines have little shared memory.
  const args = [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  ];
  return chromium.launch({ executablePath, args });
}
