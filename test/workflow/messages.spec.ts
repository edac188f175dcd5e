/** Mails and SMS as a run sends them: the real activities, a real mail server and a real HTTP provider. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { MessageTemplate, WantedTemplate } from '#libs/domain/directory/outbound.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { createHttpClient } from '#libs/http/http-client.ts';
import { createMailer } from '#libs/mail/mailer.ts';
import type { MailSettings } from '#libs/mail/mail-settings.ts';
import { createSmsSender } from '#libs/sms/sms-sender.ts';
import { createSendSms, createMailActivities } from '#temporal/activities/create-activities.ts';
import { refusal, startMailReceiver } from '../support/mail-receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment, type FinishedRun } from './run-harness.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const context: RunInput['context'] = {
  brand: 'alder',
  event: { amount: 1200, note: '<b>bold</b>', tiny: 1e-7 },
  customer: {
    id: 'C-1',
    first_name: 'Maria',
    email: 'maria@customer.example',
    phone: '+55 11 98765-4321',
    language: 'pt',
  },
};

const templates: MessageTemplate[] = [
  {
    code: 'welcome_br',
    channel: 'email',
    subject: 'Olá {{customer.first_name}} {{event.note}}',
    html: '<p>{{event.amount}} {{event.note}}{{customer.absent}}</p>',
  },
  // The limit falls into the emoji.
  { code: 'long', channel: 'email', subject: `${'x'.repeat(299)}😀x`, text: 'Hi' },
  { code: 'long', channel: 'sms', text: `{{event.tiny}} ${'x'.repeat(1588)}😀x` },
  { code: 'win_back', channel: 'sms', text: 'Volte, {{customer.first_name}}!' },
];

const asked: WantedTemplate[] = [];
const directory = {
  template: (wanted: WantedTemplate) => {
    asked.push(wanted);
    const found = templates.find(({ code, channel }) => code === wanted.code && channel === wanted.channel);
    if (found === undefined) throw new PermanentError('template_not_found', `no ${wanted.code}; there are: welcome_br`);
    return Promise.resolve(found);
  },
  endpoint: () => Promise.reject(new Error('no endpoint is asked for')),
};

const ports = () => ({ directory, ...Object.assign(new Recording(), { client: environment.client }).ports });

async function mailed(
  params: Record<string, unknown>,
  options: Parameters<typeof startMailReceiver>[0] = {},
  settings: Partial<MailSettings> = {},
) {
  const receiver = await startMailReceiver(options);
  cleanups.push(() => receiver.close());
  const mailer = createMailer({ ...receiver.settings, ...settings });
  const mailActivities = createMailActivities({ ...ports(), mailer });
  const run = await executeRun(environment, [{ type: 'send_email', params }], { input: { context }, mailActivities });
  return { mails: receiver.mails, outcome: outcomeOf(run), run };
}

/** @param answers statuses; null for none before the client gives up */
async function texted(params: Record<string, unknown>, answers: (number | null)[], retryAfter = '120') {
  const statuses = [...answers];
  const provider = await startReceiver((_request, response) => {
    const status = statuses.length === 0 ? 201 : statuses.shift();
    if (typeof status === 'number') response.writeHead(status, { 'Retry-After': retryAfter }).end('{}');
  });
  cleanups.push(() => provider.close());
  const http = createHttpClient({ allowedNetworks: ['127.0.0.0/8'], userAgent: 'signalbox/test' });
  cleanups.push(() => http.close());
  const sms = createSmsSender({ kind: 'http', url: provider.url, token: null, from: null }, http, 300);
  const sendSms = createSendSms({ ...ports(), sms });
  const run = await executeRun(environment, [{ type: 'send_sms', params }], {
    input: { context },
    httpActivities: { sendSms },
  });
  return { requests: provider.requests, outcome: outcomeOf(run), run };
}

function outcomeOf({ record }: FinishedRun) {
  return record?.actions[0];
}

