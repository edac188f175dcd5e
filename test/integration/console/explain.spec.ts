/** Events explained in a browser: why each rule did or did not run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { expectShown } from '../../support/console.ts';
import type { RunningIngress } from '../../support/ingress.ts';
import { RuleConsole } from '../../support/rule-console.ts';
import { uniqueName } from '../../support/servers.ts';

const script = '<img src=x onerror="document.title=\'hit\'"><b>bold</b>';
const hostile = `${script} \u202Eright to left\u202C 🙂 ${'x'.repeat(100)}`;
const atLeast = (value: number) => ({ field: 'event.amount', operator: 'gte' as const, value });

let console: RuleConsole;
let ingress: RunningIngress;
beforeAll(async () => {
  console = await RuleConsole.create();
  ingress = await console.world.startIngress();
  const trigger_event = uniqueName('hostile');
  const conditions = {
    match: 'all' as const,
    rules: [{ field: 'event.name', operator: 'eq' as const, value: hostile }],
  };
  await console.world.rule({ trigger_event, name: hostile, brand: 'alpha', conditions });
  await console.world.rulesLive(ingress);
  await happens('hostile', trigger_event, { name: hostile });
});
afterAll(async () => {
  await console?.close();
});

async function happens(id: string, type: string, data: object, brand = 'alpha'): Promise<void> {
  await console.world.publish(topics.crm, { value: { id, type, brand, data } });
  await console.world.drained();
}

describe('an event', () => {
  it('is explained: each rule with the value seen, the value wanted and the verdict, and what held a run back', async () => {
    const trigger_event = uniqueName('trigger');
    const rule = (name: string, more: object) => console.world.rule({ trigger_event, brand: 'alpha', name, ...more });
    const stopper = await rule('Runs first', { priority: 1, stop_after: true, conditions: atLeast(100) });
    await rule('Held back', { priority: 2, conditions: atLeast(100) });
    await rule('In shadow', { priority: 1, status: 'shadow', conditions: atLeast(100) });
    await rule('Too small', { conditions: { match: 'any', rules: [{ not: atLeast(100) }, atLeast(5000)] } });
    await rule('Switched off', { status: 'inactive', conditions: atLeast(100) });
    await rule('Of another brand', { brand: 'beta' });
    await console.world.rulesLive(ingress);
    await happens('explained/1', trigger_event, { amount: 500 });

    const page = await console.open({ path: '/events' });
    await page.getByRole('textbox', { name: 'Event id' }).fill('explained/1');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByRole('heading', { name: 'Event explained/1' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/events/explained%2F1');
    await page.getByRole('heading', { name: 'Rules matched' }).waitFor();
    await page.getByRole('heading', { name: '5 rules were considered' }).waitFor();
    const article = (name: string) => page.getByRole('article', { name });

    await article('Runs first').getByText('✓ runs').waitFor();
    await article('Held back').getByText('matches, held back').waitFor();
    await article('Held back').getByText('A rule before it stops later ones.').waitFor();
    expect(await article('Held back').getByRole('link', { name: 'Runs first' }).getAttribute('href')).toContain(
      stopper,
    );
    await article('In shadow').getByText('The rule was in shadow: nothing was done.').waitFor();
    await article('Switched off').getByText('Its conditions hold, but it was switched off.').waitFor();
    expect(await article('Of another brand').count()).toBe(0);

    const small = article('Too small');
    await small.getByText('✗ does not match').waitFor();
    await small.getByText('Conditions', { exact: true }).click();
    const tree = small.getByRole('group', { name: 'Conditions' });
    const lines = (await tree.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(lines[0]).toMatch(/^✗ no At least one of these holds:/);
    expect(lines.at(-1)).toMatch(/^✗ no amount of the event is at least 5000 seen: 500/);
    expect(lines[2]).toMatch(/^✓ yes amount of the event is at least 100 seen: 500/);

    await article('Runs first').getByRole('link', { name: 'To the run' }).click();
    await page.getByRole('heading', { name: 'Runs first' }).waitFor();
    // And back from the run to its event.
    await page.getByRole('link', { name: 'explained/1', exact: true }).click();
    await expectShown(page.getByRole('heading', { name: 'Event explained/1' }));
  });

  it('of which several carry the id are shown one after the other, in the order of their times', async () => {
    const trigger_event = uniqueName('trigger');
    await console.world.rule({ trigger_event, name: 'Several', brand: 'alpha', conditions: atLeast(100) });
    const kept = { eventId: 'several', trigger: trigger_event, revision: 10_000, outcome: 'no_match' as const };
    await createEvaluatedEvents(console.world.store).keep([
      { ...kept, eventKey: 'b', at: '2026-01-02T00:00:00.000Z', context: { brand: 'alpha', event: { amount: 2 } } },
      { ...kept, eventKey: 'a', at: '2026-01-01T00:00:00.000Z', context: { brand: 'alpha', event: { amount: 1 } } },
    ]);
    const page = await console.open({ path: '/events/several' });
    await expectShown(page.getByText('2 events of different sources carry this id.', { exact: false }));
    await page.getByRole('heading', { name: '2. No rule matched' }).waitFor();
    expect(await page.getByText(/^seen: \d/).allTextContents()).toEqual([
      expect.stringContaining('seen: 1'),
      expect.stringContaining('seen: 2'),
    ]);
  });

  it('of another brand, or that nobody keeps, is not there', async () => {
    await happens('of-beta', uniqueName('trigger'), { amount: 1 }, 'beta');
    for (const path of ['/events/of-beta', '/events/none']) {
      const page = await console.open({ role: 'SESSION_DEALER', brands: ['alpha'], path });
      await expectShown(page.getByRole('alert').getByText('Nothing is kept of such an event'));
    }
  });

  it('that has happened is what a rule is tried on', async () => {
    const trigger_event = uniqueName('trigger');
    const id = await console.world.rule({
      trigger_event,
      brand: 'alpha',
      name: 'Draft',
      status: 'draft',
      conditions: atLeast(50),
    });
    await console.world.rule({ trigger_event, brand: 'alpha', name: 'Live' });
    await console.world.rulesLive(ingress);
    await happens('tried', trigger_event, { amount: 70 });
    const page = await console.open({ path: `/rules/${id}/switch-on` });
    await page.getByLabel('Which event').selectOption('recorded');
    await page.getByRole('combobox', { name: 'Event id' }).fill('tried');
    await page.getByRole('button', { name: 'Try it' }).click();
    const verdict = page.getByRole('article', { name: 'Draft' });
    await verdict.getByText('✓ runs').waitFor();
    await verdict.getByText('seen: 70').waitFor();
    await expectShown(page.getByText(/^The conditions see what was recorded at/));
    await page.getByText('1 other rule', { exact: true }).click();
    await expectShown(page.getByRole('article', { name: 'Live' }).getByText('✓ runs'));
  });
});

checkScreens(
  () => console,
  [
    ['/events', /^Events$/],
    ['/events/hostile', /^Event hostile$/],
  ],
);

it('shows what others have written as text', async () => {
  const page = await console.open({ path: '/events/hostile' });
  await expectShown(page.getByText('<b>bold</b>'));
  expect(await page.locator('main b', { hasText: /^bold$/ }).count()).toBe(0);
  expect(await page.locator('main img').count()).toBe(0);
});
