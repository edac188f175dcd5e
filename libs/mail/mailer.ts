/** Hands mails to the SMTP server of the configuration, one connection a mail. */
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import { PermanentError } from '#libs/domain/errors.ts';
import { checkMailAddress } from '#libs/domain/recipient.ts';
import { mailError } from './mail.errors.ts';

export interface MailSettings {
  host: string;
  port: number;
  /** `implicit`: TLS from the first byte; `starttls`: TLS or nothing; `opportunistic`: TLS where it is offered. */
  tls: 'implicit' | 'starttls' | 'opportunistic' | 'off';
  user: string | null;
  password: string | null;
  from: { name: string; address: string };
  /** PEM of further certificate authorities, e.g. of an internal server. */
  certificateAuthorities?: string[];
}

export interface Mail {
  /** Idempotency key: the same `Message-ID` on every attempt. */
  key: string;
  /** One address, without a name. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Ends the attempt; `send` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface Mailer {
  /**
   * Resolves when the server has accepted the mail.
   * @throws PermanentError `mail_refused` (5xx), `mail_tls`, `invalid_recipient`; RetryableError `mail_deferred` (4xx), `mail_transport`
   */
  send(mail: Mail): Promise<void>;
}

/** Servers are slow on purpose to those they do not know yet. */
const answerWithinMs = 60_000;
/** The whole conversation. */
export const mailTimeoutMs = 90_000;

export function createMailer(settings: MailSettings): Mailer {
  const { host, port, tls, user, password, from, certificateAuthorities } = settings;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    // Where plain text would do, a certificate nobody can check is still better.
    tls: { rejectUnauthorized: tls !== 'opportunistic', ...(certificateAuthorities && { ca: certificateAuthorities }) },
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: 20_000,
    greetingTimeout: answerWithinMs,
    socketTimeout: answerWithinMs,
    // Texts are texts: nothing in them may be taken for a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ key, to, subject, text, html, signal }) {
      const deadline = AbortSignal.timeout(mailTimeoutMs);
      // Whatever else is in there, an SMTP library may read a second address into it.
      const mistake = checkMailAddress(to);
      if (mistake !== null) throw new PermanentError('invalid_recipient', `The recipient ${mistake}`);
      signal?.throwIfAborted();
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          envelope: { from: from.address, to: [to] },
          messageId: messageIdOf(key, from.address),
          subject: oneLine(subject),
          text,
          html,
          // RFC 3834: answering machines do not answer.
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw mailError(error, { to, settings, timedOut: deadline.aborted });
      }
    },
  };
}

/** RFC 5322 `msg-id`, made of the key alone. @returns with its brackets */
export function messageIdOf(key: string, from: string): string {
  const domain = domainToASCII(from.slice(from.lastIndexOf('@') + 1)) || 'signalbox.invalid';
  return `<${createHash('sha256').update(key).digest('hex')}@${domain}>`;
}

/** A line break would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