describe('send_email', () => {
  it("R-169 R-180 sends a template to the customer, in the customer's language", async () => {
    const { mails, outcome } = await mailed({ template: 'welcome_br' });
    expect(mails).toHaveLength(1);
    expect(mails[0]?.to).toEqual(['maria@customer.example']);
    expect(mails[0]?.parsed.subject).toBe('Olá Maria <b>bold</b>');
    expect(mails[0]?.parsed.html?.trim()).toBe('<p>1200 &lt;b&gt;bold&lt;/b&gt;</p>');
    expect(mails[0]?.parsed.text?.trim()).toBe('1200 <b>bold</b>');
    expect(asked.at(-1)).toMatchObject({ channel: 'email', code: 'welcome_br', brand: 'alder', language: 'pt' });
    expect(outcome).toMatchObject({
      status: 'completed',
      detail: 'mail to m***@customer.example (template welcome_br)',
    });
  });

  it('R-169 cuts a subject that is too long between characters', async () => {
    const { mails } = await mailed({ template: 'long' });
    expect(mails[0]?.parsed.subject).toBe(`${'x'.repeat(299)}…`);
  });

  it('R-169 R-180 sends a subject and a body to the address of the action', async () => {
    const { mails } = await mailed({ subject: 'Hi', body: 'One & two\nthree', to: 'desk@broker.example' });
    expect(mails[0]?.to).toEqual(['desk@broker.example']);
    expect(mails[0]?.parsed.subject).toBe('Hi');
    expect(mails[0]?.parsed.text?.trim().replaceAll('\r', '')).toBe('One & two\nthree');
    expect(mails[0]?.parsed.html).toContain('One &amp; two<br>');
  });

  it('R-169 takes a subject alone, which is then the text, too', async () => {
    const { mails } = await mailed({ subject: 'Good to see you again' });
    expect(mails[0]?.parsed).toMatchObject({ subject: 'Good to see you again' });
    expect(mails[0]?.parsed.text?.trim()).toBe('Good to see you again');
  });

  it('is tried again while the server puts it off, under one Message-ID', async () => {
    let refused = 0;
    const { mails, outcome } = await mailed(
      { template: 'welcome_br' },
      { onRcptTo: (_address, _session, callback) => callback(++refused < 4 ? refusal(451, 'greylisted') : null) },
    );
    expect(mails).toHaveLength(1);
    expect(outcome).toMatchObject({ status: 'completed', attempts: 4 });
  });

  it('is handed over twice at most when the server has it and says nothing, and says that it may have arrived', async () => {
    let handedOver = 0;
    const { outcome } = await mailed(
      { template: 'welcome_br' },
      { onData: (stream) => void stream.resume().on('end', () => (handedOver += 1)) },
      { verdictWithinMs: 300 },
    );
    expect(handedOver).toBe(2);
    expect(outcome).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'mail_transport' } });
    expect(outcome?.error?.message).toContain('handed over 2 times without an answer, so it may have been delivered');
  });

  it('is tried for a day while nobody takes it', async () => {
    const before = await environment.currentTimeMs();
    let refused = 0;
    const { outcome } = await mailed(
      { template: 'welcome_br' },
      { onRcptTo: (_address, _session, callback) => callback(refusal(451, `greylisted ${++refused}`)) },
    );
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(86_400_000);
    expect(outcome).toMatchObject({ status: 'failed', attempts: refused, error: { code: 'mail_deferred' } });
    expect(refused).toBeGreaterThan(100);
  });

  it('fails at once when the server refuses the recipient', async () => {
    const { mails, outcome } = await mailed(
      { template: 'welcome_br' },
      { onRcptTo: (_address, _session, callback) => callback(refusal(550, 'no such user')) },
    );
    expect(mails).toEqual([]);
    expect(outcome).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'mail_refused' } });
  });

  it('fails for good without the template, without an address and without a server', async () => {
    expect((await mailed({ template: 'none' })).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'template_not_found', message: expect.stringContaining('there are: welcome_br') },
    });
    const nobody = { input: { context: { brand: null, event: {} } } };
    const run = await executeRun(environment, [{ type: 'send_email', params: { template: 'welcome_br' } }], nobody);
    expect(outcomeOf(run)).toMatchObject({
      error: { code: 'no_recipient', message: expect.stringContaining('customer.email') },
    });
    const mailActivities = createMailActivities({ ...ports(), mailer: null });
    const unable = await executeRun(environment, [{ type: 'send_email', params: { subject: 'Hi' } }], {
      input: { context },
      mailActivities,
    });
    expect(outcomeOf(unable)).toMatchObject({
      error: { code: 'mail_not_configured', message: expect.stringContaining('SMTP_URL') },
    });
  });
});

