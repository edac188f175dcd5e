/** The directory looked at and changed in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { checkScreens, findings, openScreen } from '../../support/console-screens.ts';
import { ConsoleWorld, expectShown } from '../../support/console.ts';

const script = '<img src=x onerror="document.title=\'hit\'"><b>bold</b>';
const hostile = `${script} \u202Eright to left\u202C 🙂 ${'x'.repeat(900)}`;
const secret = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;

let world: ConsoleWorld;
let directory: Directory;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  directory = createDirectory(world.runs.store);
  await directory.load({
    groups: [
      { name: 'real/oak', brand: 'oak' },
      { name: 'real/elm', brand: 'elm' },
    ],
    accounts: [{ login: 11, group: 'real/oak', customer_id: 'C-oak', name: hostile }],
    customers: [
      { id: 'C-oak', brand: 'oak', country: 'PT', 'note of others': hostile },
      { id: 'C-elm', brand: 'elm' },
    ],
    managers: [{ id: 71, name: hostile, enabled: true }],
    teams: [{ id: 'sales', name: hostile, agent_ids: [71] }],
    desks: [
      { code: 'vip', name: 'VIP', team_id: 'sales', brand: 'oak' },
      { code: 'tabs', name: 'Tabs', team_id: 'sales' },
      { code: 'elms', name: 'Elms', team_id: 'sales', brand: 'elm' },
      { code: 'hostile', name: hostile, team_id: 'sales' },
    ],
    templates: [{ code: 'hello', channel: 'email', subject: script, html: script, text: hostile }],
    endpoints: [
      {
        name: 'crm',
        url: 'https://crm.example/T0KEN',
        headers: { 'X-Api-Key': 'open-sesame' },
        body: script,
        secret,
      },
    ],
  });
});
afterAll(async () => {
  await world?.close();
});

const save = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
};

it('makes a template with a preview as it would be sent', async () => {
  const page = await world.open({ path: '/directory' });
  await page.getByRole('link', { name: 'Templates' }).click();
  await page.getByRole('link', { name: 'Add a record' }).click();
  await page.getByRole('combobox', { name: 'Channel' }).selectOption('email');
  await page.getByRole('textbox', { name: 'Code' }).fill('welcome');
  await page.getByRole('textbox', { name: 'Brand' }).fill('oak');
  await page.getByRole('textbox', { name: 'Subject' }).fill('Hello {{customer.first_name}}');
  await page
    .getByRole('textbox', { name: 'HTML' })
    .fill(
      `<h2 style="color: teal">Hello {{customer.first_name}}</h2>${script}<script>parent.document.title='hit'</script>`,
    );
  await page.getByRole('button', { name: 'Show the preview' }).click();
  await expectShown(page.getByText('Subject: Hello Ada'));
  const mail = page.frameLocator('iframe[title="Mail as HTML"]');
  await mail.getByRole('heading', { name: 'Hello Ada' }).waitFor();
  expect(await page.title()).not.toBe('hit');
  await save(page);
  await page.getByRole('heading', { level: 1, name: 'welcome' }).waitFor();
  expect(await directory.template({ channel: 'email', code: 'welcome', brand: 'oak', language: null })).toMatchObject({
    subject: 'Hello {{customer.first_name}}',
  });
});

it('counts the parts of an SMS, and says at its field what is wrong', async () => {
  const page = await world.open({ path: '/directory/templates?add=yes' });
  await page.getByRole('combobox', { name: 'Channel' }).selectOption('sms');
  expect(await page.getByRole('textbox', { name: 'Subject' }).count()).toBe(0);
  await page.getByRole('textbox', { name: 'Text' }).fill('ы'.repeat(71));
  await page.getByRole('textbox', { name: 'Code' }).fill('sms-code');
  await page.getByRole('button', { name: 'Show the preview' }).click();
  await expectShown(page.getByText(/^2 parts, 71 characters beyond the GSM alphabet/));
  await page.getByRole('textbox', { name: 'Code' }).fill('not a code');
  await save(page);
  const code = page.getByRole('textbox', { name: 'Code' });
  await expect.poll(() => code.getAttribute('aria-invalid')).toBe('true');
  await expectShown(page.getByRole('alert').getByText(/must be 1 to 200 letters/));
  expect(await page.getByRole('textbox', { name: 'Text' }).inputValue()).toBe('ы'.repeat(71));
  await code.fill('sms-code');
  await save(page);
  await page.getByRole('heading', { level: 1, name: 'sms-code' }).waitFor();
});

it('changes an endpoint without its secrets being shown or lost', async () => {
  const page = await world.open({ path: '/directory/endpoints/crm' });
  const seen: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/api/'))
      void response.text().then(
        (text) => seen.push(text),
        () => undefined,
      );
  });
  await expectShown(page.getByText('a secret is set', { exact: true }));
  await expectShown(page.getByText('https://crm.example/***'));
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('textbox', { name: 'Body' }).fill('{"id":"{{event.id}}"}');
  await page.getByRole('button', { name: 'Add a header' }).click();
  await page.getByRole('textbox', { name: 'Name of header 2' }).fill('Accept');
  await page.getByRole('textbox', { name: 'Value of header 2' }).fill('text/plain');
  await save(page);
  await page.getByRole('status').getByText('The change was saved.').waitFor();
  expect(await directory.endpoint('crm', null)).toEqual({
    name: 'crm',
    url: 'https://crm.example/T0KEN',
    headers: { 'X-Api-Key': 'open-sesame', Accept: 'text/plain' },
    body: '{"id":"{{event.id}}"}',
    secret,
  });
  const shown = `${await page.content()} ${seen.join(' ')}`;
  for (const hidden of ['T0KEN', 'open-sesame', secret]) expect(shown).not.toContain(hidden);
  const { items } = await createAuditLog(world.runs.store).list({ target: 'directory/endpoints/crm' }, {});
  expect(items[0]).toMatchObject({ outcome: 'done', what: { fields: ['body', 'headers'] } });

  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('combobox', { name: 'Signing' }).selectOption('new');
  await page.getByRole('button', { name: 'Draw a secret' }).click();
  const drawn = await page.getByRole('textbox', { name: 'New secret' }).inputValue();
  await save(page);
  await page.getByRole('status').getByText('The change was saved.').waitFor();
  expect((await directory.endpoint('crm', null)).secret).toBe(drawn);
});

it('loses nothing when two tabs change the same record', async () => {
  const pages = await Promise.all(['anna', 'bert'].map((sub) => world.open({ sub, path: '/directory/desks/tabs' })));
  const [first, second] = pages as [Page, Page];
  for (const page of pages) await page.getByRole('button', { name: 'Change' }).click();
  await first.getByRole('textbox', { name: 'Name' }).fill('Of Anna');
  await save(first);
  await first.getByRole('status').getByText('The change was saved.').waitFor();
  await second.getByRole('textbox', { name: 'Name' }).fill('Of Bert');
  await save(second);
  const note = second.getByRole('alert').filter({ hasText: 'changed by somebody else' });
  await expectShown(note.getByText(/was Tabs, is now Of Anna/));
  expect(await second.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Of Bert');
  expect(await directory.desk('tabs', null)).toMatchObject({ name: 'Of Anna' });
  await note.getByRole('button', { name: 'Go on with my values over the new state' }).click();
  await save(second);
  await second.getByRole('status').getByText('The change was saved.').waitFor();
  expect(await directory.desk('tabs', null)).toMatchObject({ name: 'Of Bert' });
});

it('keeps fields of a customer that the form does not know', async () => {
  const page = await world.open({ path: '/directory/customers?search=C-oak' });
  await page.getByRole('link', { name: 'C-oak', exact: true }).click();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('textbox', { name: 'Country' }).fill('ES');
  await save(page);
  await page.getByRole('status').getByText('The change was saved.').waitFor();
  expect((await directory.customers(['C-oak'])).get('C-oak')).toMatchObject({
    country: 'ES',
    'note of others': hostile,
  });
  expect(await page.getByRole('link', { name: /runs of this customer/ }).getAttribute('href')).toBe(
    '/console/customers/C-oak',
  );
});

it('shows a session of one brand what is of it or of none, and changes that of all brands never', async () => {
  const page = await world.open({ brands: ['oak'], path: '/directory/desks' });
  await page.getByRole('link', { name: 'vip' }).waitFor();
  expect(await page.getByRole('link', { name: 'elms' }).count()).toBe(0);
  await page.getByRole('link', { name: 'vip' }).click();
  await page.getByRole('button', { name: 'Change' }).waitFor();
  await page.goto(`${world.api.url}/console/directory/desks/tabs`);
  await page.getByText('You may look at this record, not change it.').waitFor();
  expect(await page.getByRole('button', { name: 'Change' }).count()).toBe(0);
  await page.goto(`${world.api.url}/console/directory/desks/elms~elm`);
  await page.getByRole('alert').getByText('The directory has no such record for you').waitFor();
});

it('shows no controls to others than administrators', async () => {
  const page = await world.open({ role: 'SESSION_DEALER', path: '/directory/desks' });
  await page.getByRole('link', { name: 'vip' }).click();
  await page.getByRole('heading', { level: 1, name: 'VIP' }).waitFor();
  expect(await page.getByRole('button', { name: /Change|Save/ }).count()).toBe(0);
  await page.goto(`${world.api.url}/console/directory`);
  await page.getByRole('link', { name: 'Desks' }).waitFor();
  expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
});

describe('screens', () => {
  checkScreens(
    () => world,
    [
      ['/directory', /^Directory$/],
      ['/directory/templates?add=yes', /^New: Templates$/],
      ['/directory/endpoints?add=yes', /^New: Endpoints$/],
    ],
  );
  checkScreens(
    () => world,
    [
      ['/directory/desks', /^Desks$/],
      ['/directory/desks/hostile', /right to left/],
      ['/directory/customers/C-oak', /^C-oak$/],
      ['/directory/templates/email~hello', /^hello$/],
    ],
    '<b>bold</b>',
  );

  it.each(['light', 'dark'] as const)('a form and a conflict have no serious finding in %s', async (colorScheme) => {
    const page = await openScreen(world, ['/directory/endpoints/crm', /^crm$/], { browser: { colorScheme } });
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('form', { name: 'The record' }).waitFor();
    expect(await findings(page)).toEqual([]);
  });
});
