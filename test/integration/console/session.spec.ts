/** Signing in to the console, and what becomes of the token. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionToken } from '../../support/api.ts';
import { ConsoleWorld } from '../../support/console.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

it('takes the token out of the address, and puts it into no other', async () => {
  const token = await sessionToken('SESSION_ADMIN', { sub: 'ada', brands: ['oak', 'elm'] });
  const page = await world.openWithout();
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  // What the policy refuses, too.
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('request', (request) => asked.push(request.url(), request.headers()['referer'] ?? ''));
  await page.goto(`${world.api.url}/console/runs?status=failed#token=${token}`);
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect(page.url()).toBe(`${world.api.url}/console/runs?status=failed`);
  const who = page.getByRole('group', { name: 'Signed in' });
  expect(await who.textContent()).toContain('ada · administrator · oak, elm');

  await page.reload();
  await who.waitFor();
  await page.goBack();
  expect(page.url()).not.toContain(token);
  expect(wrong).toEqual([]);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((one) => one.includes(token) || !(one === '' || one.startsWith(world.api.url)))).toEqual([]);
});

it('says how to get a token, takes one that is pasted, and forgets it', async () => {
  const page = await world.openWithout();
  await page.goto(`${world.api.url}/console/approvals`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByText('npm run -s token').waitFor();
  const field = page.getByRole('textbox', { name: 'Session token' });
  await field.fill('nonsense');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This is not a session token').waitFor();
  await field.fill(`  ${await sessionToken('SESSION_DEALER')}\n`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Approvals' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])')).not.toContain('eyJ');
});

it('asks to sign in again over the page, and keeps what was typed', async () => {
  const { token } = await world.ask();
  const page = await world.open({ sub: 'ada', endsIn: 12, path: `/approvals/${token}` });
  const comment = page.getByRole('textbox', { name: 'Comment' });
  await comment.fill('half a sentence');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor({ timeout: 60_000 });
  await dialog
    .getByRole('textbox', { name: 'Session token' })
    .fill(await sessionToken('SESSION_ADMIN', { sub: 'ada' }));
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await comment.inputValue()).toBe('half a sentence');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('You have approved.').waitFor();
});

it('keeps nothing of the one who was signed in before on the page', async () => {
  const { token } = await world.ask({ approvers: { users: ['ada'] } });
  const page = await world.open({ role: 'SESSION_DEALER', sub: 'ada', path: `/approvals/${token}` });
  await page.getByRole('textbox', { name: 'Comment' }).fill('not for others');
  // Not even while the API says nothing yet.
  await page.route('**/api/**', (route) => route.abort());
  await page.evaluate(`location.hash = 'token=${await sessionToken('SESSION_DEALER', { sub: 'bert' })}'`);
  await page.getByRole('group', { name: 'Signed in' }).getByText('bert').waitFor();
  expect(await page.getByRole('textbox', { name: 'Comment' }).count()).toBe(0);
  await page.unroute('**/api/**');
  await page.getByText('You are not among those who may answer.').waitFor();
  expect(page.url()).not.toContain('#');
});
