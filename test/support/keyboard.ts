/** The console as people use it who have no mouse: a control is reached by Tab, and it shows that it has the focus. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectShown } from './console.ts';

type Role = Parameters<Page['getByRole']>[0];
type Name = string | RegExp;

/** More controls than any page of the tests has. */
const farthest = 200;

/** What shows the focus, on a control itself or on what is drawn for it. */
const look = `(() => {
  const one = document.activeElement;
  const drawn = [one, one.parentElement, one.nextElementSibling].filter((part) => part !== null);
  return drawn.some((part) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(part);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && !/, 0\\)$|^transparent$/.test(outlineColor);
  });
})()`;

/** Of inputs the border changes its colour, too. */
const border = (control: unknown): string =>
  (globalThis as unknown as { getComputedStyle(one: unknown): { borderColor: string } }).getComputedStyle(control)
    .borderColor;

/**
 * Presses Tab until a control has the focus, and looks whether it can be seen there.
 *
 * @param name whole, where it is a text
 * @param back by Shift and Tab
 * @throws Error that says what has had the focus instead
 */
export function tabTo(page: Page, role: Role, name: Name, back = false): Promise<Locator> {
  return tabToControl(page, page.getByRole(role, { name, exact: typeof name === 'string' }), back);
}

/** The same, for a control that has no role of its own, or is one of many of a name. */
export async function tabToControl(page: Page, found: Locator, back = false): Promise<Locator> {
  const control = found.first();
  await expectShown(control);
  const before = await control.evaluate(border);
  const met: string[] = [];
  for (let pressed = 0; !(await hasFocus(control)); pressed += 1) {
    if (pressed === farthest) throw new Error(`${String(found)} is not reached by Tab: ${met.join(' | ')}`);
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    met.push(await focused(page));
  }
  if (met.length > 0) {
    const isSeen = async (): Promise<boolean> =>
      (await page.evaluate<boolean>(look)) || (await control.evaluate(border)) !== before;
    await expect.poll(isSeen, { message: `the focus shows on ${met.at(-1)}`, timeout: 5_000 }).toBe(true);
  }
  return control;
}

/** Reaches a control and presses a key on it. */
export async function pressOn(page: Page, role: Role, name: Name, key = 'Enter'): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press(key);
}

/** Reaches a field and types. What is in it is replaced. */
export async function typeInto(page: Page, name: Name, text: string, role: Role = 'textbox'): Promise<void> {
  const field = await tabTo(page, role, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  expect(await field.inputValue()).toContain(text);
}

/** Reaches a list of choices and takes one by its letters, or by the arrows. @param label a text: whole */
export async function choose(page: Page, name: Name, label: Name): Promise<void> {
  await chooseIn(page, await tabTo(page, 'combobox', name), label);
}

/** The same, of a list that is found otherwise. */
export async function chooseIn(page: Page, found: Locator, label: Name): Promise<void> {
  const list = await tabToControl(page, found);
  const chosen = (): Promise<string> =>
    list.evaluate((one: unknown) => (one as { selectedOptions: { label: string }[] }).selectedOptions[0]?.label ?? '');
  const isChosen = async (): Promise<boolean> => {
    const now = await chosen();
    return typeof label === 'string' ? now === label : label.test(now);
  };
  // What no key is for would be inserted into the text that was written last.
  if (typeof label === 'string') await page.keyboard.type(/^[!-~ ]*/.exec(label)?.[0].trim() ?? '');
  if (await isChosen()) return;
  await page.keyboard.press('Home');
  const met: string[] = [];
  while (!(await isChosen())) {
    const now = await chosen();
    if (met.at(-1) === now) throw new Error(`${String(label)} is not among ${met.join(' | ')}`);
    met.push(now);
    await page.keyboard.press('ArrowDown');
  }
}

export async function hasFocus(control: Locator): Promise<boolean> {
  return (await control.and(control.page().locator(':focus')).count()) > 0;
}

/** Waits until a control has the focus, by itself. */
export async function expectFocus(page: Page, control: Locator): Promise<void> {
  await expect
    .poll(async () => ((await hasFocus(control)) ? 'it' : focused(page)), { message: `focus on ${String(control)}` })
    .toBe('it');
}

/** Waits until something has the focus: where the page itself has it, the keyboard begins anew. */
export async function expectSomeFocus(page: Page): Promise<void> {
  await expect.poll(() => focused(page), { message: 'what has the focus' }).not.toBe('BODY');
}

/** What has the focus, as an error names it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return 'BODY';
    const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent ?? '';
    return one.tagName.toLowerCase() + ' ' + name.trim().slice(0, 60);
  })()`);
}

/** Tab goes round within a dialog, both ways, and Escape closes it: what had the focus before has it again. */
export async function expectTrapped(page: Page, opener: Locator): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const isWithin = (): Promise<boolean> => page.evaluate("document.activeElement?.closest('[role=dialog]') !== null");
  await expect.poll(isWithin, { message: 'the dialog takes the focus' }).toBe(true);
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let pressed = 0; pressed < 12; pressed += 1) {
      await page.keyboard.press(key);
      expect([await isWithin(), await focused(page)]).toEqual([true, expect.anything()]);
    }
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expectFocus(page, opener);
}
