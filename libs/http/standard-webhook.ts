/** Signed calls after the Standard Webhooks specification (https://www.standardwebhooks.com), symmetric form. */
import { createHmac } from 'node:crypto';

export interface SignedCall {
  /** The same on every attempt. */
  id: string;
  body: string;
  /** `whsec_` and the key in base64; several while one takes the place of another. */
  secret: string | readonly string[];
  /** Of this attempt. */
  at: Date;
}

/** @returns the headers `webhook-id`, `webhook-timestamp` (seconds since 1970) and `webhook-signature` */
export function signatureHeaders({ id, body, secret, at }: SignedCall): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = [secret].flat().map((one) => {
    const key = Buffer.from(one.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
