/** Approvals answered in a browser. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConsoleWorld } from '../../support/console.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

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
      return outcome.textContent();
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
  const page = await world.open({ path: `/approvals/${token}` });
  await page.getByText('You are not among those who may answer.').waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
});
