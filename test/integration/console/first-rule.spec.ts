/** What administrators do with their first rule: made from nothing, tried, checked, switched on, and seen to work. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { expectShown } from '../../support/console.ts';
import type { RunningIngress } from '../../support/ingress.ts';
import { RuleConsole } from '../../support/rule-console.ts';
import { parseMessages } from '../../../scripts/publish/messages.ts';

let console: RuleConsole;
let ingress: RunningIngress;
beforeAll(async () => {
  console = await RuleConsole.create();
  const managers = [{ id: 7, name: 'Mia', enabled: true }];
  await console.world.directory.load({ managers, customers: [{ id: 'C-1', assigned_manager_id: 7 }] });
  ingress = await console.world.startIngress();
});
afterAll(async () => {
  await console?.close();
});

async function withdraw(amount: number): Promise<void> {
  const value = { id: `w-${amount}`, type: 'customer.withdrew', brand: 'alpha', customerId: 'C-1', data: { amount } };
  await console.world.publish(topics.crm, { value });
  await console.world.drained();
}

it('leads from nothing to a withdrawal that a manager has approved', async () => {
  await withdraw(100);
  await withdraw(6000);
  const page = await console.open();
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Large withdrawals');
  await page
    .getByRole('combobox', { name: 'When …' })
    .selectOption({ label: 'the CRM processes a withdrawal – customer.withdrew' });
  await page.getByRole('button', { name: 'Add a condition' }).click();
  // The amount and "is more than" are there already.
  await page.getByRole('textbox', { name: 'Value' }).fill('5000');
  await page
    .getByRole('combobox', { name: 'What first?' })
    .selectOption({ label: 'Ask people for approval, and wait' });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('combobox', { name: 'What else?' }).selectOption({ label: 'Notify a manager' });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('No mistakes.').waitFor();
  await page.getByRole('button', { name: 'Save as a draft' }).click();

  await page.getByRole('link', { name: 'Try and switch on' }).click();
  const step = (name: string) => page.getByRole('region', { name, exact: true });
  await step('Try').getByRole('button', { name: 'Try it' }).click();
  await step('Try').getByRole('article', { name: 'Large withdrawals' }).getByText('✓ runs').waitFor();
  await step('Check').getByRole('button', { name: 'Start the backtest' }).click();
  await step('Check').getByText('It would have matched 1 of 2 events of its trigger.').waitFor();
  await step('Switch on').getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch the rule on' }).click();
  await page.getByText('The rule is switched on. It runs for the next event that matches:').waitFor();
  await console.world.rulesLive(ingress);
  await step('Switch on').getByText('See it run with an example').click();
  const line = await step('Switch on').getByText('npm run -s publish').innerText();
  const [message] = parseMessages(execFileSync('sh', ['-c', line.split(' | ')[0]!], { encoding: 'utf8' }));
  await console.world.publish(topics.crm, { value: message!.value });
  await console.world.drained();

  const manager = await console.open({ role: 'SESSION_MANAGER', sub: 'mia', path: '/approvals' });
  await manager.getByRole('link', { name: 'Please approve' }).click();
  await manager.getByRole('button', { name: 'Approve' }).click();
  await manager.getByRole('status').getByText('You have approved.').waitFor();
  await page.getByRole('link', { name: 'To its runs' }).click();
  await expectShown(page.getByRole('cell', { name: 'completed' }));
  expect(await page.getByRole('link', { name: /example-[0-9a-f]{8}/ }).count()).toBe(1);
});
