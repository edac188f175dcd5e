/** The overview in a browser: its numbers follow what happens, and lead to the lists that have so many. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { createSubscriptions } from '#libs/store/subscriptions/subscription.repository.ts';
import { approval } from '../../support/approvals.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { runRecord } from '../../support/runs.ts';
import { subscriptionRecord } from '../../support/subscriptions.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

/** The number of a tile, as it stands there. */
async function numberOf(page: Page, name: string): Promise<string> {
  const term = page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
  return (await term.locator('xpath=following-sibling::dd').innerText()).trim();
}

async function expectNumber(page: Page, name: string, number: string): Promise<void> {
  await expect.poll(() => numberOf(page, name), { timeout: 60_000 }).toBe(number);
}

/** Follows the number to its list. @returns the rows of the list */
async function follow(page: Page, part: string, number: string): Promise<number> {
  await page.getByRole('region', { name: part }).getByRole('link', { name: number, exact: true }).first().click();
  const rows = page.getByRole('region', { name: 'Runs' }).getByRole('row');
  await rows.first().waitFor();
  return (await rows.count()) - 1;
}

describe('the numbers', () => {
  it('follow a run that starts, waits for a person and fails, without a reload', async () => {
    const of = { brand: 'live' };
    const page = await world.open({ brands: ['live'] });
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    for (const name of ['Running', 'Held', 'Failed today', 'Waiting for people']) await expectNumber(page, name, '0');
    await expectShown(page.getByText('Nothing waits.'));

    await world.runs.claim([{ type: 'notify.manager', params: {} }], of);
    await expectNumber(page, 'Running', '1');
    const { input } = await world.ask({ title: 'Pay out live?' }, [], of);
    // The run asks under the brand of its input, which another session sees.
    const all = await world.open();
    await expectShown(all.getByRole('link', { name: 'Pay out live?' }));
    await expectNumber(all, 'Waiting for people', '1');
    await world.api.as('SESSION_ADMIN', `/api/workflow/runs/${encodeURIComponent(input.executionId)}/cancel`, {
      method: 'POST',
      body: { reason: 'test' },
    });
    await expectNumber(page, 'Failed today', '1');
    await expectNumber(all, 'Waiting for people', '0');
  });

  it('lead to the lists with the same number', async () => {
    const claimed_at = new Date().toISOString();
    const run = (run_id: string, status: 'running' | 'held' | 'failed', at = claimed_at) =>
      runRecord({ run_id, brand: 'lists', status, claimed_at: at });
    await createRunLedger(world.runs.store).claim([
      ...['a', 'b', 'c', 'd', 'e'].map((id) => run(`lists:r${id}`, 'running')),
      ...['a', 'b', 'c', 'd'].map((id) => run(`lists:h${id}`, 'held')),
      ...['a', 'b', 'c'].map((id) => run(`lists:f${id}`, 'failed')),
      run('lists:old', 'failed', '2026-01-01T00:00:00.000Z'),
    ]);
    const asked = [1, 2].map((n) =>
      approval({
        token: String(n).repeat(64),
        tenant: 'lists',
        title: `Asked ${n}`,
        asked_at: `2026-01-0${n}T00:00:00.000Z`,
      }),
    );
    for (const one of asked) await createApprovals(world.runs.store).put(one);

    const page = await world.open({ brands: ['lists'] });
    for (const number of ['5', '4', '3']) {
      expect(await follow(page, 'Runs', number)).toBe(Number(number));
      await page.getByRole('link', { name: 'Overview' }).click();
    }
    await page.getByRole('region', { name: 'People' }).getByRole('link', { name: '2', exact: true }).click();
    const list = page.getByRole('list', { name: 'Approvals' });
    await list.getByRole('link', { name: 'Asked 1' }).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(2);
    await page.goBack();
    await page.getByRole('link', { name: 'Asked 1' }).click();
    await page.getByRole('heading', { level: 1, name: 'Asked 1' }).waitFor();
  });

  it('are written by the language of the browser', async () => {
    const held = Array.from({ length: 1_234 }, (_, n) =>
      runRecord({ run_id: `many:${n}`, brand: 'many', status: 'held' }),
    );
    for (let at = 0; at < held.length; at += 500)
      await createRunLedger(world.runs.store).claim(held.slice(at, at + 500));
    const english = await world.open({ brands: ['many'] });
    await expectNumber(english, 'Held', '1,234');
    const german = await world.open({ brands: ['many'], browser: { locale: 'de-DE' } });
    await expectNumber(german, 'Zurückgehalten', '1.234');
  });

  it('lead to the subscriptions that fail', async () => {
    const subscriptions = createSubscriptions(world.runs.store);
    const fails = subscriptionRecord({ subscription_id: 'fails', name: 'Failing one', brands: ['sub'], failures: 3 });
    await subscriptions.add(fails, 10);
    const page = await world.open({ brands: ['sub'] });
    await expectNumber(page, 'Failing subscriptions', '1');
    await page.getByRole('region', { name: 'System' }).getByRole('link', { name: '1' }).click();
    await expectShown(page.getByText('Failing one'));
  });

  it('of the whole are withheld from a session of some brands', async () => {
    const page = await world.open({ brands: ['oak'], role: 'SESSION_MANAGER' });
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await expectShown(page.getByRole('region', { name: 'System' }).getByText('not for you'));
    expect(await page.getByRole('region', { name: 'System' }).getByText('not for you').count()).toBe(2);
  });

  it('that cannot be told say so by themselves', async () => {
    // Its topics are not there: the ingress has never run.
    const page = await world.open();
    await expectShown(page.getByRole('region', { name: 'System' }).getByText('unknown', { exact: true }));
    expect(Number.isNaN(Number(await numberOf(page, 'Running')))).toBe(false);
  });
});

it('is shown again when the server is there again', async () => {
  const page = await world.open();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.route('**/api/workflow/overview*', (route) => route.abort());
  await expectShown(page.getByRole('alert').getByText('The server cannot be reached'));
  await page.unroute('**/api/workflow/overview*');
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

describe('screens', () => {
  checkScreens(() => world, [['/', /^Overview$/]]);
});
