/** The console without a mouse: every task of those who run rules, and what keeps the focus on the way. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { sessionToken } from '../../support/api.ts';
import { bulkActivities, failRuns, startBulkWorker } from '../../support/bulk.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { deadLetter } from '../../support/dead-letters.ts';
import {
  choose,
  chooseIn,
  expectFocus,
  expectSomeFocus,
  expectTrapped,
  pressOn,
  tabTo,
  tabToControl,
  typeInto,
} from '../../support/keyboard.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { topicSettings } from '../../support/run-world.ts';
import { uniqueName } from '../../support/servers.ts';

let world: ConsoleWorld;
let receiver: Receiver;
beforeAll(async () => {
  world = await ConsoleWorld.create({
    KAFKA_TOPIC_PREFIX: topicSettings.topicPrefix,
    SUBSCRIPTION_ALLOW_HTTP: 'true',
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
  });
  receiver = await startReceiver((_, response) => void response.writeHead(200).end());
  await createDirectory(world.runs.store).load({ managers: [{ id: 7, name: 'Ada', enabled: true }] });
  await createDeadLetters(world.runs.store).add([deadLetter({ dead_letter_id: 'old.0.1', reason: 'once' })]);
});
afterAll(async () => {
  await receiver?.close();
  await world?.close();
});

const dialog = (page: Page) => page.getByRole('dialog');
const said = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor();
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

/** Opens the dialog behind a button, goes round in it, leaves it by Escape, and opens it again. */
async function openDialog(page: Page, button: string | RegExp): Promise<void> {
  const opener = await tabTo(page, 'button', button);
  await page.keyboard.press('Enter');
  await expectTrapped(page, opener);
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
}

describe('approvals', () => {
  it('are answered with a comment', async () => {
    await world.ask({ title: 'Pay out by keyboard?' });
    const page = await world.open();
    await pressOn(page, 'link', 'Approvals');
    await pressOn(page, 'link', /Pay out by keyboard/);
    await typeInto(page, 'Comment', 'called her');
    await pressOn(page, 'button', 'Approve');
    await said(page, 'You have approved.');
    await expectSomeFocus(page);
    await expectShown(page.getByText('called her'));
  });

  it('are given to others', async () => {
    const { token } = await world.ask({ title: 'For others?' });
    const page = await world.open({ path: '/approvals' });
    await pressOn(page, 'link', /For others/);
    await openDialog(page, 'Ask others instead …');
    await pressOn(page, 'checkbox', 'administrator', 'Space');
    await pressOn(page, 'checkbox', 'dealer', 'Space');
    await typeInto(page, 'Users', 'bert');
    await typeInto(page, 'Reason', 'on leave');
    await pressOn(page, 'button', 'Ask them');
    await said(page, 'Others are asked now.');
    await expectFocus(page, page.getByRole('button', { name: 'Ask others instead …' }));
    const approvers = async (): Promise<unknown> => {
      const { body } = await world.api.as('SESSION_ADMIN', `/api/workflow/approvals/${token}`);
      return (body.data!['approval'] as { approvers: unknown }).approvers;
    };
    await expect.poll(approvers).toMatchObject({ roles: ['SESSION_DEALER'], users: ['bert'] });
  });
});

