/** Rules found, tried, checked, switched on and rolled back in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import type { TestApi } from '../../support/api.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { expectShown } from '../../support/console.ts';
import { ruleDefinition } from '../../support/ingress.ts';
import { RuleConsole } from '../../support/rule-console.ts';
import { runInput, runRecord } from '../../support/runs.ts';

const script = '<img src=x onerror="document.title=\'hit\'"><b>bold</b>';
const hostile = `${script} \u202Eright to left\u202C 🙂 ${'x'.repeat(100)}`;
const trigger_event = 'customer.withdrew';
const less = (value: number) => ({ field: 'event.amount', operator: 'lt' as const, value });
const atLeast = (value: number) => ({ field: 'event.amount', operator: 'gte' as const, value });

let console: RuleConsole;
let strict: TestApi;
beforeAll(async () => {
  console = await RuleConsole.create();
  strict = await console.startApi({ RULES_FOUR_EYES: 'true' });
  await put('hostile', { name: hostile, description: hostile, brand: 'alpha', status: 'draft', priority: 1 });
  // It holds the other back, and so it is named where that one is checked.
  await put('hostile-first', { name: `First ${script}`, brand: 'alpha', priority: 0, stop_after: true });
});
afterAll(async () => {
  await strict?.close();
  await console?.close();
});

async function put(id: string, more: Partial<Parameters<typeof ruleDefinition>[0]>, by = 'test'): Promise<void> {
  const definition = ruleDefinition({ trigger_event, conditions: atLeast(5000), ...more });
  await console.world.rules.apply([{ id, definition }], by);
}
const stored = async (id: string) => (await console.world.rules.get(id))!;
const row = (page: Page, text: string) =>
  page.getByRole('region', { name: 'Rules' }).getByRole('row').filter({ hasText: text });

describe('the list', () => {
  it('shows rules in running order, with their last match, the runs of today and what is wrong', async () => {
    await put('list-b', { name: 'List two', brand: 'list', priority: 20 });
    await put('list-a', { name: 'List one', brand: 'list', priority: 10, status: 'draft' });
    const records = ['e-1', 'e-2'].map((event_id) =>
      runRecord({ run_id: `list-b:${event_id}`, rule_id: 'list-b', event_id, claimed_at: new Date().toISOString() }),
    );
    await createRunLedger(console.world.store).claim(records);
    const page = await console.open({ path: '/rules?brand=list' });
    await row(page, 'List two').getByRole('link', { name: '2', exact: true }).waitFor();
    const names = await page.getByRole('row').getByRole('link', { name: /^List/ }).allTextContents();
    expect(names).toEqual(['List one', 'List two']);
    await row(page, 'List one').getByText('draft').waitFor();
    await row(page, 'List two').getByText('active').waitFor();
    await row(page, 'List two').getByText('none').waitFor();
    expect(await row(page, 'List two').locator('time').count()).toBe(1);
    await row(page, 'List two').getByRole('link', { name: '2', exact: true }).click();
    await expectShown(page.getByRole('link', { name: 'list-b:e-1' }));
  });

  it('asks once what is wrong with all that it shows', async () => {
    const ids = ['once-a', 'once-b', 'once-c'];
    for (const id of ids) await put(id, { name: `Named ${id}`, brand: 'once', conditions: atLeast(5) });
    await put('once-old', { name: 'Named once-old', brand: 'once' });
    await console.world.rules.archive('once-old', 'test');
    const page = await console.open({ path: '/' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/^.api.*warnings/.test(pathname)) asked.push(pathname);
    });
    await page.goto(`${page.url().replace(/\/$/, '')}/rules?brand=once`);
    for (const id of ids) await row(page, `Named ${id}`).getByText('none').waitFor();
    expect(asked).toEqual(['/api/workflow/rule-warnings']);
  });

  it('finds rules by a text, and keeps its filters in the address, through Back', async () => {
    await put('found', { name: 'Watch big withdrawals', brand: 'search' });
    await put('other', { name: 'Say hello', brand: 'search', status: 'inactive' });
    const page = await console.open({ path: '/rules?brand=search' });
    await row(page, 'Say hello').waitFor();
    const filters = page.getByRole('search', { name: 'Filters' });
    await filters.getByLabel('Name or id').fill('BIG with');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, 'Say hello').waitFor({ state: 'detached' });
    await row(page, 'Watch big').waitFor();
    expect(new URL(page.url()).search).toBe('?search=BIG+with&brand=search');
    await page.goBack();
    await row(page, 'Say hello').waitFor();
    await filters.getByLabel('Status').selectOption('inactive');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, 'Watch big').waitFor({ state: 'detached' });
  });

  it('switches a rule off after asking, and leads to what switches it on', async () => {
    await put('off', { name: 'To be switched off', brand: 'off' });
    const page = await console.open({ path: '/rules?brand=off' });
    await page.getByRole('button', { name: 'Switch off: To be switched off' }).click();
    expect((await stored('off')).status).toBe('active');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch the rule off' }).click();
    await expectShown(page.getByRole('status').getByText('is switched off.'));
    expect(await stored('off')).toMatchObject({ status: 'inactive', version: 2, updated_by: 'alice' });
    await page.getByRole('link', { name: 'Try and switch on: To be switched off' }).click();
    await expectShown(page.getByRole('heading', { name: 'Switch on: To be switched off' }));
  });

  it('says which rules have matched nothing for 30 days', async () => {
    await put('quiet', { name: 'Quiet one', brand: 'quiet' });
    const page = await console.open({ path: '/' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    // Long before it was changed last, by the clock of the browser alone.
    await page.clock.setFixedTime(Date.now() + 31 * 24 * 60 * 60 * 1000);
    await page.getByRole('link', { name: 'Rules', exact: true }).click();
    await expectShown(row(page, 'Quiet one').getByText('Matched nothing for 30 days'));
  });

  it('shows those who are no administrators no commands, and a session of one brand no rules of another', async () => {
    await put('mine', { name: 'Mine', brand: 'alpha' });
    await put('theirs', { name: 'Theirs', brand: 'beta' });
    const page = await console.open({ role: 'SESSION_DEALER', brands: ['alpha'], path: '/rules' });
    await row(page, 'Mine').waitFor();
    expect(await row(page, 'Theirs').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Switch off/ }).count()).toBe(0);
    await page.goto(`${console.api.url}/console/rules/theirs`);
    await expectShown(page.getByRole('alert').getByText('There is no such rule for you'));
  });
});

it('lets those who may not change a rule try it on an event, and nothing more', async () => {
  await put('of-all', { name: 'Of every brand', status: 'draft' });
  for (const visitor of [{ role: 'SESSION_DEALER' }, { brands: ['alpha'] }]) {
    const page = await console.open({ ...visitor, path: '/rules/of-all/switch-on' });
    await page.getByText('is for administrators of its brand', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Try it' }).waitFor();
    expect(await page.getByRole('button', { name: 'Switch on' }).count()).toBe(0);
    await page.getByRole('link', { name: 'To the rule' }).click();
    await page.getByRole('heading', { name: 'Of every brand' }).waitFor();
    await page.getByRole('list', { name: 'Versions' }).waitFor();
    expect(await page.getByRole('link', { name: 'Try and switch on' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Archive' }).count()).toBe(0);
  }
});

describe('a rule', () => {
  it('is shown as a sentence, as a tree and with its actions', async () => {
    const conditions = {
      match: 'any' as const,
      rules: [atLeast(5000), { not: { field: 'customer.country', operator: 'eq' as const, value: 'BR' } }],
    };
    await put('shown', { name: 'Shown', brand: 'alpha', conditions, status: 'draft' });
    const page = await console.open({ path: '/rules/shown' });
    await expectShown(page.getByText(/When the CRM processes a withdrawal \(brand alpha\)/));
    const tree = page.getByRole('group', { name: 'Conditions' });
    await tree.getByText('At least one of these holds:').waitFor();
    await tree.getByText('amount of the event is at least 5000').waitFor();
    await tree.getByText('Not so:').waitFor();
    await page.getByRole('list', { name: 'Actions' }).getByText('notify.manager').waitFor();
    await page.getByText('none', { exact: false }).first().waitFor();
  });

  it('changed by another says so, with the difference, and nothing is done to it silently', async () => {
    await put('shared', { name: 'Shared', brand: 'alpha' });
    const page = await console.open({ path: '/rules/shared' });
    await page.getByRole('button', { name: 'Switch off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Switch off' });
    await put('shared', { name: 'Shared', brand: 'alpha', conditions: atLeast(9000) }, 'bert');
    await dialog.getByRole('button', { name: 'Switch the rule off' }).click();
    await expectShown(dialog.getByRole('alert').getByText('It was changed meanwhile', { exact: false }));
    expect(await stored('shared')).toMatchObject({ status: 'active', version: 2 });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const note = page.getByRole('alert').filter({ hasText: 'it is at version 2' });
    await note.getByText('bert').waitFor();
    await note.getByRole('row').filter({ hasText: 'conditions.value' }).getByText('9000').waitFor();
    await expectShown(page.getByText('is at least 5000'));
    await note.getByRole('button', { name: 'Show the new version' }).click();
    await expectShown(page.getByText('amount of the event is at least 9000'));
    await page.getByRole('button', { name: 'Switch off' }).click();
    await dialog.getByRole('button', { name: 'Switch the rule off' }).click();
    await expectShown(page.getByRole('status').getByText('is switched off.'));
    expect(await stored('shared')).toMatchObject({ status: 'inactive', version: 3 });
  });

  it('is rolled back to what an earlier version said, after the difference was shown', async () => {
    await put('back', { name: 'Back', brand: 'alpha', conditions: atLeast(1000), status: 'draft' });
    await put('back', { name: 'Back', brand: 'alpha', conditions: atLeast(7000), status: 'draft' });
    const page = await console.open({ sub: 'ada', path: '/rules/back' });
    await page.getByRole('button', { name: 'Roll back to Version 1' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll back to Version 1' });
    const change = dialog.getByRole('row').filter({ hasText: 'conditions.value' });
    await change.getByText('7000').waitFor();
    await change.getByText('1000').waitFor();
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await expectShown(page.getByRole('status').getByText('The rule is rolled back.'));
    expect(await stored('back')).toMatchObject({
      version: 3,
      conditions: atLeast(1000),
      status: 'draft',
      updated_by: 'ada',
    });
    await page.getByRole('list', { name: 'Versions' }).getByText('Version 3').waitFor();
  });

  it('releases or discards all that its limit holds, with the number asked', async () => {
    const limit = { count: 1, per: { value: 1, unit: 'days' as const }, on_exceed: 'hold' as const };
    await put('held', { name: 'Held', brand: 'alpha', limit });
    await createRunLedger(console.world.store).claim(
      ['h-1', 'h-2'].map((event) =>
        runRecord({
          run_id: `held:${event}`,
          rule_id: 'held',
          event_id: event,
          status: 'held',
          reason: 'limit',
          guard: { note: 'over', earlier_run: null, resolved_by: null, resolved_at: null },
        }),
      ),
      new Map([1, 2].map((n) => [`held:h-${n}`, runInput({ executionId: `held:h-${n}` })])),
    );
    const page = await console.open({ path: '/rules/held' });
    await expectShown(page.getByRole('link', { name: '2 runs are held by the limit of the rule' }));
    await page.getByRole('button', { name: 'Discard all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard 2 runs' }).click();
    await expectShown(page.getByRole('status').getByText('2 runs were discarded.'));
    const runs = (await console.world.records()).filter(({ rule_id }) => rule_id === 'held');
    expect(runs.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'discarded'],
      ['skipped', 'discarded'],
    ]);
  });
});

describe('before it is switched on', () => {
  it('a rule is tried on an event, checked against recorded ones, and switched on', async () => {
    for (const amount of [100, 6000, 9000]) {
      const value = { id: `withdrawal-${amount}`, type: trigger_event, brand: 'flow', data: { amount } };
      await console.world.publish(topics.crm, { value });
    }
    // What it said when it was active last.
    await put('flow', { name: 'Flow', brand: 'flow', conditions: atLeast(8000) });
    await put('flow', { name: 'Flow', brand: 'flow', conditions: atLeast(5000), status: 'draft' });
    const page = await console.open({ sub: 'ada', path: '/rules/flow' });
    await page.getByRole('link', { name: 'Try and switch on' }).click();
    const step = (name: string) => page.getByRole('region', { name, exact: true });

    const event = step('Try').getByRole('textbox', { name: 'Event' });
    expect(JSON.parse(await event.inputValue())).toMatchObject({
      type: trigger_event,
      brand: 'flow',
      data: { amount: 5000 },
    });
    await step('Try').getByRole('button', { name: 'Try it' }).click();
    const verdict = step('Try').getByRole('article', { name: 'Flow' });
    await verdict.getByText('✓ runs').waitFor();
    await event.fill(`{ "type": "${trigger_event}", "brand": "flow", "data": { "amount": 10 } }`);
    await verdict.waitFor({ state: 'detached' });
    await step('Try').getByRole('button', { name: 'Try it' }).click();
    await verdict.getByText('✗ does not match').waitFor();
    await expectShown(verdict.getByText('seen: 10'));
    await event.fill('{ "type": ');
    await step('Try').getByRole('button', { name: 'Try it' }).click();
    await step('Try').getByText('This is no JSON object:', { exact: false }).waitFor();

    const check = step('Check');
    await check.getByText('It conflicts with no other rule, and no rule holds it back.').waitFor();
    await check.getByText('beside version 1, which was active last', { exact: false }).waitFor();
    await check.getByRole('button', { name: 'Start the backtest' }).click();
    await check.getByText('It would have matched 2 of 3 events of its trigger.').waitFor({ timeout: 60_000 });
    await check.getByRole('img', { name: 'Matches of 1 days as bars, at most 2 a day' }).waitFor();
    expect(await check.getByRole('img').locator('rect').count()).toBe(1);
    await check.getByText('As a table').click();
    await check.getByRole('region', { name: 'As a table' }).getByRole('cell', { name: '2', exact: true }).waitFor();
    await check.getByRole('heading', { name: 'The difference to version 1' }).waitFor();
    await check.getByText('Both match 1 event.').waitFor();
    await check.getByText('Only this one matches 1 event.').waitFor();
    await expectShown(check.getByRole('link', { name: 'withdrawal-6000' }));
    // A reload finds the same backtest.
    await page.reload();
    await check.getByText('It would have matched 2 of 3 events of its trigger.').waitFor();

    await step('Switch on').getByRole('button', { name: 'Switch on' }).click();
    expect((await stored('flow')).status).toBe('draft');
    await page.getByRole('dialog').getByRole('button', { name: 'Switch the rule on' }).click();
    await expectShown(page.getByRole('status').getByText('The rule is switched on.'));
    expect(await stored('flow')).toMatchObject({ status: 'active', version: 3, updated_by: 'ada' });
  });

  it('a rule that was never active is held against no other version of it', async () => {
    await put('first', { name: 'First', brand: 'flow', trigger_event, conditions: less(5000), status: 'draft' });
    const page = await console.open({ path: '/rules/first/switch-on' });
    const check = page.getByRole('region', { name: 'Check', exact: true });
    await check.getByRole('button', { name: 'Start the backtest' }).click();
    await check.getByText('It would have matched', { exact: false }).waitFor({ timeout: 60_000 });
    expect(await check.getByText(/difference|Both match/i).count()).toBe(0);
  });

  it('a rule that others hold back says by which, and which it holds back itself', async () => {
    const actions = [{ type: 'add_note', params: { body: 'x' } }];
    const order = { brand: 'order', actions, stop_after: true };
    await put('order-first', { ...order, name: 'Runs first', priority: 10 });
    await put('order-small', { ...order, name: 'Small', priority: 10, conditions: less(5000) });
    await put('order-last', { ...order, name: 'Runs last', priority: 30 });
    await put('order', { ...order, name: 'In between', priority: 20, status: 'draft' });
    const page = await console.open({ path: '/rules/order/switch-on' });
    const check = page.getByRole('region', { name: 'Check', exact: true });
    await check.getByText('It conflicts with no other rule, but may be held back:').waitFor();
    expect(await check.getByText('no rule holds it back', { exact: false }).count()).toBe(0);
    const held = check.getByRole('list', { name: 'Rules that hold it back' }).getByRole('listitem');
    expect(await held.allInnerTexts()).toEqual([
      '⚠ Runs first runs first and stops after it: events that match it never come here.',
    ]);
    const holding = check.getByRole('list', { name: 'Rules that it holds back' }).getByRole('listitem');
    expect(await holding.allInnerTexts()).toEqual([
      '⚠ Runs last runs later: events that match this rule never reach it.',
    ]);
    await expectShown(holding.getByRole('link', { name: 'Runs last' }));
    await held.getByRole('link', { name: 'Runs first' }).click();
    await expectShown(page.getByRole('heading', { name: 'Runs first', level: 1 }));
  });

  it('a backtest is cancelled', async () => {
    await put('cancelled', { name: 'Cancelled', brand: 'flow', status: 'draft' });
    const page = await console.open({ path: '/rules/cancelled/switch-on' });
    // Only while it runs can it be cancelled: the answer of the API says for ever that it does.
    await page.route('**/api/workflow/backtests/*', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      const body = (await response.json()) as { data: { backtest: { status: string; result: unknown } } };
      const progress = { events_read: 1, matches: 0, total: 4 };
      Object.assign(body.data.backtest, { status: 'running', result: null, progress });
      return route.fulfill({ response, json: body });
    });
    await page.getByRole('button', { name: 'Start the backtest' }).click();
    await page.getByText('1 of 4 events read, 0 matches').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('25');
    const sent = page.waitForRequest((request) => request.method() === 'DELETE');
    await page.getByRole('button', { name: 'Cancel the backtest' }).click();
    expect((await sent).url()).toContain('/api/workflow/backtests/');
  });

  it('two people are needed where four eyes are asked for', async () => {
    const four = await strict.as(
      'SESSION_ADMIN',
      '/api/workflow/rules',
      {
        method: 'POST',
        body: {
          rule: {
            id: 'four',
            name: 'Four eyes',
            trigger_event,
            brand: 'alpha',
            actions: [{ type: 'add_note', params: { body: 'x' } }],
            status: 'draft',
          },
        },
      },
      { sub: 'anna' },
    );
    expect(four.status).toBe(201);
    const [anna, bert] = await Promise.all(
      ['anna', 'bert'].map((sub) => console.open({ sub, path: '/rules/four/switch-on' }, strict)),
    );
    for (const page of [anna!, bert!]) {
      await page.getByRole('button', { name: 'Switch on' }).click();
      await page.getByRole('dialog').waitFor();
    }
    await anna!.getByRole('button', { name: 'Switch the rule on' }).click();
    await expectShown(anna!.getByRole('alert').getByText('Rules are switched on by two people here', { exact: false }));
    await expectShown(anna!.getByText('You wrote it: let another person activate it.', { exact: false }));
    await anna!.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await expectShown(anna!.getByText('Another administrator has to switch it on', { exact: false }));
    expect((await stored('four')).status).toBe('draft');
    await bert!.getByRole('button', { name: 'Switch the rule on' }).click();
    await expectShown(bert!.getByRole('status').getByText('The rule is switched on.'));
    expect(await stored('four')).toMatchObject({ status: 'active', updated_by: 'bert' });
    // The first of them sees what has happened.
    await expectShown(anna!.getByRole('alert').getByText('it is at version 2', { exact: false }));
  });
});

checkScreens(
  () => console,
  [
    ['/rules', /^Rules$/],
    ['/rules/hostile', /right to left/],
    ['/rules/hostile/switch-on', /right to left/],
  ],
  '<b>bold</b>',
);
