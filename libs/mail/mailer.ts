/** Hands mails to the SMTP server of the configuration, one connection a mail. */
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { checkMailAddress } from '#libs/domain/actions/check-recipient.ts';
import { mailError } from './mail.errors.ts';
import type { MailSettings } from './mail-settings.ts';

export interface Mail {
  /** Idempotency key: the same `Message-ID` on every attempt. */
  key: string;
  /** One address, without a name. */
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface Mailer {
  /**
   * Resolves when the server has accepted the mail.
   * @throws PermanentError `mail_refused` (5xx), `mail_tls`, `invalid_recipient`; RetryableError `mail_deferred` (4xx),
   *   `mail_transport`, which is `unanswered` when the server has the whole mail
   */
  send(mail: Mail): Promise<void>;
}

/** Servers are slow on purpose to those they do not know yet. */
const answerWithinMs = 60_000;
const defaultHandOverWithinMs = 90_000;
/** RFC 5321, section 4.5.3.2.6: who gives up sooner sends mails twice. */
const defaultVerdictWithinMs = 600_000;

export function createMailer(settings: MailSettings): Mailer {
  const { host, port, tls, user, password, from, certificateAuthorities } = settings;
  const { handOverWithinMs = defaultHandOverWithinMs, verdictWithinMs = defaultVerdictWithinMs } = settings;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    // Where plain text is allowed, an unverified certificate is still better.
    tls: { rejectUnauthorized: tls !== 'opportunistic', ...(certificateAuthorities && { ca: certificateAuthorities }) },
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: 20_000,
    greetingTimeout: answerWithinMs,
    // Its silence after the mail may last longer than all that was before: `Course` ends each in its time.
    socketTimeout: handOverWithinMs + verdictWithinMs,
    // Texts are texts: nothing in them may be taken for a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.use('stream', ({ data, message }, done) => {
    const { onRead } = data as { onRead?: () => void };
    // Read to its end, that is, not only composed: nodemailer reads it when the server asks for it.
    message.processFunc((mail) => mail.once('end', () => onRead?.()));
    done();
  });
  return {
    async send({ key, to, subject, text, html }) {
      // Whatever else is in there, an SMTP library may read a second address into it.
      const issue = checkMailAddress(to);
      if (issue !== null) throw new PermanentError('invalid_recipient', `The recipient ${issue}`);
      const course = new Course({ handOverWithinMs, verdictWithinMs });
      const mail = {
        from,
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        messageId: buildMessageId(key, from.address),
        subject: oneLine(subject),
        text,
        html,
        // RFC 3834: answering machines do not answer.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: course.signal,
        onRead: () => course.handOver(),
      };
      try {
        await transport.sendMail(mail);
      } catch (error) {
        const { isHandedOver: handedOver, signal } = course;
        throw mailError(error, { to, settings, timedOut: signal.aborted, handedOver });
      } finally {
        course.end();
      }
    },
  };
}

/** How far a mail has come, and how long that may take. */
class Course {
  isHandedOver = false;
  readonly #controller = new AbortController();
  readonly #verdictWithinMs: number;
  #timer: NodeJS.Timeout;

  constructor({ handOverWithinMs, verdictWithinMs }: { handOverWithinMs: number; verdictWithinMs: number }) {
    this.#verdictWithinMs = verdictWithinMs;
    this.#timer = this.#abortIn(handOverWithinMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The last of it has been read: the dot that ends it goes out now. Before, no server can have taken it. */
  handOver(): void {
    this.isHandedOver = true;
    clearTimeout(this.#timer);
    this.#timer = this.#abortIn(this.#verdictWithinMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #abortIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new Error('took too long')), milliseconds);
  }
}

/** RFC 5322 `msg-id`, made of the key alone. @returns with its brackets */
export function buildMessageId(key: string, from: string): string {
  const domain = domainToASCII(from.slice(from.lastIndexOf('@') + 1)) || 'signalbox.invalid';
  return `<${createHash('sha256').update(key).digest('hex')}@${domain}>`;
}

/** A line break would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
