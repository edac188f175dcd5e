/** One command to all runs that a filter finds, asked for, watched and stopped in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBulkOperations } from '#libs/store/runs/bulk-operation.repository.ts';
import { createBulkOutcomes } from '#libs/store/runs/bulk-outcome.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { bulkActivities, bulkOperation, failRuns, startBulkWorker } from '../../support/bulk.ts';
import { checkScreens, type Screen } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { holdRuns } from '../../support/held-runs.ts';
import { runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';

let world: ConsoleWorld;
let stopWorker: (() => Promise<void>) | null = null;
const markup = '<b>bold</b><img src=x>';
const seeded = 'b'.repeat(32);

beforeAll(async () => {
  world = await ConsoleWorld.create();
  const long = `${markup} \u202Eright to left\u202C 🙂 ${'x'.repeat(10_000)}`;
  const { store } = world.runs;
  const texts = { reason: long, error: long, by: long.slice(0, 200), selection: { rule_id: long.slice(0, 500) } };
  await createBulkOperations(store).add(
    bulkOperation({ bulk_id: seeded, ...texts, status: 'failed', finished_at: '2026-01-02T00:00:01.000Z', total: 2 }),
  );
  const outcomes = createBulkOutcomes(store);
  await outcomes.take(seeded, [runRecord({ rule_name: long }), runRecord({ run_id: 'rule-1:event-2' })]);
  const result = { state: 'skipped', code: 'run_conflict', message: long, next_run_id: null } as const;
  await outcomes.settle(seeded, 'rule-1:event-1', result);
});
afterEach(async () => {
  await stopWorker?.();
  stopWorker = null;
});
afterAll(() => world?.close());

async function work(runsPerSecond: number): Promise<void> {
  stopWorker = await startBulkWorker(world.runs, bulkActivities(world.runs, runsPerSecond));
}
const record = (id: string) => createRunRecords(world.runs.store).get(id);
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const ended = (page: Page, status: string, timeout = 90_000) =>
  page.getByRole('status').getByText(status, { exact: true }).waitFor({ timeout });

describe('a retry of all failed runs', () => {
  it('takes the 500 that were counted, while new ones fail', async () => {
    const rule_id = uniqueName('rule');
    const runs = await failRuns(world.runs, 500, { rule_id });
    const page = await world.open({ path: `/runs?rule_id=${rule_id}&status=failed` });
    await page.getByRole('button', { name: 'Retry all that match' }).click();
    const asked = dialog(page, 'Retry all that match');
    await asked.getByText('500 runs match, on every page of the list.').waitFor();
    const later = await failRuns(world.runs, 20, { rule_id });
    await asked.getByRole('textbox', { name: 'Reason' }).fill('the receiver is back');
    await asked.getByRole('button', { name: 'Retry 500 runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Retry: bulk operation' }).waitFor();
    later.push(...(await failRuns(world.runs, 20, { rule_id })));
    await work(200);
    await page.getByText(/^[1-9]\d* of 500 runs/).waitFor({ timeout: 60_000 });
    later.push(...(await failRuns(world.runs, 10, { rule_id })));
    await ended(page, 'completed', 240_000);
    await expectShown(page.getByText('500 of 500 runs'));
    await expectShown(page.getByText('the receiver is back'));
    for (const run of later) expect(await record(`retry-1/${run}`)).toBeNull();
    for (const run of runs) expect(await record(`retry-1/${run}`)).toMatchObject({ retry_of: run });
    const outcomes = page.getByRole('region', { name: 'Outcome of each run' });
    expect(await outcomes.getByText('done').count()).toBe(50);
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    await outcomes.getByRole('link', { name: 'The run that goes on' }).first().click();
    await page.getByRole('status').getByText('completed').waitFor({ timeout: 60_000 });
  }, 360_000);

  it('is stopped, and shows which runs it has not reached', async () => {
    const rule_id = uniqueName('rule');
    await failRuns(world.runs, 120, { rule_id });
    const page = await world.open({ path: `/runs?rule_id=${rule_id}&status=failed` });
    await page.getByRole('button', { name: 'Retry all that match' }).click();
    await dialog(page, 'Retry all that match').getByRole('button', { name: 'Retry 120 runs' }).click();
    await work(2);
    await page.getByText(/^[1-9]\d* of 120 runs/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog(page, 'Stop').getByRole('button', { name: 'Stop the operation' }).click();
    await ended(page, 'stopped');
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('pending');
    await page.waitForURL(/state=pending/);
    await expectShown(page.getByRole('cell', { name: 'not reached' }));
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('done');
    await expectShown(page.getByRole('cell', { name: 'done' }));
    expect(await page.getByRole('button', { name: 'Stop', exact: true }).count()).toBe(0);
  });

  it('says of each run why it was passed over', async () => {
    const rule_id = uniqueName('rule');
    const [first = ''] = await failRuns(world.runs, 2, { rule_id });
    const url = `/api/workflow/runs/${encodeURIComponent(first)}/retry`;
    await world.api.as('SESSION_ADMIN', url, { method: 'POST', body: {} }, { sub: 'bert' });
    await vi.waitFor(async () => expect((await record(`retry-1/${first}`))?.status).toBe('completed'), 60_000);
    const page = await world.open({ path: `/runs?rule_id=${rule_id}&status=failed` });
    await page.getByRole('button', { name: 'Retry all that match' }).click();
    await dialog(page, 'Retry all that match').getByRole('button', { name: 'Retry 2 runs' }).click();
    await work(1000);
    await ended(page, 'completed');
    await expectShown(page.getByRole('row', { name: /passed over .*retried already/ }));
    await expectShown(page.getByText(/done: 1 · passed over: 1/));
  });

  it('is asked again where more match than were counted', async () => {
    const rule_id = uniqueName('rule');
    const held = await holdRuns(world.runs.store, rule_id, 2);
    const page = await world.open({ path: `/runs?rule_id=${rule_id}` });
    await page.getByRole('button', { name: 'Discard all that match' }).click();
    const asked = dialog(page, 'Discard all that match');
    const confirm = asked.getByRole('button', { name: 'Discard 2 runs' });
    await confirm.waitFor();
    // Decided before the count, recorded after it.
    await holdRuns(world.runs.store, rule_id, 1);
    await confirm.click();
    await asked.getByRole('alert').getByText('More runs match now than were counted').waitFor();
    await asked.getByRole('button', { name: 'Discard 3 runs' }).click();
    await work(1000);
    await ended(page, 'completed');
    expect(await record(held[0]!)).toMatchObject({ status: 'skipped', reason: 'discarded' });
  });
});

describe('who may', () => {
  it('is no dealer', async () => {
    const page = await world.open({ role: 'SESSION_DEALER', path: '/runs?status=failed' });
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.getByRole('region', { name: 'Runs' }).waitFor();
    expect(await page.getByRole('button', { name: /all that match/ }).count()).toBe(0);
    await page.goto(`${world.api.url}/console/bulk-operations`);
    await expectShown(page.getByRole('alert').getByText('Your session may not do this'));
  });

  it('a session for one brand counts and reaches its own runs alone', async () => {
    const rule_id = uniqueName('rule');
    const [oak = ''] = await failRuns(world.runs, 1, { rule_id, brand: 'oak' });
    const [elm = ''] = await failRuns(world.runs, 1, { rule_id, brand: 'elm' });
    const page = await world.open({ brands: ['oak'], path: `/runs?rule_id=${rule_id}` });
    await page.getByRole('button', { name: 'Retry all that match' }).click();
    await dialog(page, 'Retry all that match').getByRole('button', { name: 'Retry 1 run' }).click();
    await work(1000);
    await ended(page, 'completed');
    expect(await record(`retry-1/${oak}`)).not.toBeNull();
    expect(await record(`retry-1/${elm}`)).toBeNull();
    await page.goto(`${world.api.url}/console/bulk-operations`);
    await page.getByRole('region', { name: 'Bulk operations' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });
});

describe('each of its screens', () => {
  const screens: Screen[] = [
    ['/bulk-operations', /^Bulk operations$/],
    [`/bulk-operations/${seeded}`, /^Retry: bulk operation$/],
  ];
  checkScreens(() => world, screens, '<b>bold</b>');
});
