/** The audit log in a browser: who changed what, and when. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuleRepository, type RuleRepository } from '#libs/store/rules/rule.repository.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { ruleDefinition } from '../../support/rules.ts';

const script = '<img src=x onerror="document.title=\'hit\'"><b>bold</b>';
const hostile = `${script} \u202Eright to left\u202C 🙂 ${'x'.repeat(150)}`;

let world: ConsoleWorld;
let rules: RuleRepository;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  rules = createRuleRepository(world.runs.store);
  const named = (name: string, brand: string | null = 'alpha') => ruleDefinition({ name, brand });
  await rules.apply([{ id: 'first', definition: named('First') }], 'ada');
  await rules.apply([{ id: 'first', definition: { ...named('First, renamed'), priority: 7 } }], 'bert');
  await rules.apply([{ id: 'second', definition: named('Second', 'beta') }], 'ada');
  await rules.apply([{ id: 'hostile', definition: named(hostile) }], hostile);
});
afterAll(async () => {
  await world?.close();
});

const rows = (page: Page) => page.getByRole('region', { name: 'Audit log' }).getByRole('row');
const row = (page: Page, ...texts: string[]) => texts.reduce((found, hasText) => found.filter({ hasText }), rows(page));

describe('the audit log', () => {
  it('says who changed what of a rule, field by field', async () => {
    const page = await world.open({ path: '/audit?target=rule%2Ffirst' });
    const change = row(page, 'rule.update', 'bert');
    await change.first().waitFor();
    await change.getByText('Rule: changed').waitFor();
    await change.getByText('✓ done').waitFor();
    await change.getByText('2 changes').click();
    const difference = page.getByRole('region', { name: /^Changes of rule\/first/ });
    const name = difference.getByRole('row').filter({ hasText: 'First, renamed' });
    expect(await name.getByRole('cell').allTextContents()).toEqual(['name', 'First', 'First, renamed']);
    // By the name that it has now, also where the entry is about an earlier one.
    expect(await row(page, 'rule.create').getByRole('link').allInnerTexts()).toEqual(['First, renamed\nrule/first']);
    await change.getByRole('link', { name: 'rule/first' }).click();
    await expectShown(page.getByRole('heading', { name: 'First, renamed' }));
  });

  it('keeps its filters in the address, through Back', async () => {
    const page = await world.open({ path: '/audit' });
    await row(page, 'rule/second').waitFor();
    const filters = page.getByRole('search', { name: 'Filters' });
    await filters.getByRole('textbox', { name: 'By', exact: true }).fill('bert');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await row(page, 'rule/second').waitFor({ state: 'detached' });
    await row(page, 'bert').first().waitFor();
    await filters.getByLabel('Operation').fill('rule.create');
    await filters.getByLabel('Operation').press('Enter');
    await page.getByText('No entry matches.').waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ by: 'bert', operation: 'rule.create' });
    await page.goBack();
    await page.goBack();
    await row(page, 'rule/second').waitFor();
    await filters.getByLabel('From').fill('2099-01-01T00:00');
    await filters.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('No entry matches.').waitFor();
    expect(new URL(page.url()).searchParams.get('from')).toBe('2098-12-31T23:00:00.000Z');
  });

  it('says that a filter is wrong', async () => {
    const page = await world.open({ path: '/audit?operation=rule.paint' });
    await expectShown(page.getByRole('alert').getByText('A filter is wrong'));
  });

  it('shows a session of one brand what was about that brand, and others nothing', async () => {
    const page = await world.open({ brands: ['beta'], path: '/audit' });
    await row(page, 'rule/second').waitFor();
    expect(await row(page, 'rule/first').count()).toBe(0);
    const dealer = await world.open({ role: 'SESSION_DEALER', path: '/audit' });
    await expectShown(dealer.getByRole('alert').getByText('Your session may not do this'));
  });

  it('shows what was refused, and why', async () => {
    const { status } = await world.api.as('SESSION_ADMIN', '/api/workflow/runs/none/release', { method: 'POST' });
    expect(status).toBe(404);
    const input = await world.runs.claim([{ type: 'notify.manager', params: {} }]);
    const path = `/api/workflow/runs/${encodeURIComponent(input.executionId)}/release`;
    expect((await world.api.as('SESSION_ADMIN', path, { method: 'POST' })).status).toBe(409);
    const page = await world.open({ path: '/audit?operation=run.release' });
    await row(page, '✗ refused').getByText('run_not_held').waitFor();
    await expectShown(row(page, '✗ refused').getByRole('link', { name: `run/${input.executionId}` }));
    // Of its rule there is none in the store.
    expect(await row(page, input.executionId).getByRole('link').allInnerTexts()).toEqual([`run/${input.executionId}`]);
  });
});

checkScreens(() => world, [['/audit', /^Audit log$/]], '<b>bold</b>');
