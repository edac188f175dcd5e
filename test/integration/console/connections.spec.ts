/** Connections of downstream developers, made and looked after in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ConsoleWorld } from '../../support/console.ts';
import { webhookApplication } from '../../support/hooks.ts';
import { until } from '../../support/ingress.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { subscriptionRecord } from '../../support/subscriptions.ts';
import { webhookRecord } from '../../support/workflow-webhooks.ts';

const settings = { SUBSCRIPTION_ALLOW_HTTP: 'true', WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' };
const hostile = '<b>bold</b> \u202Eright to left\u202C 🙂 ';

let world: ConsoleWorld;
let receiver: Receiver;
let status = 200;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await ConsoleWorld.create(settings);
  closing.push(() => world.close());
  receiver = await startReceiver((_, response) => void response.writeHead(status).end(hostile));
  closing.push(() => receiver.close());
  const { store } = world.runs;
  const name = `${hostile}${'x'.repeat(100)}`;
  await createSubscriptions(store).add(subscriptionRecord({ subscription_id: 'hostile', name, status: 'paused' }), 10);
  await createSubscriptions(store).add(
    subscriptionRecord({ subscription_id: 'of-oak', name: 'of oak', brands: ['oak'], status: 'paused' }),
    10,
  );
  await createDeliveryAttempts(store).add([
    {
      attempt_id: 'attempt-1',
      subscription_id: 'hostile',
      event_id: '00000000-0000-8000-8000-000000000000',
      execution_id: 'r:1',
      sequence: 0,
      type: 'WorkflowStarted',
      at: '2026-01-02T03:04:05.000Z',
      number: 1,
      outcome: 'failed',
      status: 500,
      error: null,
      excerpt: `${hostile}${'x'.repeat(400)}`,
      duration_ms: 3,
      next_at: null,
    },
  ]);
  await createWebhookApplications(store).add(
    webhookApplication({ application_id: '0123456789abcdef', name, description: hostile }),
  );
  await createWorkflowWebhooks(store).add(webhookRecord({ id: 'hostile', name, description: hostile }));
  const times = { created_at: '2026-01-02T03:04:05.000Z', created_by: 'ada', expires_at: null };
  await createApiKeys(store).add({
    ...times,
    api_key_id: 'fedcba9876543210',
    name,
    role: 'SESSION_ADMIN',
    brands: [hostile],
    hash: '00',
    revoked_at: null,
    revoked_by: null,
  });
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const said = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor();

/** The secret of the dialog, which Escape and a click beside it leave open, and which a button closes. */
async function takeSecret(page: Page, part: string): Promise<string> {
  const dialog = page.getByRole('dialog').filter({ hasText: 'This is shown once.' });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  const secret = (await dialog.locator(`[data-secret="${part}"]`).textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Copy', exact: false }).first().waitFor();
  const kept = await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href])');
  expect(kept).not.toContain(secret);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
  return secret;
}

/** Opens the dialog behind a button, fills its fields, and confirms it. */
async function act(page: Page, button: string, confirm = button, fields: Record<string, string> = {}): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name: confirm, exact: true }).click();
}

