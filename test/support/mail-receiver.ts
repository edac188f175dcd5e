/** A real SMTP server that keeps what it is sent. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { MailSettings } from '#libs/mail/mail-settings.ts';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Came over TLS. */
  secure: boolean;
  /** Who logged in. */
  user: string | null;
  raw: string;
  parsed: Email;
}

export interface MailReceiver {
  /** How to reach it, without TLS and credentials. */
  settings: MailSettings;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

/** @param options of the server; by default it offers neither TLS nor a login */
export async function startMailReceiver(options: SMTPServerOptions = {}): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 1000,
    onData: callbackify(async (stream: Readable, session: SMTPServerSession) => {
      const raw = await text(stream);
      const { mailFrom, rcptTo } = session.envelope;
      mails.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        secure: session.secure,
        user: typeof session.user === 'string' ? session.user : null,
        raw,
        parsed: await PostalMime.parse(raw),
      });
    }),
    ...options,
  });
  // A client that hangs up is part of the tests.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    settings: {
      host: '127.0.0.1',
      port,
      tls: 'off',
      user: null,
      password: null,
      from: { name: 'Alder Markets', address: 'hello@alder.example' },
    },
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What an SMTP server answers instead of accepting. */
export function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}