describe('send_sms', () => {
  it('R-170 R-180 sends a template to the customer once the provider takes it, with one idempotency key', async () => {
    const before = await environment.currentTimeMs();
    const { requests, outcome, run } = await texted({ template: 'win_back' }, [429, 503, 201]);
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array(3).fill(`${run.input.executionId}/action-0`),
    );
    expect(JSON.parse(requests[2]?.body ?? '')).toMatchObject({ to: '+5511987654321', text: 'Volte, Maria!' });
    expect(outcome).toMatchObject({ status: 'completed', attempts: 3, detail: 'SMS to +55***21 (template win_back)' });
    // It was left alone as long as it asked for.
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(240_000);
  });

  it('R-170 cuts a text that is too long between characters, and writes numbers in digits', async () => {
    const { requests } = await texted({ template: 'long' }, []);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ text: `0.0000001 ${'x'.repeat(1588)}…` });
  });

  it('R-170 leaves out the 0 that is dialled at home only', async () => {
    const { requests } = await texted({ body: 'Hi', to: '+44 (0)20 7946 0958' }, []);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ to: '+442079460958' });
  });

  it('is handed over twice at most when the provider has it and says nothing, and says that it may have arrived', async () => {
    const { requests, outcome } = await texted({ template: 'win_back' }, [null, null, null, null]);
    expect(requests).toHaveLength(2);
    expect(outcome).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'sms_timeout' } });
    expect(outcome?.error?.message).toContain('handed over 2 times without an answer, so it may have been delivered');
  });

  it('goes on after one that was not answered, and after any number that were refused', async () => {
    const { requests, outcome } = await texted({ template: 'win_back' }, [null, 503, 503, 503, 201]);
    expect(requests).toHaveLength(5);
    expect(outcome).toMatchObject({ status: 'completed', attempts: 5 });
  });

  it.each(['0', '000', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'is tried again after "Retry-After: %s"',
    async (retryAfter) => {
      const { requests, outcome } = await texted({ template: 'win_back' }, [503, 201], retryAfter);
      expect(requests).toHaveLength(2);
      expect(outcome).toMatchObject({ status: 'completed', attempts: 2 });
    },
  );

  it('R-170 R-180 sends a text to the number of the action', async () => {
    const { requests } = await texted({ body: 'Call us', to: '+49 (30) 1234567' }, []);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ to: '+49301234567', text: 'Call us' });
  });

  it('fails for good when the provider refuses it, and for a number that is none', async () => {
    const refused = await texted({ template: 'win_back' }, [400]);
    expect(refused.requests).toHaveLength(1);
    expect(refused.outcome).toMatchObject({ status: 'failed', error: { code: 'sms_refused' } });
    const wrong = await texted({ body: 'Hi', to: '0301234567' }, []);
    expect(wrong.requests).toEqual([]);
    expect(wrong.outcome).toMatchObject({ status: 'failed', error: { code: 'invalid_recipient' } });
  });
});

describe('webhook', () => {
  it('R-179 is always a POST, and an endpoint is no more than a name to the run', async () => {
    const actions = [
      { type: 'webhook', params: { url: 'https://example.com/a', method: 'GET', timeout_ms: 1 } },
      { type: 'webhook', params: { target: 'slack_notification' } },
    ];
    const { recording } = await executeRun(environment, actions, { input: { context } });
    expect(recording.calls.map(({ input }) => input)).toMatchObject([
      { url: 'https://example.com/a', method: 'POST', timeoutMs: 1000 },
      { url: '', method: 'POST', target: { name: 'slack_notification', brand: 'alder' } },
    ]);
  });
});
