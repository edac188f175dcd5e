/** Runs found, followed and steered in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { runRecord } from '../../support/runs.ts';

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

describe('a run', () => {
  it('is followed from waiting to its end', async () => {
    const { input } = await world.ask({ title: 'Pay out now?' }, [{ type: 'notify.manager', params: {} }]);
    const page = await world.open({ path: '/runs' });
    await page.getByRole('link', { name: input.executionId }).click();
    await page.getByRole('status').getByText('paused').waitFor();
    await page.getByRole('link', { name: 'Pay out now?' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('You have approved.').waitFor();
    await page.goBack();
    await page.getByRole('status').getByText('completed').waitFor();
    const actions = page.getByRole('list', { name: 'Actions' });
    await actions.getByText('approval.request').waitFor();
    await actions.getByText('notify.manager').waitFor();
    const temporal = page.getByRole('link', { name: 'Open in the Temporal UI' });
    expect(await temporal.getAttribute('href')).toContain(encodeURIComponent(input.executionId));
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  it('is paused, resumed and cancelled, for which a reason is asked', async () => {
    const { input } = await world.ask();
    const page = await world.open({ sub: 'ada', path: runPath(input.executionId) });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Pause the run' }).click();
    await page.getByRole('status').getByText('The run pauses before its next action.').waitFor();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Resume the run' }).click();
    await page.getByRole('status').getByText('The run goes on.').waitFor();

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
    await page.getByRole('status').getByText('paused').waitFor();
    expect(await page.getByRole('button', { name: /Pause|Cancel/ }).count()).toBe(0);
  });
});