describe('runs', () => {
  it('are filtered, shown by other columns and kept as a view; one is paused, resumed and cancelled', async () => {
    const rule_id = uniqueName('rule');
    const { input } = await world.ask({}, [], { rule_id });
    const page = await world.open();
    await pressOn(page, 'link', 'Runs');
    await choose(page, 'Status', 'paused, or waiting for an answer');
    await typeInto(page, 'Rule id', rule_id);
    await pressOn(page, 'button', 'Apply');
    await page.waitForURL(/status=paused/);
    await expectSomeFocus(page);
    await tabToControl(page, page.locator('summary', { hasText: 'Columns' }));
    await page.keyboard.press('Enter');
    await pressOn(page, 'checkbox', 'Error', 'Space');
    await expectShown(page.getByRole('columnheader', { name: 'Error' }));
    await tabToControl(page, page.locator('summary', { hasText: 'Saved views' }), true);
    await page.keyboard.press('Enter');
    await typeInto(page, 'Name of the present filters', 'Paused ones');
    await pressOn(page, 'button', 'Save as a view');
    // The button is disabled, for there is no name any more.
    await expectShown(page.getByRole('link', { name: 'Paused ones' }));
    await expectSomeFocus(page);
    await pressOn(page, 'button', 'Remove Paused ones');
    await page.getByRole('link', { name: 'Paused ones' }).waitFor({ state: 'detached' });
    await expectSomeFocus(page);

    await pressOn(page, 'link', input.executionId);
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expectSomeFocus(page);
    await openDialog(page, 'Pause');
    await pressOn(page, 'button', 'Pause the run');
    await said(page, 'The run pauses before its next action.');
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor({ state: 'detached' });
    await expectSomeFocus(page);
    await pressOn(page, 'button', 'Resume');
    await pressOn(page, 'button', 'Resume the run');
    await said(page, 'The run goes on.');
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor({ state: 'detached' });
    await expectSomeFocus(page);
    await openDialog(page, 'Cancel');
    await expectFocus(page, dialog(page).getByRole('textbox', { name: 'Reason' }));
    await page.keyboard.type('the customer asked for it');
    await pressOn(page, 'button', 'Cancel the run');
    await page.getByRole('status').getByText('failed').waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor({ state: 'detached' });
    await expectSomeFocus(page);
  });

  it('are retried all at once', async () => {
    const rule_id = uniqueName('rule');
    await failRuns(world.runs, 3, { rule_id });
    const page = await world.open({ path: `/runs?rule_id=${rule_id}&status=failed` });
    await openDialog(page, 'Retry all that match');
    await typeInto(page, 'Reason', 'the receiver is back');
    await pressOn(page, 'button', 'Retry 3 runs');
    await heading(page, 'Retry: bulk operation');
    await expectSomeFocus(page);
    const stop = await startBulkWorker(world.runs, bulkActivities(world.runs, 100));
    await page.getByRole('status').getByText('completed', { exact: true }).waitFor({ timeout: 90_000 });
    await expectSomeFocus(page);
    await chooseIn(page, page.getByRole('combobox', { name: 'Outcome' }), 'done');
    await pressOn(page, 'link', 'The run that goes on');
    await expectShown(page.getByRole('button', { name: 'Sign out' }));
    await stop();
  });
});

it('changes a record of the directory, and shows who has changed it', async () => {
  const page = await world.open();
  await pressOn(page, 'link', 'Directory');
  await pressOn(page, 'link', 'Managers');
  await pressOn(page, 'link', '7');
  await pressOn(page, 'button', 'Change');
  await expectSomeFocus(page);
  await typeInto(page, 'Name', 'Ada L.');
  await openDialog(page, 'Save');
  await tabToControl(page, dialog(page).getByRole('button', { name: 'Save', exact: true }));
  await page.keyboard.press('Enter');
  await said(page, 'The change was saved.');
  await expectSomeFocus(page);
  await expectShown(page.getByRole('heading', { level: 1, name: 'Ada L.' }));
  await pressOn(page, 'link', 'Audit log');
  await expectShown(page.getByRole('row', { name: /directory\/managers\/7/ }));
});

