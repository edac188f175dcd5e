/** What can go wrong with a mail, as errors a person can act on. */
import { messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import { maskAddress, maskText } from '#libs/domain/masking/masking.ts';
import type { MailSettings } from './mail-settings.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

export interface MailAttempt {
  to: string;
  settings: MailSettings;
  /** Its own time was over. */
  timedOut: boolean;
  /** The server has the whole mail: it may have accepted it. */
  handedOver: boolean;
}

/** What nodemailer throws. */
interface SmtpFailure {
  code?: string;
  /** 4xx or 5xx, when the server said so. */
  responseCode?: number;
  /** What it answered to, e.g. `RCPT TO`. */
  command?: string;
}

const shownLength = 300;

export function mailError(thrown: unknown, attempt: MailAttempt): PermanentError | RetryableError {
  const { code = '', responseCode = 0, command = '' } = (thrown ?? {}) as SmtpFailure;
  const { host, port } = attempt.settings;
  const server = `The mail server ${host}:${port}`;
  // Unless it was refused, which is an answer.
  const unanswered = attempt.handedOver;
  const lost = (what: string): RetryableError =>
    new RetryableError(
      'mail_transport',
      unanswered ? `${server} has the mail and has not said that it takes it: ${what}` : `${server} ${what}`,
      { unanswered },
    );
  if (attempt.timedOut) return lost(unanswered ? 'it took too long' : 'took too long');
  // Not kept as the cause: it may quote what was said to the server.
  const said = withoutSecrets(messageOf(thrown), attempt);
  if (code === 'ETLS') {
    return new PermanentError('mail_tls', `${server} has no TLS as SMTP_TLS asks for: ${said}`);
  }
  if (responseCode >= 400 && responseCode < 500) {
    return new RetryableError('mail_deferred', `${server} cannot take the mail now: ${said}`);
  }
  if (responseCode >= 500 || code === 'EAUTH' || code === 'ENOAUTH') {
    return new PermanentError('mail_refused', `${server} refused ${whatToMend(code, command, attempt)}: ${said}`);
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return new PermanentError('mail_refused', `The mail cannot be sent: ${said}`);
  }
  return lost(unanswered ? said : `cannot be reached: ${said}`);
}

function whatToMend(code: string, command: string, { to, settings }: MailAttempt): string {
  if (code === 'EAUTH' || code === 'ENOAUTH' || command.startsWith('AUTH')) {
    return 'our credentials (correct SMTP_USER and SMTP_PASSWORD, or SMTP_URL)';
  }
  if (command.startsWith('RCPT')) {
    return `the recipient ${maskAddress(to)} (correct the customer's e-mail or the action's "to")`;
  }
  if (command.startsWith('MAIL')) return `the sender ${settings.from.address} (correct MAIL_FROM)`;
  return 'the mail';
}

/** Servers like to quote what they were sent. */
function withoutSecrets(text: string, { to, settings: { user, password } }: MailAttempt): string {
  let plain = text.replaceAll(to, maskAddress(to));
  for (const secret of [password, user]) if (secret !== null && secret !== '') plain = plain.replaceAll(secret, '***');
  const line = maskText(plain).replace(/\s+/g, ' ').trim();
  return shorten(line, shownLength);
}
