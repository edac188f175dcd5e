/** What holds for every screen of the console: for all people, and with all that others have written. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ConsoleWorld, Visitor } from './console.ts';

/** A path below `/console`, and the heading that shows that its page is there. */
export type Screen = [path: string, heading: RegExp];

/**
 * Tests of each screen.
 *
 * @param world is asked for when the tests run
 * @param markup a text with markup that each of the screens shows; it has to be shown as text
 */
export function checkScreens(world: () => Pick<ConsoleWorld, 'open'>, screens: Screen[], markup?: string): void {
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(screens)('%s has no serious finding of axe-core', async (...screen) => {
      const page = await openScreen(world(), screen, { browser: { colorScheme } });
      expect(await findings(page)).toEqual([]);
    });
  });

  it.each(screens)('%s is usable at 360 pixels', async (...screen) => {
    const page = await openScreen(world(), screen, { browser: { viewport: { width: 360, height: 740 } } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it.each(screens)('%s has its texts in German, too', async (...[path]) => {
    const page = await world().open({ path, browser: { locale: 'de-DE' } });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await loaded(page, 'Lädt …');
    // A text that is missing shows its key like this.
    expect(await page.getByText('⟦').allTextContents()).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
  });

  if (markup === undefined) return;
  it.each(screens)('%s shows what others have written as text', async (...screen) => {
    const page = await openScreen(world(), screen);
    await page.getByText(markup).first().waitFor();
    expect(await page.locator('main :is(b, i)', { hasText: /^(bold|italic)$/ }).count()).toBe(0);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).not.toBe('hit');
  });
}

export async function openScreen(
  world: Pick<ConsoleWorld, 'open'>,
  [path, heading]: Screen,
  visitor: Visitor = {},
): Promise<Page> {
  const page = await world.open({ path, ...visitor });
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await loaded(page, 'Loading …');
  return page;
}

/** Waits until no part of the page is still loading. */
async function loaded(page: Page, text: string): Promise<void> {
  await expect.poll(() => page.getByText(text, { exact: true }).count(), { timeout: 30_000 }).toBe(0);
}

const wcag = new Set(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);

/** What axe-core finds against WCAG 2.1 AA, and whatever else keeps people from using the page or makes it hard. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; tags: string[]; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run()');
  return violations
    .filter(({ impact, tags }) => impact === 'serious' || impact === 'critical' || tags.some((tag) => wcag.has(tag)))
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}
