/** Runs found, followed and steered in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createLifecycleLog } from '#libs/store/lifecycle/lifecycle-log.repository.ts';
import { createDeliveryAttempts } from '#libs/store/subscriptions/delivery-attempt.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { failRuns } from '../../support/bulk.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { holdRuns } from '../../support/held-runs.ts';
import { runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';
import { deliveryAttempt, subscriptionRecord } from '../../support/subscriptions.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

const rows = (page: Page) => page.getByRole('region', { name: 'Runs' }).getByRole('row');
const row = (page: Page, text: string) => rows(page).filter({ hasText: text });
const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;

async function claimed(...records: Parameters<typeof runRecord>[0][]): Promise<void> {
  await createRunLedger(world.runs.store).claim(records.map((one) => runRecord(one)));
}

describe('the list', () => {
  it('keeps its filters in the address, through Back and a reload', async () => {
    await claimed(
      { run_id: 'list:failed', rule_id: 'list', customer_id: 'c-7', status: 'failed' },
      { run_id: 'list:done', rule_id: 'list', customer_id: 'c-7', status: 'completed' },
      { run_id: 'list:other', rule_id: 'list', customer_id: 'c-8', status: 'failed' },
    );
    const page = await world.open({ path: '/runs?rule_id=list' });
    await row(page, 'list:other').waitFor();
    const filters = page.getByRole('search', { name: 'Filters' });
    await filters.getByLabel('Status').selectOption('failed');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, 'list:done').waitFor({ state: 'detached' });
    await filters.getByLabel('Customer id').fill('c-7');
    await filters.getByLabel('From').fill('2025-12-31T23:00');
    await filters.getByLabel('Customer id').press('Enter');
    await row(page, 'list:other').waitFor({ state: 'detached' });
    const address = new URL(page.url());
    expect(Object.fromEntries(address.searchParams)).toEqual({
      rule_id: 'list',
      status: 'failed',
      customer_id: 'c-7',
      from: '2025-12-31T22:00:00.000Z',
    });

    await page.reload();
    await row(page, 'list:failed').waitFor();
    expect(await rows(page).count()).toBe(2);
    expect(await filters.getByLabel('From').inputValue()).toBe('2025-12-31T23:00');
    await page.goBack();
    await row(page, 'list:other').waitFor();
    expect(await filters.getByLabel('Customer id').inputValue()).toBe('');
    expect(await filters.getByLabel('Status').inputValue()).toBe('failed');
    await page.goBack();
    await row(page, 'list:done').waitFor();
  });

  it('leads to a run whatever its id is like', async () => {
    const run_id = 'odd:a/b c%2F?d=1#ü';
    await claimed({ run_id, rule_id: 'odd', rule_name: 'Odd one' });
    const page = await world.open({ path: '/runs?rule_id=odd' });
    await page.getByRole('link', { name: run_id }).click();
    await page.getByRole('heading', { name: 'Odd one' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Odd one' }).waitFor();
    await expectShown(page.getByText(run_id, { exact: true }));
  });

  it('says which filter is wrong', async () => {
    const page = await world.open({ path: '/runs?login=many' });
    await expectShown(page.getByRole('alert').getByText('A filter is wrong'));
  });

  it('comes in pages, and shows what is new without a reload', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    const ids = Array.from({ length: 51 }, (_, n) => ({ run_id: `pages:${n}`, rule_id: 'pages', claimed_at: at(n) }));
    await claimed(...ids);
    const page = await world.open({ path: '/runs?rule_id=pages' });
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'pages:0', exact: true }).waitFor();
    expect(await rows(page).count()).toBe(2);
    await page.goBack();
    await page.getByRole('link', { name: 'pages:50', exact: true }).waitFor();
    await claimed({ run_id: 'pages:new', rule_id: 'pages', claimed_at: at(100) });
    await row(page, 'pages:new').waitFor();
  });
});

describe('what a person chooses', () => {
  it('are columns, which this browser keeps', async () => {
    const error = { code: 'webhook_status', message: 'answered 500', action: null };
    await claimed({ run_id: 'columns:1', rule_id: 'columns', status: 'failed', error });
    const page = await world.open({ path: '/runs?rule_id=columns' });
    await row(page, 'columns:1').waitFor();
    expect(await page.getByRole('columnheader', { name: 'Error' }).count()).toBe(0);
    await page.getByText('Columns', { exact: true }).click();
    const choice = page.getByRole('group', { name: 'Columns' });
    await choice.getByRole('checkbox', { name: 'Error' }).check();
    await choice.getByRole('checkbox', { name: 'Trigger' }).uncheck();
    expect(await choice.getByRole('checkbox', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await row(page, 'webhook_status: answered 500').waitFor();
    await page.reload();
    await row(page, 'webhook_status: answered 500').waitFor();
    expect(await page.getByRole('columnheader', { name: 'Trigger' }).count()).toBe(0);
  });

  it('are views, each with how many runs match, however many there are', async () => {
    const many = Array.from({ length: 1001 }, (_, n) => ({ run_id: `views:${n}`, rule_id: 'views' }));
    for (let at = 0; at < many.length; at += 200) await claimed(...many.slice(at, at + 200));
    await claimed({ run_id: 'views:failed', rule_id: 'views', status: 'failed' });
    const page = await world.open({ path: '/runs?rule_id=views&status=failed' });
    await row(page, 'views:failed').waitFor();
    await page.getByText('Saved views', { exact: true }).click();
    const views = page.getByRole('list', { name: 'Saved views' });
    const save = async (name: string): Promise<void> => {
      await page.getByLabel('Name of the present filters').fill(name);
      await page.getByRole('button', { name: 'Save as a view' }).click();
    };
    await save('Failed views');
    await views.getByText('(1)').waitFor();
    await page.getByRole('search').getByLabel('Status').selectOption('');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('link', { name: 'Older' }).waitFor();
    await save('All <b>views</b>');
    await views.getByText('(1,000+)').waitFor();
    await page.reload();
    await views.getByRole('link', { name: 'Failed views' }).click();
    await row(page, 'views:failed').waitFor();
    expect(await rows(page).count()).toBe(2);
    await views.getByRole('button', { name: 'Remove All <b>views</b>' }).click();
    await views.getByText('All <b>views</b>').waitFor({ state: 'detached' });
  });

  it('is what runs wait for', async () => {
    const { input } = await world.ask();
    const page = await world.open({ path: '/runs?waits_for=approval' });
    await row(page, input.executionId).waitFor();
    const filters = page.getByRole('search', { name: 'Filters' });
    await filters.getByLabel('Waits for').selectOption('operator');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, input.executionId).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('waits_for')).toBe('operator');
  });
});

it('a connection that was lost and comes back shows what has happened meanwhile', async () => {
  await claimed({ run_id: 'lost:1', rule_id: 'lost' });
  const page = await world.open({ path: '/runs?rule_id=lost' });
  await row(page, 'lost:1').waitFor();
  await page.context().setOffline(true);
  await claimed({ run_id: 'lost:2', rule_id: 'lost' });
  await row(page, 'lost:1').waitFor();
  expect(await row(page, 'lost:2').count()).toBe(0);
  await page.context().setOffline(false);
  await row(page, 'lost:2').waitFor();
});

describe('a run that is held', () => {
  it('is released or discarded, once each', async () => {
    const rule = uniqueName('held');
    const [first = '', second = ''] = await holdRuns(world.runs.store, rule, 2);
    const page = await world.open({ path: runPath(first) });
    await page.getByRole('button', { name: 'Release', exact: true }).click();
    await page.getByRole('button', { name: 'Release the run' }).click();
    await page.getByRole('status').getByText('The run starts.').waitFor();
    await page
      .getByRole('status')
      .getByText(/^(completed|failed)$/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Release' }).count()).toBe(0);
    await page.goto(`${world.api.url}/console${runPath(second)}`);
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('button', { name: 'Discard the run' }).click();
    await page.getByRole('status').getByText('skipped').waitFor();
  });
});

describe('the page of a run', () => {
  it('shows its input, its events and what became of each, masked, and leads on', async () => {
    const [run = ''] = await failRuns(world.runs, 1, { rule_id: 'told', customer_id: 'c-told' });
    const event = { eventId: uniqueName('event'), executionId: run, sequence: 0, processId: 'told', tenantId: 'alpha' };
    const place = { topicId: 'topic', partition: 0, offset: 1 };
    const occurredAt = '2026-01-02T03:04:05.000Z';
    const text = JSON.stringify({ id: event.eventId, type: 'WorkflowStarted', time: occurredAt });
    await createLifecycleLog(world.runs.store).add([{ ...event, ...place, type: 'WorkflowStarted', occurredAt, text }]);
    const subscription = subscriptionRecord({ name: 'Billing <b>desk</b>' });
    const { subscription_id } = subscription;
    await createSubscriptions(world.runs.store).add(subscription, 10);
    const attempt = { subscription_id, event_id: event.eventId, execution_id: run };
    await createDeliveryAttempts(world.runs.store).add([
      deliveryAttempt({ ...attempt, outcome: 'failed', status: 503, error: 'answered 503' }),
      deliveryAttempt({ ...attempt, number: 2, at: '2026-01-02T03:05:05.000Z' }),
    ]);
    const page = await world.open({ path: runPath(run) });
    const deliveries = page.getByRole('list', { name: 'Deliveries' });
    await deliveries.getByText('Billing <b>desk</b>').waitFor();
    await expectShown(deliveries.getByText('Attempt 1: failed, HTTP 503'));
    await expectShown(deliveries.getByText('Attempt 2: delivered, HTTP 200'));
    await page.getByText('Action 1: add_note').click();
    await expectShown(page.getByText('done in the end'));

    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    const plan = page.getByRole('list', { name: 'What the retry does' });
    await plan.getByText('add_note: repeated').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Runs of this customer' }).click();
    await page.waitForURL(/customer_id=c-told/);
    await row(page, run).waitFor();

    const dealer = await world.open({ role: 'SESSION_DEALER', path: runPath(run) });
    await dealer.getByText('WorkflowStarted').waitFor();
    expect(await dealer.getByRole('list', { name: 'Deliveries' }).count()).toBe(0);
  });
});

describe('a run', () => {
  it('says in the list what it waits for, in the language that is chosen', async () => {
    const { input } = await world.ask({}, [], { customer_id: 'c-waits' });
    const at = '2026-01-02T03:04:05.000Z';
    const waits = {
      index: 0,
      type: 'delay',
      status: 'running' as const,
      attempts: 1,
      started_at: at,
      finished_at: null,
    };
    await claimed({ run_id: 'waits:time', customer_id: 'c-waits', status: 'running', actions: [waits] });
    const page = await world.open({ path: '/runs?customer_id=c-waits' });
    await row(page, input.executionId).getByText('waiting for an answer').waitFor();
    await row(page, 'waits:time').getByText('waiting for a time').waitFor();
    const filters = page.getByRole('search', { name: 'Filters' });
    await filters.getByLabel('Status').selectOption('paused, or waiting for an answer');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, 'waits:time').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('status')).toBe('paused');

    const german = await world.open({ path: '/runs?customer_id=c-waits', browser: { locale: 'de-DE' } });
    await german.getByText('wartet auf eine Antwort', { exact: true }).waitFor();
    await german.getByText('wartet auf einen Zeitpunkt', { exact: true }).waitFor();
  });

  it('is followed from waiting to its end', async () => {
    const { input } = await world.ask({ title: 'Pay out now?' }, [{ type: 'notify.manager', params: {} }]);
    const page = await world.open({ path: '/runs' });
    await page.getByRole('link', { name: input.executionId }).click();
    await page.getByRole('status').getByText('waiting for an answer').waitFor();
    await page.getByRole('link', { name: 'Pay out now?' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('You have approved.').waitFor();
    await page.goBack();
    await page.getByRole('status').getByText('completed').waitFor();
    const actions = page.getByRole('list', { name: 'Actions' });
    await actions.getByText('Ask people for approval, and wait').waitFor();
    await actions.getByText('Notify a manager').waitFor();
    const temporal = page.getByRole('link', { name: 'Open in the Temporal UI' });
    expect(await temporal.getAttribute('href')).toContain(encodeURIComponent(input.executionId));
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  it('is paused, resumed and cancelled, for which a reason is asked', async () => {
    const { input } = await world.ask();
    const page = await world.open({ sub: 'ada', path: runPath(input.executionId) });
    const resume = page.getByRole('button', { name: 'Resume', exact: true });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Pause the run' }).click();
    await page.getByRole('status').getByText('The run pauses before its next action.').waitFor();
    await page.getByText('Paused by ada').waitFor();
    await page.getByRole('status').getByText('paused', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).count()).toBe(0);
    await resume.click();
    await page.getByRole('button', { name: 'Resume the run' }).click();
    await page.getByRole('status').getByText('The run goes on.').waitFor();
    await resume.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel' });
    const confirm = dialog.getByRole('button', { name: 'Cancel the run' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('the customer asked for it');
    await confirm.click();
    await page.getByRole('status').getByText('failed').waitFor();
    await page.getByRole('list', { name: 'Interventions' }).getByText('the customer asked for it').waitFor();
    expect(await world.runs.record(input)).toMatchObject({
      status: 'failed',
      interventions: [
        { what: 'pause', by: 'ada' },
        { what: 'resume', by: 'ada' },
        { what: 'cancel', by: 'ada', reason: 'the customer asked for it' },
      ],
    });
  });

  it('that has failed is retried as a run of its own', async () => {
    const { input } = await world.ask();
    const page = await world.open({ path: runPath(input.executionId) });
    await world.api.as('SESSION_ADMIN', `/api/workflow${runPath(input.executionId)}/cancel`, {
      method: 'POST',
      body: { reason: 'test' },
    });
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('button', { name: 'Retry the run' }).click();
    await page.getByRole('link', { name: 'To the run that goes on' }).click();
    await expectShown(page.getByRole('link', { name: input.executionId, exact: true }));
  });

  it('shows who is no administrator nothing to steer it by', async () => {
    const { input } = await world.ask();
    const page = await world.open({ role: 'SESSION_DEALER', path: runPath(input.executionId) });
    await page.getByRole('status').getByText('waiting for an answer').waitFor();
    expect(await page.getByRole('button', { name: /Pause|Cancel/ }).count()).toBe(0);
  });
});
