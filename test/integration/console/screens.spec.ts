/** Every screen: for everybody, in every language, and with whatever others have written. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { approval } from '../../support/approvals.ts';
import { checkScreens, findings, openScreen, type Screen } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';
import { runRecord } from '../../support/runs.ts';

const token = 'a'.repeat(64);
const script = '<img src=x onerror="document.title=\'hit\'"><b>bold</b>';
const long = `${script} \u202Eright to left\u202C 🙂 ${'x'.repeat(10_000)}`;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  const error = { code: 'webhook_failed', message: long, action: 'call_webhook' };
  const action = { index: 0, type: 'call_webhook', attempts: 2, started_at: null, finished_at: null };
  const failed = { ...action, status: 'failed' as const, error: { code: 'webhook_failed', message: long } };
  const interventions = [{ what: 'retry' as const, by: 'ada', reason: long, at: '2026-01-02T03:04:05.000Z' }];
  await createRunLedger(world.runs.store).claim([
    runRecord({ run_id: 'r:1', status: 'failed', rule_name: long, error, actions: [failed], interventions }),
    runRecord({ run_id: 'r:2', status: 'completed', customer_id: long.slice(0, 200) }),
  ]);
  const texts = { title: long, message: long, rule_name: long };
  const asked = { approvers: { roles: ['SESSION_ADMIN'], users: [long] }, expires_at: '2026-01-03T00:00:00.000Z' };
  const answers = [
    {
      by: 'bert',
      person: 'bert',
      decision: 'approve' as const,
      comment: long,
      data: null,
      at: '2026-01-02T04:00:00.000Z',
    },
  ];
  await createApprovals(world.runs.store).put(
    approval({ token, run_id: 'r:1', ...texts, ...asked, answers, required: 2 }),
  );
});
afterAll(async () => {
  await world?.close();
});

const screens: Screen[] = [
  ['/runs', /^Runs$/],
  ['/runs/r%3A1', /right to left/],
  ['/approvals?view=open', /^Approvals$/],
  [`/approvals/${token}`, /right to left/],
];

checkScreens(() => world, screens, '<b>bold</b>');
checkScreens(() => world, [['/nowhere', /^There is no such page$/]]);

it.each(['light', 'dark'] as const)('signing in and a question have no serious finding in %s', async (colorScheme) => {
  const page = await openScreen(world, screens[1]!, { browser: { colorScheme } });
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByRole('dialog', { name: 'Retry' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Retry' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await findings(page)).toEqual([]);
});

it('has a menu of the pages behind a button on a small screen', async () => {
  const page = await openScreen(world, screens[0]!, { browser: { viewport: { width: 360, height: 740 } } });
  const menu = page.getByRole('button', { name: 'Menu' });
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
  await menu.click();
  expect(await menu.getAttribute('aria-expanded')).toBe('true');
  await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'Approvals' }).click();
  await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);
});

it('speaks German, with times in the time zone that it names', async () => {
  const page = await world.open({
    path: '/approvals?view=open',
    browser: { locale: 'de-DE', timezoneId: 'Asia/Tokyo' },
  });
  await page.getByRole('heading', { name: 'Freigaben' }).waitFor();
  await page.getByText('überfällig', { exact: true }).first().waitFor();
  await page.getByText('Zeiten gelten für Asia/Tokyo.').waitFor();
  // 2026-01-03T00:00Z, nine hours later.
  await page
    .getByText(/3\. Jan\. 2026, 09:00:00/)
    .first()
    .waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByLabel('Sprache').selectOption('en');
  await page.getByRole('heading', { name: 'Approvals' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Approvals' }).waitFor();
});

it('writes dates as the variety of the language does', async () => {
  const page = await world.open({ path: `/approvals/${token}` });
  await expectShown(page.getByText('2 Jan 2026, 04:04:05 CET'));
});

it('can be used by the keyboard alone', async () => {
  const { token: asked } = await world.ask({ title: 'By keyboard?' });
  const page = await world.open({ path: `/approvals/${asked}` });
  await page.getByRole('heading', { name: 'By keyboard?' }).waitFor();
  const approve = page.getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await approve.evaluate((button) => button.matches(':focus'))) break;
  }
  await page.keyboard.press('Enter');
  await expectShown(page.getByText('You have approved.'));
});
