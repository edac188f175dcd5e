/** Where mails and SMS of the running instance go: to the example receiver, unless the user has named others. */
import type { ExampleReceiver } from './example.receiver.ts';

export interface Messaging {
  /** For the worker, beside what the user has set. */
  environment: Record<string, string>;
  /** Where each goes, for people; without credentials. */
  mail: string;
  sms: string;
  /** Whether every message arrives at the example receiver, so that it can count them. */
  isCounted: boolean;
  /** What the user should know. */
  note: string | null;
}

const exampleSender = 'signalbox <signalbox@broker.example>';

export function messagingOf(
  env: NodeJS.ProcessEnv,
  { smtpUrl, smsUrl }: Pick<ExampleReceiver, 'smtpUrl' | 'smsUrl'>,
): Messaging {
  const ownMail = ownServer(env);
  const ownSms = env['SMS_PROVIDER'] || null;
  const sender = env['MAIL_FROM'] || (ownMail === null ? exampleSender : senderOf(env));
  return {
    environment: {
      MAIL_FROM: sender,
      ...(ownMail === null && { SMTP_URL: smtpUrl }),
      ...(ownSms === null && { SMS_PROVIDER: 'http', SMS_HTTP_URL: smsUrl }),
    },
    mail: ownMail ?? `${smtpUrl} (example receiver)`,
    sms: ownSms === null ? `${smsUrl} (example receiver)` : `${ownSms} (SMS_PROVIDER)`,
    isCounted: ownMail === null && ownSms === null,
    note: ownMail === null || env['MAIL_FROM'] ? null : `MAIL_FROM is not set: mails are sent from ${sender}`,
  };
}

function ownServer(env: NodeJS.ProcessEnv): string | null {
  if (env['SMTP_URL']) return `${withoutCredentials(env['SMTP_URL'])} (SMTP_URL)`;
  return env['SMTP_HOST'] ? `${env['SMTP_HOST']} (SMTP_HOST)` : null;
}

/** A wrong URL is shown by the configuration's own message, not here. */
function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return 'a wrong URL';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** Most servers take mails only from clients that sign in. */
function senderOf(env: NodeJS.ProcessEnv): string {
  const url = env['SMTP_URL'];
  const user = env['SMTP_USER'] || (url && URL.canParse(url) ? decoded(new URL(url).username) : '');
  return /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(user) ? user : exampleSender;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an address then.
    return '';
  }
}
