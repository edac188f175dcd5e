/** Stands in for a mail server: takes every mail and sends none. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface ArrivedMail {
  /** As the envelope says. */
  from: string;
  to: string;
  messageId: string;
  subject: string;
}

export interface ExampleMailbox {
  /** `smtp://127.0.0.1:port` */
  url: string;
  mails: readonly ArrivedMail[];
  close(): Promise<void>;
}

export async function startMailbox(port: number): Promise<ExampleMailbox> {
  const mails: ArrivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    closeTimeout: 500,
    onData: callbackify(async (stream: Readable, { envelope }: SMTPServerSession) => {
      const { messageId = '', subject = '' } = await PostalMime.parse(await text(stream));
      const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
      mails.push({ from, to: envelope.rcptTo.map(({ address }) => address).join(', '), messageId, subject });
    }),
  });
  const listening = once(server.server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
  // A worker that is killed hangs up in the middle of a mail.
  server.on('error', () => undefined);
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
