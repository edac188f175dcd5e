/** Stands in for the systems that the example rules call: takes their webhooks, mails and SMS and keeps count of them. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildMessageId } from '#libs/mail/mailer.ts';
import { startMailbox } from './example.mailbox.ts';

/** A mail or an SMS. */
export interface ArrivedMessage {
  channel: 'mail' | 'SMS';
  to: string;
  /** Subject of a mail, text of an SMS. */
  text: string;
}

export interface ExampleReceiver {
  /** `http://127.0.0.1:port` */
  url: string;
  /** `smtp://127.0.0.1:port` */
  smtpUrl: string;
  /** Where the worker sends its SMS. */
  smsUrl: string;
  /** Webhooks received so far from runs of this event. */
  callsFor(eventId: string): number;
  /** Mails and SMS received so far. @param keys idempotency keys of the actions that may have sent them */
  messagesFor(keys: string[]): ArrivedMessage[];
  close(): Promise<void>;
}

/** This path answers as a receiver does that is gone for good: no retry can help. */
export const retiredPath = '/retired';
const smsPath = '/sms';

export async function startReceiver(ports: { http: number; smtp: number }): Promise<ExampleReceiver> {
  const keys: string[] = [];
  const texts: { key: string; to: string; text: string }[] = [];
  const mailbox = await startMailbox(ports.smtp);

  const take = (path: string | undefined, key: string, body: string): void => {
    if (path !== smsPath) keys.push(key);
    else {
      const { to, text } = JSON.parse(body) as { to: string; text: string };
      texts.push({ key, to, text });
    }
  };

  const server = createServer((request, response) => {
    // A call says which run and action it belongs to: its key holds the run's id, and that the event's and its origin.
    const key = request.headers['idempotency-key'];
    const answered = text(request).then((body) => {
      if (typeof key === 'string') take(request.url, key, body);
      const retired = request.url === retiredPath;
      response.writeHead(retired ? 410 : 200, { 'Content-Type': 'application/json' });
      response.end(retired ? '{"error":"this receiver is gone"}\n' : '{"received":true}\n');
    });
    // A worker that is killed hangs up in the middle of a call.
    answered.catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports.http, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The example receiver has no port');
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    smtpUrl: mailbox.url,
    smsUrl: `${url}${smsPath}`,
    callsFor: (eventId) => keys.filter((key) => key.includes(`:${eventId}~`)).length,
    messagesFor: (wanted) =>
      wanted.flatMap((key): ArrivedMessage[] => [
        ...mailbox.mails
          .filter(({ messageId, from }) => messageId === buildMessageId(key, from))
          .map(({ to, subject }) => ({ channel: 'mail' as const, to, text: subject })),
        ...texts.filter((one) => one.key === key).map(({ to, text }) => ({ channel: 'SMS' as const, to, text })),
      ]),
    close: async () => {
      await mailbox.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
