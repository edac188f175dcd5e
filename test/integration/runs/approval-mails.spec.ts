/** Approvals announced by mail: through Temporal's mail queue and a real SMTP server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { createMailer } from '#libs/mail/mailer.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createCallOutcomes } from '#libs/store/runs/call-outcome.repository.ts';
import { createLocalActivities, createMailActivities } from '#temporal/activities/create-activities.ts';
import { attemptLines } from '#temporal/activities/outbound/attempt-line.ts';
import { mailTaskQueue } from '#temporal/contract/names.ts';
import { answerUpdate, reassignUpdate } from '#temporal/contract/run-messages.ts';
import { until } from '../../support/ingress.ts';
import { refusal, startMailReceiver, type MailReceiver } from '../../support/mail-receiver.ts';
import { RunWorld } from '../../support/run-world.ts';

const consoleUrl = 'https://console.example';
const admin = { userId: 'root', role: 'SESSION_ADMIN' };

let world: RunWorld;
let smtp: MailReceiver;
let stop: () => Promise<void>;
let refusals = 0;

beforeAll(async () => {
  world = await RunWorld.create();
  smtp = await startMailReceiver({
    onRcptTo: (_address, _session, done) => {
      refusals -= 1;
      done(refusals >= 0 ? refusal(451, 'later') : null);
    },
  });
  const managers = [
    { id: 11, name: 'Ada', email: 'ada@acme.example', enabled: true, roles: ['SESSION_DEALER'] },
    { id: 12, name: 'Bo', email: 'bo@acme.example', enabled: true, roles: ['SESSION_MANAGER'] },
    { id: 13, name: 'Cy', email: 'cy@acme.example', enabled: true, brands: ['other'], roles: ['SESSION_DEALER'] },
    { id: 14, name: 'Di', email: 'di@acme.example', enabled: true },
    { id: 15, name: 'Ed', enabled: true, roles: ['SESSION_DEALER'] },
  ];
  await createDirectory(world.store).load({ managers });
  const mail = {
    directory: { template: () => Promise.reject(new Error('no template is used')) },
    mailer: createMailer(smtp.settings),
    runContext: world.ports.runContext,
    callOutcomes: createCallOutcomes(world.store),
    attemptLine: attemptLines(world.temporal.client),
    maxUnanswered: 2,
  };
  const workers = [
    await world.worker(createLocalActivities({ ...world.ports, consoleUrl })),
    await world.worker(createMailActivities(mail), mailTaskQueue(world.taskQueue)),
  ];
  const running = workers.map((worker) => worker.run());
  stop = async () => {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
  };
});
afterAll(async () => {
  await stop?.();
  await smtp?.close();
  await world?.close();
});

const approvers = { roles: ['SESSION_DEALER'] };
const message = 'Asked for at https://ada:hunter2secret@bank.example/pay <script>';
const mailsOf = (token: string) => smtp.mails.filter(({ parsed }) => parsed.text?.includes(token));

async function ask(params: object = {}) {
  const action: RuleAction = {
    type: 'approval.request',
    params: { title: 'Pay 9000?', message, approvers, ...params },
  };
  const input = await world.claim([action]);
  const handle = await world.start(input);
  let token = '';
  await until('the run asks', async () => {
    const { items } = await createApprovals(world.store).list({ runId: input.executionId });
    token = items[0]?.token ?? '';
    return token !== '';
  });
  return { handle, token };
}

it('tells each manager who is asked once, with a link to the page and no way to decide', async () => {
  const { handle, token } = await ask();
  await until('the mail is there', () => mailsOf(token).length === 1);
  const [{ to, parsed, raw }] = mailsOf(token) as [MailReceiver['mails'][number]];
  expect(to).toEqual(['ada@acme.example']);
  expect(parsed.subject).toBe('Approval needed: Pay 9000?');
  const link = `${consoleUrl}/console/approvals/${token}`;
  expect(parsed.text).toContain(`\n${link}\n`);
  expect(parsed.html).toContain(`<a href="${link}">`);
  expect(parsed.html).not.toContain('<script>');
  expect(raw).not.toContain('hunter2secret');
  const links = [...(parsed.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
  expect(links).toEqual([link]);
  const input = {
    token,
    decision: 'approve' as const,
    by: { ...admin, role: 'SESSION_DEALER' },
    comment: null,
    data: null,
  };
  await handle.executeUpdate(answerUpdate, { args: [input] });
  await handle.result();
  expect(mailsOf(token)).toHaveLength(1);
});

it('tries again where the mail server puts it off, and tells those who are asked instead', async () => {
  refusals = 1;
  const { handle, token } = await ask();
  await until('the mail is there', () => mailsOf(token).length === 1);
  const input = {
    token,
    approvers: { roles: ['SESSION_DEALER'], users: ['12', 'di@acme.example'] },
    by: admin,
    reason: null,
  };
  await handle.executeUpdate(reassignUpdate, { args: [input] });
  await until('the others are told', () => mailsOf(token).length === 3);
  const told = mailsOf(token).flatMap(({ to }) => to);
  expect(told.sort()).toEqual(['ada@acme.example', 'bo@acme.example', 'di@acme.example']);
  await handle.cancel();
  await handle.result().catch(() => undefined);
});
