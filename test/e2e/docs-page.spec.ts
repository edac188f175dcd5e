/** The page at /docs, as somebody opens it in a browser that has no internet. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { sessionToken, startTestApi, type TestApi } from '../support/api.ts';
import { openBrowser } from '../support/browser.ts';
import { ruleDefinition } from '../support/rules.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  store = await openTestStore();
  await createRuleRepository(store.connection).apply(
    [{ id: 'shown', definition: ruleDefinition({ name: 'Shown on the page' }) }],
    'test',
  );
  api = await startTestApi({ MONGODB_URI: store.uri });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await store?.drop();
});

/** Asks for the list of rules by the page's own form. @returns what the page then shows of the answer */
async function tryListOfRules(page: Page): Promise<string> {
  const operation = page.locator('.opblock-get', { has: page.locator('[data-path="/api/workflow/rules"]') });
  if ((await operation.getAttribute('class'))?.includes('is-open') !== true) {
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
  }
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table');
  await answer.locator('.response-col_status').last().waitFor();
  return answer.innerText();
}

it('shows every operation, and asks the API in the name of a session', async () => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('requestfailed', (request) => faults.push(request.url()));
  await page.goto(`${api.url}/docs`);
  await page.locator('.opblock').first().waitFor();
  const shown: string[] = await page
    .locator('.opblock-summary-path')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-path') ?? ''));
  const served = api.routes.map((route) => route.split(' ')[1]!.replace(/:(\w+)/g, '{$1}'));
  expect(shown.sort()).toEqual(served.sort());

  expect(await tryListOfRules(page)).toContain('no_session');
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  await page.locator('.auth-container input').fill(await sessionToken('SESSION_DEALER'));
  await page.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.auth-btn-wrapper .btn-done').click();
  await expect.poll(() => tryListOfRules(page)).toContain('Shown on the page');
  expect(faults).toEqual([]);
});