it('makes, tests and rotates a subscription, and sends it an event again', async () => {
  const page = await world.open({ path: '/connections' });
  await page.getByRole('link', { name: 'Webhook subscriptions' }).click();
  await act(page, 'New subscription', 'Create', { Name: 'billing', Address: receiver.url });
  const secret = await takeSecret(page, 'secret');
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole('link', { name: 'billing' }).click();
  await page.getByRole('heading', { level: 1, name: 'billing' }).waitFor();

  await act(page, 'Send a test');
  await said(page, /The receiver has taken it: 200/);
  expect(receiver.requests).toHaveLength(1);
  status = 400;
  await act(page, 'Send a test');
  await said(page, /The receiver has not taken it: .*400/);

  const input = await world.runs.claim([]);
  await world.runs.start(input);
  const failed = page.getByRole('row', { name: /failed.*WorkflowCompleted/ }).first();
  await failed.waitFor();
  await page.getByRole('region', { name: 'Waiting for their next attempt' }).getByRole('row').nth(1).waitFor();
  status = 200;
  const before = receiver.requests.length;
  await failed.getByRole('button', { name: /^Send .* again$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send again', exact: true }).click();
  await said(page, 'The event will be sent.');
  await until('it is sent again', () => receiver.requests.length > before);
  await page
    .getByRole('row', { name: /delivered.*WorkflowCompleted/ })
    .first()
    .waitFor();

  await act(page, 'New secret');
  expect(await takeSecret(page, 'secret')).not.toBe(secret);
  await act(page, 'Change', 'Save', { Name: 'invoices' });
  await page.getByRole('heading', { level: 1, name: 'invoices' }).waitFor();
  await act(page, 'Send a range again', 'Send a range again', { 'Kept from': '2026-01-01T00:00' });
  await said(page, /events? of the range/);
  await act(page, 'Pause');
  await said(page, 'The subscription is paused.');
  await act(page, 'Resume');
  await said(page, 'The subscription is active.');
  await act(page, 'Delete');
  await page.getByRole('heading', { level: 1, name: 'Webhook subscriptions' }).waitFor();
  await page.getByRole('link', { name: 'invoices' }).waitFor({ state: 'detached' });
});

it('makes, changes, disables and deletes an incoming webhook application', async () => {
  const page = await world.open({ path: '/connections/applications' });
  await act(page, 'New application', 'Create', { Name: 'crm' });
  const url = await takeSecret(page, 'url');
  expect(new URL(url).pathname).toContain('/hooks/');
  await page.getByRole('link', { name: 'crm' }).click();
  await page.getByRole('heading', { level: 1, name: 'crm' }).waitFor();
  await act(page, 'New token');
  expect(await takeSecret(page, 'url')).not.toBe(url);
  await act(page, 'Disable');
  await said(page, 'The application is disabled.');
  await act(page, 'Enable');
  await said(page, 'The application is enabled.');
  await act(page, 'Change', 'Save', { Description: 'Requests of the CRM' });
  await page.getByText('Requests of the CRM').first().waitFor();
  await act(page, 'Delete');
  await page.getByRole('heading', { level: 1, name: 'Incoming webhook applications' }).waitFor();
  await page.getByRole('link', { name: 'crm' }).waitFor({ state: 'detached' });
});

it('makes a workflow webhook whose events are taken, gives it another key, and revokes the first', async () => {
  const page = await world.open({ path: '/connections/webhooks' });
  const fields = { Id: 'registrations', Name: 'Registrations', 'Event types': 'user.registered = customer.registered' };
  await act(page, 'New workflow webhook', 'Create', fields);
  const key = await takeSecret(page, 'key');
  await page.getByRole('link', { name: 'Registrations' }).click();
  await page.getByText('user.registered → customer.registered').waitFor();
  await act(page, 'New API key', 'New API key', { 'Hours for which': '1' });
  expect(await takeSecret(page, 'key')).not.toBe(key);
  const keys = page.getByRole('region', { name: 'API keys of this webhook' });
  await keys.getByRole('row').nth(2).waitFor();
  await keys
    .getByRole('button', { name: /^Revoke/ })
    .last()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await said(page, 'The key is revoked.');
  await act(page, 'Switch off');
  await said(page, 'The webhook is off.');
  await act(page, 'Change', 'Save', { 'Event types': 'not a type' });
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click();
  await act(page, 'Delete');
  await page.getByRole('heading', { level: 1, name: 'Workflow webhooks' }).waitFor();
});

it('makes an API key that works until it is revoked', async () => {
  const page = await world.open({ path: '/connections/keys' });
  await act(page, 'New API key', 'Create', { Name: 'nightly import' });
  const key = await takeSecret(page, 'key');
  const ask = async () => (await world.api.ask('/api/workflow/runs', { authorization: `Bearer ${key}` })).status;
  expect(await ask()).toBe(200);
  await page.getByRole('button', { name: 'Revoke nightly import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await said(page, 'The key is revoked.');
  await page.getByRole('row', { name: /nightly import.*revoked/ }).waitFor();
  expect(await ask()).toBe(401);
});

it('keeps a secret on the page when it is to be left, unless that is confirmed', async () => {
  const page = await world.open({ path: '/connections' });
  await page.getByRole('link', { name: 'API keys' }).click();
  await act(page, 'New API key', 'Create', { Name: 'kept' });
  const dialog = page.getByRole('dialog').filter({ hasText: 'This is shown once.' });
  await dialog.waitFor();
  const asked = page.waitForEvent('dialog');
  await page.evaluate('history.back()');
  await (await asked).dismiss();
  expect(await dialog.isVisible()).toBe(true);
  expect(new URL(page.url()).pathname).toBe('/console/connections/keys');
});

describe('who sees what', () => {
  it('leads a dealer to the documentation alone, and shows no controls', async () => {
    const page = await world.open({ role: 'SESSION_DEALER', path: '/connections' });
    await page.getByText('Connections are made and looked at by administrators.').waitFor();
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    await page.getByRole('link', { name: 'The API (OpenAPI)' }).waitFor();
    await page.goto(`${world.api.url}/console/connections/keys`);
    await page.getByRole('alert').getByText('Your session may not do this').waitFor();
    expect(await page.getByRole('button', { name: 'New API key' }).count()).toBe(0);
  });

  it('shows a session of one brand what is of it, and no applications', async () => {
    const page = await world.open({ brands: ['oak'], path: '/connections' });
    await page.getByText('for administrators of all brands').waitFor();
    expect(await page.getByRole('link', { name: 'Incoming webhook applications' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Webhook subscriptions' }).click();
    await page.getByRole('link', { name: 'of oak' }).waitFor();
    expect(await page.getByText('bold').count()).toBe(0);
    await page.goto(`${world.api.url}/console/connections/subscriptions/hostile`);
    await page.getByRole('alert').getByText('There is no such subscription for you').waitFor();
  });
});

checkScreens(
  () => world,
  [
    ['/connections/subscriptions', /^Webhook subscriptions$/],
    ['/connections/subscriptions/hostile', /right to left/],
    ['/connections/applications', /^Incoming webhook applications$/],
    ['/connections/applications/0123456789abcdef', /right to left/],
    ['/connections/webhooks', /^Workflow webhooks$/],
    ['/connections/webhooks/hostile', /right to left/],
    ['/connections/keys', /^API keys$/],
  ],
  '<b>bold</b>',
);
checkScreens(() => world, [['/connections', /^Connections$/]]);
