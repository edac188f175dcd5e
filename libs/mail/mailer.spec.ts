import { afterEach, describe, expect, it } from 'vitest';
import type { SMTPServerOptions } from 'smtp-server';
import { refusal, startMailReceiver, type MailReceiver } from '../../test/support/mail-receiver.ts';
import { selfSigned } from '../../test/support/certificate.ts';
import { startTcpReceiver } from '../../test/support/receiver.ts';
import { createMailer, buildMessageId, type Mail } from './mailer.ts';
import type { MailSettings } from './mail-settings.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiver(options: SMTPServerOptions = {}): Promise<MailReceiver> {
  const started = await startMailReceiver(options);
  cleanups.push(() => started.close());
  return started;
}

const mail: Mail = {
  key: 'rule-1:event-1/action-0',
  to: 'maria@customer.example',
  subject: 'Olá, Maria',
  text: 'Bem-vinda\n.\nend',
  html: '<p>Bem-vinda</p>',
};
const login = { user: 'signalbox', password: 'correct-horse-battery' };
const certificate = selfSigned({ dnsNames: ['mail.test'] });
const withLogin: SMTPServerOptions = {
  disabledCommands: [],
  authMethods: ['PLAIN', 'LOGIN'],
  key: certificate.key,
  cert: certificate.cert,
  onAuth: ({ username, password }, _session, callback) =>
    password === login.password ? callback(null, { user: username }) : callback(refusal(535, `bad login ${password}`)),
};

function failureOf(
  settings: MailSettings,
  more: Partial<Mail> = {},
): Promise<Error & { code?: string; retryable?: boolean; unanswered?: boolean }> {
  return createMailer(settings)
    .send({ ...mail, ...more })
    .then(
      () => expect.fail('the mail was sent'),
      (error: Error) => error,
    );
}

