/** Approvals answered in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { approval } from '../../support/approvals.ts';
import { findings } from '../../support/console-screens.ts';
import { ConsoleWorld } from '../../support/console.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

/** The focus is at the status that says the text, and the text is in view. */
async function expectToStandAt(page: Page, text: string): Promise<void> {
  const focused = page.locator('[role="status"]:focus').getByText(text);
  await focused.waitFor();
  const { y, height } = (await focused.boundingBox())!;
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y + height).toBeLessThanOrEqual(page.viewportSize()!.height);
}

it('lists what waits for the session, and what is asked on a page of its own', async () => {
  const { token } = await world.ask({ title: 'Pay 9000 to Ada?', message: 'She asked twice.' });
  const page = await world.open({ path: '/approvals' });
  await page.getByRole('list', { name: 'Approvals' }).getByRole('link', { name: 'Pay 9000 to Ada?' }).click();
  await page.getByRole('heading', { name: 'Pay 9000 to Ada?' }).waitFor();
  expect(page.url()).toBe(`${world.api.url}/console/approvals/${token}`);
  for (const text of ['She asked twice.', 'c-1', 'acme', 'administrator', 'Nobody has answered yet.']) {
    await page.getByText(text, { exact: true }).first().waitFor();
  }
  // Neither reading it nor a key that is pressed right away decides.
  expect(await page.evaluate('document.activeElement?.tagName')).not.toBe('BUTTON');
  await page.keyboard.press('Enter');
  await page.goto('about:blank');
  const { body } = await world.api.as('SESSION_ADMIN', `/api/workflow/approvals/${token}`);
  expect(body.data).toMatchObject({ approval: { state: 'open', answers: [] } });
});

it('sends one answer for a double click', async () => {
  const { input, token } = await world.ask();
  const page = await world.open({ path: `/approvals/${token}` });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.headers()['idempotency-key'] ?? 'no key');
  });
  await page.getByRole('textbox', { name: 'Comment' }).fill('called her');
  await page.getByRole('button', { name: 'Approve' }).dblclick();
  await page.getByRole('status').getByText('You have approved.').waitFor();
  await expectToStandAt(page, 'You have approved.');
  expect(sent).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  await page.getByText('called her').waitFor();
  await expect.poll(async () => (await world.runs.record(input)).status).toBe('completed');
});

it('tells the second of two people who was first', async () => {
  const { token } = await world.ask();
  const people = ['anna', 'bert'];
  const pages = await Promise.all(people.map((sub) => world.open({ sub, path: `/approvals/${token}` })));
  const buttons = pages.map((page) => page.getByRole('button', { name: 'Reject' }));
  await Promise.all(buttons.map((button) => button.waitFor()));
  await Promise.all(buttons.map((button) => button.click()));
  const said = await Promise.all(
    pages.map(async (page) => {
      const outcome = page.getByRole('status').getByText(/You have|Already answered/);
      await outcome.waitFor();
      const text = (await outcome.textContent()) ?? '';
      await expectToStandAt(page, text);
      return text;
    }),
  );
  const { body } = await world.api.as('SESSION_ADMIN', `/api/workflow/approvals/${token}`);
  const { answers } = body.data!['approval'] as { answers: { by: string }[] };
  expect(answers).toHaveLength(1);
  const wanted = people.map((name) =>
    name === answers[0]!.by ? 'You have rejected.' : `Already answered by ${answers[0]!.by}: rejected.`,
  );
  expect(said).toEqual(wanted);
});

it('shows who may not answer the facts, and no buttons', async () => {
  const { token } = await world.ask({ approvers: { users: ['carol'] } });
  const page = await world.open({ sub: 'ada', path: `/approvals/${token}` });
  await page.getByText('You are not among those who may answer.').waitFor();
  await page.getByText('You are signed in as ada.', { exact: false }).waitFor();
  await page.getByText('an administrator enters the address that you sign in with', { exact: false }).waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
});

it('shows what is due first, marks what is overdue, and comes in pages', async () => {
  const put = (name: string, expires_at: string | null) =>
    createApprovals(world.runs.store).put(
      approval({ token: name.padEnd(64, '0'), title: name, approvers: { roles: [], users: ['dora'] }, expires_at }),
    );
  await put('never', null);
  await put('over', '2026-01-03T00:00:00.000Z');
  for (let day = 10; day < 60; day += 1) await put(`later-${day}`, `2099-01-01T00:${day}:00.000Z`);
  const page = await world.open({ role: 'SESSION_DEALER', sub: 'dora', path: '/approvals' });
  const items = page.getByRole('list', { name: 'Approvals' }).getByRole('listitem');
  await items.nth(49).waitFor();
  expect(await items.first().textContent()).toMatch(/^over.*overdue/);
  expect(await items.getByText('overdue').count()).toBe(1);
  await page.getByRole('link', { name: 'Next page' }).click();
  await items.getByText('never').first().waitFor();
  expect(await items.count()).toBe(2);
});

it('says what the approval is about, and what follows either answer', async () => {
  const { token } = await world.ask({ title: 'Pay 9000?', on_reject: 'stop' }, [
    { type: 'add_note', params: { body: 'Paid out.' } },
  ]);
  const page = await world.open({ path: `/approvals/${token}` });
  await page.getByRole('heading', { name: 'What happens next' }).waitFor();
  await page.getByText('add_note').waitFor();
  await page.getByText('Paid out.').waitFor();
  await page.getByText('The run ends well; what follows is not done.').waitFor();
  await page.getByText('The run ends as failed; what follows is not done.').waitFor();
  await page.getByRole('button', { name: 'Ask others instead' }).click();
  await page.getByRole('dialog', { name: 'Ask others instead' }).waitFor();
  expect(await findings(page)).toEqual([]);
});

it('lets administrators ask others instead, who then may answer', async () => {
  const { token } = await world.ask({ approvers: { users: ['carol'] } });
  const other = await world.open({ role: 'SESSION_DEALER', sub: 'dave', path: `/approvals/${token}` });
  await other.getByText('You are not among those who may answer.').waitFor();
  expect(await other.getByRole('button', { name: 'Ask others instead' }).count()).toBe(0);
  const page = await world.open({ path: `/approvals/${token}` });
  const open = page.getByRole('button', { name: 'Ask others instead' });
  await open.click();
  const dialog = page.getByRole('dialog', { name: 'Ask others instead' });
  const users = dialog.getByRole('textbox', { name: 'Users' });
  await users.fill(' \n');
  await dialog.getByRole('button', { name: 'Ask them' }).click();
  await dialog.getByText('Name a role or a user.').waitFor();
  await users.fill('dave\n\nerin ');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('carol is away');
  await dialog.getByRole('button', { name: 'Ask them' }).click();
  await page.getByRole('status').getByText('Others are asked now.').waitFor();
  await page.getByText('dave, erin').waitFor();
  await page.getByText('carol is away').waitFor();
  await other.getByRole('button', { name: 'Approve' }).click();
  await other.getByText('You have approved.').waitFor();
});
