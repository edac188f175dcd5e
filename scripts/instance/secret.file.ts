/** The secret that signs session tokens: made once for a state folder, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function secretFile(stateDir: string): string {
  return join(stateDir, 'session-secret');
}

/** @returns the secret of the environment, else that of the state folder; null when there is none yet */
export function readSecret(stateDir: string, env: NodeJS.ProcessEnv): string | null {
  if (env['SESSION_SECRET']) return env['SESSION_SECRET'];
  try {
    return readFileSync(secretFile(stateDir), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** As {@link readSecret}, but makes one where there is none. */
export function ensureSecret(stateDir: string, env: NodeJS.ProcessEnv): string {
  const known = readSecret(stateDir, env);
  if (known !== null) return known;
  mkdirSync(stateDir, { recursive: true });
  const secret = randomBytes(32).toString('base64url');
  // Written whole beside its place and linked into it: half a secret is never read.
  const draft = `${secretFile(stateDir)}.${process.pid}`;
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, secretFile(stateDir));
    return secret;
  } finally {
    rmSync(draft);
  }
}
