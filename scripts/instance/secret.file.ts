/** The secrets that sign tokens: each made once for a state folder, readable by its owner only. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const files = { SESSION_SECRET: 'session-secret', WEBHOOK_TOKEN_SECRET: 'webhook-token-secret' } as const;
type SecretName = keyof typeof files;

function secretFile(stateDir: string, name: SecretName): string {
  return join(stateDir, files[name]);
}

/** @returns the secret of the environment, else that of the state folder; null when there is none yet */
export function readSecret(
  stateDir: string,
  env: NodeJS.ProcessEnv,
  name: SecretName = 'SESSION_SECRET',
): string | null {
  if (env[name]) return env[name];
  try {
    return readFileSync(secretFile(stateDir, name), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** As {@link readSecret}, but makes one where there is none. */
export function ensureSecret(stateDir: string, env: NodeJS.ProcessEnv, name: SecretName = 'SESSION_SECRET'): string {
  const known = readSecret(stateDir, env, name);
  if (known !== null) return known;
  mkdirSync(stateDir, { recursive: true });
  const secret = randomBytes(32).toString('base64url');
  // Written whole beside its place and linked into it: half a secret is never read.
  const draft = `${secretFile(stateDir, name)}.${process.pid}`;
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, secretFile(stateDir, name));
    return secret;
  } finally {
    rmSync(draft);
  }
}
