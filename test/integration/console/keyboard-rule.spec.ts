/** A rule made, tried, checked and switched on by the keyboard alone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { expectShown } from '../../support/console.ts';
import {
  choose,
  expectFocus,
  expectSomeFocus,
  pressOn,
  tabTo,
  tabToControl,
  typeInto,
} from '../../support/keyboard.ts';
import { RuleConsole } from '../../support/rule-console.ts';

let console: RuleConsole;
beforeAll(async () => {
  console = await RuleConsole.create();
  const managers = [{ id: 7, name: 'Mia', enabled: true }];
  await console.world.directory.load({ managers, customers: [{ id: 'C-1', assigned_manager_id: 7 }] });
  const ingress = await console.world.startIngress();
  await console.world.ready(ingress);
  for (const amount of [100, 6000]) {
    const value = { id: `w-${amount}`, type: 'customer.withdrew', brand: 'alpha', customerId: 'C-1', data: { amount } };
    await console.world.publish(topics.crm, { value });
  }
  await console.world.drained();
});
afterAll(async () => {
  await console?.close();
});

const part = (page: Page, name: string) => page.getByRole('group', { name, exact: true });
const said = (page: Page, text: string) => page.getByRole('status').getByText(text).first().waitFor();

it('makes a rule from nothing, saves it, tries it, checks it and switches it on', async () => {
  const page = await console.open();
  await pressOn(page, 'link', 'Rules');
  await pressOn(page, 'link', 'New rule');
  await typeInto(page, 'Name of the rule', 'Large withdrawals');
  await choose(page, 'When …', 'the CRM processes a withdrawal – customer.withdrew');
  await pressOn(page, 'button', 'Add a condition');
  await expectSomeFocus(page);
  await choose(page, 'Field', /event\.amount$/);
  await choose(page, 'Comparison', 'is more than');
  // What is wrong shows the focus, too: by then the value is missing.
  await tabTo(page, 'textbox', 'Value');
  await page.keyboard.press('Tab');
  const isInvalid = () => page.getByRole('textbox', { name: 'Value' }).getAttribute('aria-invalid');
  await expect.poll(isInvalid).toBe('true');
  await tabTo(page, 'textbox', 'Value', true);
  await page.keyboard.type('5000');

  await choose(page, 'What first?', 'Ask people for approval, and wait');
  await pressOn(page, 'button', 'Add');
  const ask = part(page, 'Action 1: Ask people for approval, and wait');
  await expectFocus(page, ask.getByRole('textbox', { name: 'Title' }));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Pay out {{ amo');
  await ask.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.type('?');
  await choose(page, 'What else?', 'Notify a manager');
  await pressOn(page, 'button', 'Add');
  await part(page, 'Action 2: Notify a manager').waitFor();

  // Up and down again: the button that is pressed goes along with its action, and so does the focus.
  await tabToControl(page, part(page, 'Action 2: Notify a manager').getByRole('button', { name: 'Up' }));
  await page.keyboard.press('Enter');
  const first = part(page, 'Action 1: Notify a manager');
  await expectFocus(page, first.getByRole('button', { name: 'Up' }));
  await tabToControl(page, first.getByRole('button', { name: 'Down' }));
  await page.keyboard.press('Space');
  await part(page, 'Action 2: Notify a manager').waitFor();
  await tabToControl(page, part(page, 'Action 2: Notify a manager').getByRole('button', { name: 'Duplicate' }));
  await page.keyboard.press('Enter');
  const third = part(page, 'Action 3: Notify a manager');
  await expectFocus(page, third.getByRole('button', { name: 'Duplicate' }));
  await pressOn(page, 'button', 'Undo');
  await third.waitFor({ state: 'detached' });
  await pressOn(page, 'button', 'Redo');
  await third.waitFor();
  // Nothing is left to be done again: the button that has the focus is disabled.
  await expectFocus(page, page.getByRole('group', { name: 'Undo and redo' }));
  await tabToControl(page, third.getByRole('button', { name: /^Remove/ }));
  await page.keyboard.press('Enter');
  await third.waitFor({ state: 'detached' });
  await expectFocus(page, page.getByRole('combobox', { name: 'What else?' }));
  await page.getByText('No mistakes.').waitFor();
  await pressOn(page, 'button', 'Save as a draft');
  await page.getByRole('heading', { level: 1, name: 'Large withdrawals' }).waitFor();
  await expectSomeFocus(page);

  await pressOn(page, 'link', 'Try and switch on');
  await pressOn(page, 'button', 'Try it');
  await page.getByRole('article', { name: 'Large withdrawals' }).waitFor();
  await pressOn(page, 'button', 'Start the backtest');
  await page.getByText('It would have matched 1 of 2 events of its trigger.').waitFor();
  await expectSomeFocus(page);
  await pressOn(page, 'button', 'Switch on');
  await page.getByRole('dialog').waitFor();
  await pressOn(page, 'button', 'Switch the rule on');
  await said(page, 'The rule is switched on.');
  await expectSomeFocus(page);
  await pressOn(page, 'link', 'To its runs');
  await expectShown(page.getByRole('heading', { level: 1, name: 'Runs' }));

  const { body } = await console.api.as('SESSION_ADMIN', '/api/workflow/rules');
  const [rule] = body.data!['rules'] as Rule[];
  expect(rule).toMatchObject({
    name: 'Large withdrawals',
    status: 'active',
    trigger_event: 'customer.withdrew',
    conditions: { match: 'all', rules: [{ field: 'event.amount', operator: 'gt', value: 5000 }] },
    actions: [
      { type: 'approval.request', params: { title: expect.stringMatching(/^Pay out \{\{ .+ \}\}\?$/) } },
      { type: 'notify.manager' },
    ],
  });
});
