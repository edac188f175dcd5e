/** Pages of customers and managers in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAssignmentStore } from '#libs/store/crm/assignment.repository.ts';
import { createNoteStore } from '#libs/store/crm/note.repository.ts';
import { createNotificationStore } from '#libs/store/crm/notification.repository.ts';
import { createTaskStore } from '#libs/store/crm/task.repository.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { approval } from '../../support/approvals.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { assignmentRecord, noteRecord, notificationRecord, taskRecord } from '../../support/crm.ts';
import { runRecord } from '../../support/runs.ts';

const markup = '<b>bold</b>';
const hostile = `<img src=x onerror="document.title='hit'">${markup} \u202Eright to left\u202C 🙂 ${'x'.repeat(9_000)}`;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  await createDirectory(world.runs.store).load({
    groups: [{ name: 'oak\\real', brand: 'oak' }],
    accounts: [{ login: 4711, group: 'oak\\real', customer_id: 'c-oak' }],
    customers: [
      { id: 'c-oak', brand: 'oak', country: 'DE', assigned_manager_id: 7 },
      { id: 'c-hostile', country: hostile, nickname: hostile },
    ],
    managers: [
      { id: 7, name: 'Ada', email: 'ada@broker.example', enabled: true },
      { id: 66, name: `${markup} Mallory`, enabled: true },
    ],
  });
  const of = { customer_id: 'c-hostile', rule_name: hostile };
  await createTaskStore(world.runs.store).add(
    taskRecord({ id: 'hostile', ...of, title: hostile, type: hostile, assignee_id: 66 }),
  );
  await createNoteStore(world.runs.store).add(noteRecord({ id: 'hostile', ...of, body: hostile }));
  await createNotificationStore(world.runs.store).add([
    notificationRecord({ id: 'hostile', ...of, title: hostile, message: hostile, manager_id: 66 }),
  ]);
  await createAssignmentStore(world.runs.store).add(
    assignmentRecord({ id: 'hostile', ...of, team_id: hostile, desk: hostile }),
  );
  await createRunLedger(world.runs.store).claim([runRecord({ run_id: 'hostile', status: 'failed', ...of })]);
});
afterAll(async () => {
  await world?.close();
});

const show = (page: Page, view: string) =>
  page.getByRole('navigation', { name: 'What is shown' }).getByRole('link', { name: view, exact: true }).click();
const rows = (page: Page, name: string) => page.getByRole('region', { name, exact: true }).getByRole('row');
const row = (page: Page, name: string, text: string) => rows(page, name).filter({ hasText: text });

describe('the page of a customer', () => {
  it('is led to by its runs and approvals, and shows all that runs have left', async () => {
    const of = { tenant: 'oak', customer_id: 'c-oak' };
    await createRunLedger(world.runs.store).claim([
      runRecord({ run_id: 'oak:1', brand: 'oak', customer_id: 'c-oak', status: 'completed' }),
    ]);
    await createApprovals(world.runs.store).put(approval({ token: 'd'.repeat(64), title: 'Pay to oak?', ...of }));
    await createTaskStore(world.runs.store).add(taskRecord({ id: 'oak', title: 'Call about oak', ...of }));
    await createNoteStore(world.runs.store).add(noteRecord({ id: 'oak', body: 'A note about oak', ...of }));
    await createNotificationStore(world.runs.store).add([
      notificationRecord({ id: 'oak', title: 'Told about oak', ...of }),
    ]);
    await createAssignmentStore(world.runs.store).add(assignmentRecord({ id: 'oak', team_id: 'team-oak', ...of }));

    const page = await world.open({ path: '/runs/oak%3A1' });
    await page.getByRole('link', { name: 'c-oak' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customer c-oak' }).waitFor();
    expect(new URL(page.url()).searchParams.get('brand')).toBe('oak');
    await expectShown(rows(page, 'Accounts').filter({ hasText: '4711' }));
    await row(page, 'Tasks', 'Call about oak').waitFor();
    await show(page, 'Notes');
    await row(page, 'Notes', 'A note about oak').waitFor();
    await show(page, 'Notifications');
    await row(page, 'Notifications', 'Told about oak').waitFor();
    await show(page, 'Assignments');
    await row(page, 'Assignments', 'team-oak').waitFor();
    await show(page, 'Runs');
    await row(page, 'Runs', 'oak:1').waitFor();
    await page.goBack();
    await row(page, 'Assignments', 'team-oak').waitFor();
    await page.getByRole('region', { name: 'Assignments' }).getByRole('link', { name: '7', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Manager Ada' }).waitFor();

    await page.goto(`${world.api.url}/console/approvals/${'d'.repeat(64)}`);
    await page.getByRole('link', { name: 'c-oak' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customer c-oak' }).waitFor();
  });

  it('comes in pages', async () => {
    const notes = createNoteStore(world.runs.store);
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    for (let n = 0; n < 52; n += 1) {
      await notes.add(
        noteRecord({ id: `pages:${n}`, customer_id: 'c-pages', body: `Note no. ${n}.`, created_at: at(n) }),
      );
    }
    const page = await world.open({ path: '/customers/c-pages?view=notes' });
    await row(page, 'Notes', 'Note no. 51.').waitFor();
    await page.getByRole('link', { name: 'Older' }).click();
    await row(page, 'Notes', 'Note no. 1.').waitFor();
    expect(await rows(page, 'Notes').count()).toBe(3);
    await page.reload();
    await row(page, 'Notes', 'Note no. 0.').waitFor();
    await page.getByRole('link', { name: 'Newest' }).click();
    await row(page, 'Notes', 'Note no. 51.').waitFor();
  });

  it('never mixes customers of one id in two brands', async () => {
    const notes = createNoteStore(world.runs.store);
    await notes.add(noteRecord({ id: 'same:oak', tenant: 'oak', customer_id: 'same', body: 'Of oak.' }));
    await notes.add(noteRecord({ id: 'same:elm', tenant: 'elm', customer_id: 'same', body: 'Of elm.' }));
    await createDirectory(world.runs.store).load({ customers: [{ id: 'same', brand: 'oak', country: 'FR' }] });
    const elm = await world.open({ brands: ['elm'], path: '/customers/same?view=notes' });
    await row(elm, 'Notes', 'Of elm.').waitFor();
    expect(await row(elm, 'Notes', 'Of oak.').count()).toBe(0);
    await expectShown(elm.getByText('The directory has no such customer for you.'));
    const ofBoth = await world.open({ path: '/customers/same?view=notes&brand=oak' });
    await row(ofBoth, 'Notes', 'Of oak.').waitFor();
    expect(await row(ofBoth, 'Notes', 'Of elm.').count()).toBe(0);
    await expectShown(ofBoth.getByText('FR'));
    const foreign = await world.open({ brands: ['elm'], path: '/customers/same?view=notes&brand=oak' });
    await expectShown(foreign.getByRole('alert').getByText('Your session may not do this'));
  });
});

describe('a task', () => {
  it('is marked as done in two tabs at once, and the audit log has one entry', async () => {
    await createTaskStore(world.runs.store).add(
      taskRecord({ id: 'twice', tenant: 'oak', customer_id: 'c-twice', title: 'Do it once' }),
    );
    const tabs = await Promise.all([1, 2].map(() => world.open({ sub: 'ada', path: '/customers/c-twice' })));
    for (const tab of tabs) await tab.getByRole('button', { name: 'Mark as done' }).click();
    const dialogs = tabs.map((tab) => tab.getByRole('dialog', { name: 'Mark as done' }));
    await Promise.all(dialogs.map((dialog) => dialog.getByText('Do it once').waitFor()));
    await Promise.all(dialogs.map((dialog) => dialog.getByRole('button', { name: 'Mark as done' }).click()));
    for (const tab of tabs) {
      await tab.getByRole('status').getByText('The task is done.').waitFor();
      await row(tab, 'Tasks', 'Do it once').filter({ hasText: 'done' }).waitFor();
      expect(await tab.getByRole('button', { name: 'Mark as done' }).count()).toBe(0);
    }
    const { body } = await world.api.as('SESSION_ADMIN', '/api/workflow/audit?target=task/twice');
    expect(body.data?.['entries']).toMatchObject([{ operation: 'task.close', by: 'ada', outcome: 'done' }]);
  });

  it('is not for others than the manager whose it is', async () => {
    await createTaskStore(world.runs.store).add(taskRecord({ id: 'own', customer_id: 'c-own', title: 'Own task' }));
    const other = await world.open({ role: 'SESSION_MANAGER', sub: '66', path: '/customers/c-own' });
    await row(other, 'Tasks', 'Own task').waitFor();
    expect(await other.getByRole('button', { name: 'Mark as done' }).count()).toBe(0);
    const own = await world.open({ role: 'SESSION_MANAGER', sub: 'ada@broker.example', path: '/managers/7?view=open' });
    await expectShown(own.getByText('This is you.'));
    await row(own, 'Tasks', 'Own task').getByRole('button', { name: 'Mark as done' }).click();
    await own.getByRole('dialog').getByRole('button', { name: 'Mark as done' }).click();
    await row(own, 'Tasks', 'Own task').waitFor({ state: 'detached' });
    await show(own, 'Done tasks');
    await row(own, 'Tasks', 'Own task').waitFor();
  });
});

it('a notification is marked as read by the keyboard alone, and is then among all of them', async () => {
  const told = notificationRecord({ id: 'read-me', manager_id: 77, title: 'Read me' });
  await createDirectory(world.runs.store).load({ managers: [{ id: 77, name: 'Grace', enabled: true }] });
  await createNotificationStore(world.runs.store).add([told, { ...told, id: 'not-me', title: 'Leave me' }]);
  const page = await world.open({ path: '/managers/77' });
  const button = row(page, 'Notifications', 'Read me').getByRole('button', { name: 'Mark as read' });
  await button.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await button.evaluate((element) => element.matches(':focus'))) break;
  }
  await page.keyboard.press('Enter');
  await row(page, 'Notifications', 'Read me').waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('The notification is marked as read.').waitFor();
  await row(page, 'Notifications', 'Leave me').waitFor();
  await show(page, 'Notifications');
  await expectShown(row(page, 'Notifications', 'Read me').filter({ hasText: 'alice' }));
  expect(await page.getByRole('button', { name: 'Mark as read' }).count()).toBe(1);
});

describe('the way to what a manager was told', () => {
  it('is on every page, says how much is unread, and follows what is read', async () => {
    const told = notificationRecord({ id: 'own-1', manager_id: 88, title: 'First' });
    const managers = [{ id: 88, name: 'Edsger', email: 'edsger@broker.example', enabled: true }];
    await createDirectory(world.runs.store).load({ managers });
    await createNotificationStore(world.runs.store).add([told, { ...told, id: 'own-2', title: 'Second' }]);
    const page = await world.open({ role: 'SESSION_MANAGER', sub: 'edsger@broker.example', path: '/runs' });
    await page.getByRole('link', { name: 'My notifications (2 unread)' }).click();
    await page.getByRole('heading', { name: /Edsger/ }).waitFor();
    await row(page, 'Notifications', 'First').getByRole('button', { name: 'Mark as read' }).click();
    await page.getByRole('link', { name: 'My notifications (1 unread)' }).waitFor();
    await row(page, 'Notifications', 'Second').getByRole('button', { name: 'Mark as read' }).click();
    await expectShown(page.getByRole('link', { name: 'My notifications', exact: true }));
  });

  it('is not there for a session that is of no manager', async () => {
    for (const [sub, last] of [
      ['grace@elsewhere.example', '/session'],
      ['4040', '/managers/4040'],
    ]) {
      const page = await world.open({ role: 'SESSION_ADMIN', sub: sub!, path: '/directory' });
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(
        `performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('${last}') && responseEnd > 0)`,
      );
      expect(await page.getByRole('link', { name: /My notifications/ }).count()).toBe(0);
    }
  });
});

describe('screens', () => {
  checkScreens(
    () => world,
    [
      ['/customers/c-hostile', /^Customer c-hostile$/],
      ['/customers/c-hostile?view=notes', /^Customer c-hostile$/],
      ['/customers/c-hostile?view=assignments', /^Customer c-hostile$/],
      ['/managers/66', /Mallory$/],
    ],
    markup,
  );
});
