/**
 * An incoming webhook application: a secret URL to which another system posts operations. Its token is shown once, when
 * it is made; kept is the SHA-256 of it, which is drawn from 256 random bits.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '../values/sha256.ts';

/** What an administrator sets. */
export interface WebhookApplicationDraft {
  name: string;
  description: string;
  /** User of the directory in whose name operations are executed; null: the default identity of the installation. */
  impersonate_username: string | null;
  enabled: boolean;
}

export interface WebhookApplication extends WebhookApplicationDraft {
  application_id: string;
  /** +1 on each change. */
  version: number;
  /** ISO 8601 UTC, as all times here. */
  created_at: string;
  created_by: string;
  updated_at: string;
  updated_by: string;
  token_created_at: string;
}

export interface StoredWebhookApplication extends WebhookApplication {
  /** SHA-256 of the token, hex. */
  token_hash: string;
}

/** @returns the token as it is shown once, and what is kept of it */
export function drawToken(): { token: string; token_hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, token_hash: hashToken(token) };
}

export function hashToken(token: string): string {
  return sha256(token);
}

/** Whether a text can be a token at all: what cannot is not looked up. */
export function mayBeToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