describe('a mail', () => {
  it('R-169 arrives with both parts, its sender, subject and a Message-ID made of its key', async () => {
    const { settings, mails } = await receiver();
    const mailer = createMailer(settings);
    await mailer.send(mail);
    await mailer.send(mail);
    const [first, second] = mails;
    expect(first).toMatchObject({ from: 'hello@alder.example', to: ['maria@customer.example'] });
    expect(first?.parsed).toMatchObject({
      from: { name: 'Alder Markets', address: 'hello@alder.example' },
      to: [{ address: 'maria@customer.example' }],
      subject: 'Olá, Maria',
      messageId: buildMessageId(mail.key, 'hello@alder.example'),
    });
    expect(first?.parsed.text?.trim().replaceAll('\r', '')).toBe('Bem-vinda\n.\nend');
    expect(first?.parsed.html?.trim()).toBe('<p>Bem-vinda</p>');
    expect(first?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(second?.parsed.messageId).toBe(first?.parsed.messageId);
    expect(first?.parsed.messageId).toMatch(/^<[0-9a-f]{64}@alder\.example>$/);
  });

  it('has no other headers and recipients than its own, whatever its texts hold', async () => {
    const { settings, mails } = await receiver();
    await createMailer(settings).send({ ...mail, subject: 'Hi\r\nBcc: all@customer.example\r\n\r\nX-Evil: 1' });
    expect(mails[0]?.to).toEqual(['maria@customer.example']);
    expect(mails[0]?.parsed.subject).toBe('Hi Bcc: all@customer.example X-Evil: 1');
    expect(mails[0]?.parsed.headers.map(({ key }) => key)).not.toContain('bcc');
    const several = await failureOf(settings, { to: 'a@b.example>\r\nRCPT TO:<c@d.example' });
    expect(several).toMatchObject({ code: 'invalid_recipient', retryable: false });
    expect(mails).toHaveLength(1);
  });
});

describe('the connection', () => {
  it('is upgraded by STARTTLS before credentials are sent', async () => {
    const { settings, mails } = await receiver(withLogin);
    const ca = { certificateAuthorities: [certificate.cert] };
    // The certificate is for a name, the server is reached by it.
    const error = await failureOf({ ...settings, ...login, ...ca, tls: 'starttls' });
    expect(error).toMatchObject({ code: expect.stringMatching(/^mail_(tls|transport)$/) });
    expect(error.message).toContain("does not match certificate's altnames");
    await createMailer({ ...settings, ...login, tls: 'opportunistic' }).send(mail);
    expect(mails).toMatchObject([{ secure: true, user: 'signalbox' }]);
  });

  it('fails for good when TLS is asked for and not offered', async () => {
    const { settings, mails } = await receiver();
    expect(await failureOf({ ...settings, tls: 'starttls' })).toMatchObject({ code: 'mail_tls', retryable: false });
    expect(mails).toEqual([]);
  });

  it('fails for good when the login is refused, and never shows the password', async () => {
    const { settings } = await receiver(withLogin);
    const error = await failureOf({
      ...settings,
      user: 'signalbox',
      password: 'wrong-horse-battery',
      tls: 'opportunistic',
    });
    expect(error).toMatchObject({ code: 'mail_refused', retryable: false });
    expect(error.message).toContain('correct SMTP_USER and SMTP_PASSWORD');
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain('wrong-horse');
  });

  it('is tried again when no server listens', async () => {
    const gone = await startMailReceiver();
    await gone.close();
    expect(await failureOf(gone.settings)).toMatchObject({ code: 'mail_transport', retryable: true });
  });

  it('is given up when the server says nothing: the mail is surely not taken', async () => {
    const silent = await startTcpReceiver(() => undefined);
    cleanups.push(() => silent.close());
    const { settings } = await receiver();
    const error = await failureOf({ ...settings, port: silent.port, handOverWithinMs: 300 });
    expect(error).toMatchObject({ code: 'mail_transport', retryable: true, unanswered: false });
    await expect.poll(() => silent.open.size, { timeout: 30_000 }).toBe(0);
  });
});

describe('a server that has the mail', () => {
  const verdictAfter = (ms: number, verdict?: Error): SMTPServerOptions => ({
    onData: (stream, _session, callback) => {
      stream.resume();
      stream.on('end', () => void setTimeout(callback, ms, verdict));
    },
  });

  it('may think about it for longer than all that was before may take', async () => {
    const { settings } = await receiver(verdictAfter(1500));
    await expect(createMailer({ ...settings, handOverWithinMs: 1000 }).send(mail)).resolves.toBeUndefined();
  });

  it('may have taken it when its answer does not come', async () => {
    const { settings } = await receiver(verdictAfter(600_000));
    const error = await failureOf({ ...settings, verdictWithinMs: 300 });
    expect(error).toMatchObject({ code: 'mail_transport', retryable: true, unanswered: true });
    expect(error.message).toContain('has the mail and has not said that it takes it: it took too long');
  });

  it('has answered when it refuses it', async () => {
    const { settings } = await receiver(verdictAfter(0, refusal(451, 'come back later')));
    expect(await failureOf(settings)).toMatchObject({ code: 'mail_deferred', retryable: true, unanswered: false });
  });

  it('may have taken it when the connection ends before the answer', async () => {
    const { settings } = await receiver();
    const hangUp = await startTcpReceiver((socket) => {
      let said = '';
      socket.write('220 ready\r\n');
      socket.on('data', (data) => {
        said += data.toString();
        if (said.endsWith('\r\n.\r\n')) socket.destroy();
        else if (said.endsWith('DATA\r\n')) socket.write('354 go on\r\n');
        else if (!said.includes('DATA\r\n')) socket.write('250 yes\r\n');
      });
    });
    cleanups.push(() => hangUp.close());
    const lost = await failureOf({ ...settings, port: hangUp.port });
    expect(lost).toMatchObject({ code: 'mail_transport', retryable: true, unanswered: true });
  });

  it('has not taken it when the connection ends before the mail does', async () => {
    const hangUp = await startTcpReceiver((socket) => {
      socket.write('220 ready\r\n');
      socket.on('data', (data) => {
        if (data.toString().startsWith('DATA')) socket.destroy();
        else socket.write('250 yes\r\n');
      });
    });
    cleanups.push(() => hangUp.close());
    const { settings } = await receiver();
    const lost = await failureOf({ ...settings, port: hangUp.port });
    expect(lost).toMatchObject({ code: 'mail_transport', retryable: true, unanswered: false });
  });
});

describe('a server that does not take the mail', () => {
  it('refuses the recipient for good: the error says what to mend', async () => {
    const { settings } = await receiver({
      onRcptTo: ({ address }, _session, callback) => callback(refusal(550, `5.1.1 <${address}> user unknown`)),
    });
    const error = await failureOf(settings);
    expect(error).toMatchObject({ code: 'mail_refused', retryable: false });
    expect(error.message).toMatch(/refused the recipient m\*\*\*@customer\.example \(correct the customer's e-mail or/);
    expect(error.message).toContain('user unknown');
    expect(error.message).not.toContain('maria@');
  });

  it('refuses the sender for good', async () => {
    const { settings } = await receiver({
      onMailFrom: (_address, _session, callback) => callback(refusal(553, '5.7.1 not your address')),
    });
    expect((await failureOf(settings)).message).toContain('the sender hello@alder.example (correct MAIL_FROM)');
  });

  it('puts it off: it is tried again', async () => {
    const { settings } = await receiver({
      onRcptTo: (_address, _session, callback) => callback(refusal(451, '4.7.1 greylisted, come back later')),
    });
    const error = await failureOf(settings);
    expect(error).toMatchObject({ code: 'mail_deferred', retryable: true });
    expect(error.message).toContain('greylisted');
  });
});