it('makes a subscription, tests it, gives it a new secret and deletes it', async () => {
  const page = await world.open({ path: '/connections/subscriptions' });
  await openDialog(page, 'New subscription');
  await expectFocus(page, dialog(page).getByRole('textbox', { name: 'Name' }));
  await page.keyboard.type('by keyboard');
  await typeInto(page, 'Address', 'ftp://example.com/');
  await pressOn(page, 'button', 'Create');
  await dialog(page).getByRole('alert').waitFor();
  // It was disabled while the API was asked.
  await expectFocus(page, dialog(page).getByRole('button', { name: 'Create' }));
  await typeInto(page, 'Address', receiver.url);
  // Enter in a field does what the button does.
  await page.keyboard.press('Enter');
  await dialog(page).getByText('This is shown once.').waitFor();
  await page.keyboard.press('Escape');
  await pressOn(page, 'button', 'I have kept it');
  await dialog(page).waitFor({ state: 'detached' });
  await expectFocus(page, page.getByRole('button', { name: 'New subscription' }));
  await pressOn(page, 'link', 'by keyboard');
  await heading(page, 'by keyboard');
  const confirm = async (button: string): Promise<void> => {
    await openDialog(page, button);
    await tabToControl(page, dialog(page).getByRole('button', { name: button, exact: true }));
    await page.keyboard.press('Enter');
  };
  await confirm('Send a test');
  await said(page, /The receiver has taken it: 200/);
  await expectFocus(page, page.getByRole('button', { name: 'Send a test' }));
  await confirm('New secret');
  await pressOn(page, 'button', 'I have kept it');
  await dialog(page).waitFor({ state: 'detached' });
  await expectFocus(page, page.getByRole('button', { name: 'New secret' }));
  await confirm('Delete');
  await heading(page, 'Webhook subscriptions');
  await page.getByRole('link', { name: 'by keyboard' }).waitFor({ state: 'detached' });
  await expectSomeFocus(page);
});

it('sends a dead letter again', async () => {
  const page = await world.open();
  await pressOn(page, 'link', 'Dead letters');
  const table = page.getByRole('region', { name: 'Dead letters', exact: true });
  await tabToControl(page, table.getByRole('row', { name: /once/ }).getByRole('link'));
  await page.keyboard.press('Enter');
  await heading(page, 'Dead letter: once');
  await openDialog(page, 'Send again');
  await tabToControl(page, dialog(page).getByRole('button', { name: 'Send again' }));
  await page.keyboard.press('Enter');
  await said(page, 'The message was sent again.');
  await page.getByRole('button', { name: 'Send again' }).waitFor({ state: 'detached' });
  await expectSomeFocus(page);
});

describe('what stands around every page', () => {
  it('begins with a way to the content, and changes colours and language', async () => {
    const page = await world.open({ path: '/runs' });
    await heading(page, 'Runs');
    await pressOn(page, 'link', 'Skip to the content');
    await expectFocus(page, page.getByRole('main'));
    await tabTo(page, 'combobox', 'Colours', true);
    await choose(page, 'Colours', 'Dark');
    await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await tabTo(page, 'combobox', 'Language', true);
    // The name of the list changes with it.
    await page.keyboard.type('Deutsch');
    await heading(page, 'Läufe');
    await expectFocus(page, page.getByRole('combobox', { name: 'Sprache' }));
  });

  it('signs out and in again', async () => {
    const page = await world.open({ path: '/approvals' });
    await pressOn(page, 'button', 'Sign out');
    await heading(page, 'Sign in');
    await expectSomeFocus(page);
    const token = await sessionToken('SESSION_ADMIN');
    await tabTo(page, 'textbox', 'Session token');
    await page.keyboard.insertText(token);
    await pressOn(page, 'button', 'Sign in');
    await heading(page, 'Approvals');
    await expectSomeFocus(page);
  });

  it('opens the menu of a small screen, leaves it by Escape, and goes to a page by it', async () => {
    const page = await world.open({ browser: { viewport: { width: 360, height: 740 } } });
    const menu = await tabTo(page, 'button', 'Menu');
    await page.keyboard.press('Enter');
    await tabTo(page, 'link', 'Approvals');
    await page.keyboard.press('Escape');
    await expectFocus(page, menu);
    await page.getByRole('link', { name: 'Approvals', exact: true }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Space');
    await pressOn(page, 'link', 'Approvals');
    await heading(page, 'Approvals');
    await expectFocus(page, menu);
  });
});
