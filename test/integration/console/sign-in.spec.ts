/** Signing in with a real OpenID Connect provider. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionToken } from '../../support/api.ts';
import { ConsoleWorld } from '../../support/console.ts';
import { audience, IdentityProvider, signInThere } from '../../support/identity-provider.ts';

let provider: IdentityProvider;
let world: ConsoleWorld;
let whileAway: object;
const readConfig = async () => (await (await fetch(`${world.api.url}/console/config.json`)).json()) as object;
beforeAll(async () => {
  provider = await IdentityProvider.listen();
  // It is away while the API starts.
  world = await ConsoleWorld.create(provider.env);
  whileAway = await readConfig();
  provider.open(world.api.url);
});
afterAll(async () => {
  await world?.close();
  await provider?.close();
});
beforeEach(() => {
  Object.assign(provider.gives, { refreshTokens: false, tokenSeconds: 600, audience, role: 'SESSION_ADMIN' });
});

const begin = (page: Page) => page.getByRole('button', { name: 'Sign in with your organisation' });
const who = (page: Page) => page.getByRole('group', { name: 'Signed in' });

const tokenOf = (page: Page) => page.evaluate<string | null>('sessionStorage.getItem("signalbox.token")');

async function signedIn(path: string, login = 'ada'): Promise<Page> {
  const page = await world.openWithout();
  await page.goto(`${world.api.url}/console${path}`);
  await begin(page).click();
  await signInThere(page, login);
  await who(page).getByText(login).waitFor();
  return page;
}

it('comes back to the page of a link, signed in by the word of the API, and leaves no code in the address', async () => {
  expect(whileAway).toMatchObject({ oidc: { issuer: provider.issuer, endpoints: null } });
  // The API asks again a moment after it was in vain.
  await expect
    .poll(readConfig, { timeout: 20_000 })
    .toMatchObject({ oidc: { endpoints: { token: `${provider.issuer}/token` } } });
  const policy = (await fetch(`${world.api.url}/console`)).headers.get('content-security-policy');
  expect(policy).toContain(`connect-src 'self' ${provider.issuer};`);
  const { token } = await world.ask({ title: 'Pay 9000?' });
  const page = await signedIn(`/approvals/${token}?from=mail`);
  await page.getByRole('heading', { name: 'Pay 9000?' }).waitFor();
  expect(page.url()).toBe(`${world.api.url}/console/approvals/${token}?from=mail`);
  expect(await who(page).textContent()).toContain('ada · administrator · all brands');
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('eyJ');
  await page.reload();
  await who(page).getByText('ada').waitFor();
});

it('refuses a way back that it has not asked for', async () => {
  const page = await world.openWithout();
  await page.goto(`${world.api.url}/console/callback?code=stolen&state=page.unknown&iss=${provider.issuer}`);
  await page.getByRole('alert').getByText('Signing in did not work').waitFor();
  await page.getByText('This tab has not asked for it: begin again.').waitFor();
  const language = page.getByRole('banner').getByRole('combobox').first();
  await language.selectOption({ label: 'Deutsch' });
  await page.getByText('Dieser Tab hat nicht darum gebeten').waitFor();
  await language.selectOption({ label: 'English' });
  expect(page.url()).toBe(`${world.api.url}/console/`);
  // One that was asked for, with another state.
  await page.goto(`${world.api.url}/console/runs`);
  const asked = page.waitForRequest((request) => request.url().startsWith(`${provider.issuer}/auth`));
  await begin(page).click();
  await asked;
  const tokens: string[] = [];
  page.on('request', (request) => request.url().endsWith('/token') && tokens.push(request.url()));
  await page.goto(`${world.api.url}/console/callback?code=stolen&state=page.other&iss=${provider.issuer}`);
  await page.getByRole('alert').getByText('Signing in did not work').waitFor();
  expect(tokens).toEqual([]);
  expect(await who(page).count()).toBe(0);
});

describe('a session that ends in the middle of an edit', () => {
  it('is renewed without a word where the provider gives a refresh token', async () => {
    Object.assign(provider.gives, { refreshTokens: true, tokenSeconds: 12 });
    const { token } = await world.ask();
    const page = await signedIn(`/approvals/${token}`);
    const comment = page.getByRole('textbox', { name: 'Comment' });
    await comment.fill('half a sentence');
    const first = await tokenOf(page);
    await page.reload();
    await comment.fill('half a sentence');
    await expect.poll(() => tokenOf(page), { timeout: 30_000 }).not.toBe(first);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await comment.inputValue()).toBe('half a sentence');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('You have approved.').waitFor();
  });

  it('goes on after signing in beside the page', async () => {
    Object.assign(provider.gives, { tokenSeconds: 15 });
    const { token } = await world.ask();
    const page = await signedIn(`/approvals/${token}`);
    const comment = page.getByRole('textbox', { name: 'Comment' });
    await comment.fill('half a sentence');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor({ timeout: 60_000 });
    provider.gives.tokenSeconds = 600;
    // The provider still knows who it is: its window closes by itself.
    const beside = page.waitForEvent('popup');
    await begin(page).click();
    await (await beside).waitForEvent('close');
    await dialog.waitFor({ state: 'hidden' });
    expect(await comment.inputValue()).toBe('half a sentence');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('You have approved.').waitFor();
  });

  it('is renewed once by two tabs that share it', async () => {
    Object.assign(provider.gives, { refreshTokens: true, tokenSeconds: 20 });
    const page = await signedIn('/runs');
    // As a browser duplicates a tab.
    const copied = page.waitForEvent('popup');
    await page.evaluate(`window.open('/console/approvals')`);
    const copy = await copied;
    await who(copy).getByText('ada').waitFor();
    const before = await tokenOf(copy);
    // The next token lasts: on a busy machine it would be renewed as well before it is looked at.
    provider.gives.tokenSeconds = 3600;
    const asked: string[] = [];
    const count = (one: Page) =>
      one.on(
        'request',
        (request) => request.url().endsWith('/token') && request.method() === 'POST' && asked.push(one.url()),
      );
    [page, copy].map(count);
    await expect.poll(() => tokenOf(copy), { timeout: 30_000 }).not.toBe(before);
    await expect.poll(async () => (await tokenOf(page)) === (await tokenOf(copy))).toBe(true);
    expect(asked).toHaveLength(1);
  });
});

it('signs out of the provider, too', async () => {
  const page = await signedIn('/runs');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.waitForURL(`${world.api.url}/console/**`);
  await begin(page).click();
  await page.getByPlaceholder('Enter any login').waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('eyJ');
});

it('takes no token that the provider has given to another application, or another issuer to anybody', async () => {
  provider.gives.audience = 'https://other.example';
  const page = await world.openWithout();
  await page.goto(`${world.api.url}/console/runs`);
  await begin(page).click();
  await signInThere(page, 'ada');
  await page.getByRole('alert').getByText('The API does not take the token').waitFor();
  expect(await who(page).count()).toBe(0);
  // Signed with the secret of the API, but without its audience.
  const authorization = `Bearer ${await sessionToken('SESSION_ADMIN')}`;
  expect(await world.api.ask('/api/workflow/session', { authorization })).toMatchObject({ status: 401 });
});
