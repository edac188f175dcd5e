/** The pages at /docs and /docs/events, as somebody opens them in a browser that has no internet. */
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
  // Below another path, and for callers without a session.
  const ofBackEnds = ['/webhooks/{workflow}', '/webhooks/{workflow}/handshake'];
  expect(shown.sort()).toEqual([...served, ...ofBackEnds].sort());

  expect(await tryListOfRules(page)).toContain('no_session');
  await page.getByRole('button', { name: 'Authorize' }).first().click();
  const session = page.locator('.auth-container', { hasText: 'session' }).first();
  await session.getByLabel('auth-bearer-value').fill(await sessionToken('SESSION_DEALER'));
  await session.locator('.authorize').click();
  await session.locator('.btn-done').click();
  await expect.poll(() => tryListOfRules(page)).toContain('Shown on the page');
  expect(faults).toEqual([]);
});

/** WCAG 2: from 1, which nobody can read, to 21. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** @param color `rgb(…)`, as browsers compute it */
function luminance(color: string): number {
  const [red, green, blue] = (color.match(/\d+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it.each(['light', 'dark'] as const)('shows the topics, to read in the %s', async (colorScheme) => {
  const page = await browser.newPage({ colorScheme, viewport: { width: 360, height: 640 } });
  const faults: string[] = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('requestfailed', (request) => faults.push(request.url()));
  await page.goto(`${api.url}/docs/events`);
  expect(await page.locator('h2').allInnerTexts()).toHaveLength(7);
  const back = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(back).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)');
  for (const name of ['p', 'a', 'dt', 'caption', 'th', 'pre', 'h3']) {
    const color = await page.evaluate(`getComputedStyle(document.querySelector('${name}')).color`);
    expect(contrast(String(color), String(back)), name).toBeGreaterThan(4.5);
  }
  // No heading skips a level, and nothing has to be moved aside to be read.
  const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((one) => Number(one.tagName[1])));
  expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  // Another page's icon is all that a browser asks for by itself.
  expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
  await page.close();
});
