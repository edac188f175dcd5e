/** Rules written in a browser: by name and role and keyboard, as a person would. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { sessionToken } from '../../support/api.ts';
import { ConsoleWorld, expectShown, type Visitor } from '../../support/console.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { uniqueName } from '../../support/servers.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  await createDirectory(world.runs.store).load({
    groups: [{ name: 'oak-real', brand: 'oak' }],
    managers: [{ id: 7, name: 'Ada <b>bold</b>', enabled: true }],
    statuses: [{ id: 3, type: 'sales', code: 'vip', label: 'VIP' }],
  });
});
afterAll(async () => {
  await world?.close();
});

type Written = Record<string, unknown>;

async function storedRule(id: string): Promise<Rule> {
  const { body } = await world.api.as('SESSION_ADMIN', `/api/workflow/rules/${id}`);
  return body.data!['rule'] as Rule;
}

async function store(given: Written = {}): Promise<Rule> {
  const rule = { ...ruleDefinition({ status: 'draft' }), id: uniqueName('rule'), ...given };
  const { status, body } = await world.api.as('SESSION_ADMIN', '/api/workflow/rules', {
    method: 'POST',
    body: { rule },
  });
  expect([status, body.error]).toEqual([201, undefined]);
  return body.data!['rule'] as Rule;
}

async function edit(rule: Rule, visitor: Visitor = {}): Promise<Page> {
  const page = await world.open({ path: `/rules/${rule.id}/edit`, ...visitor });
  await page.getByRole('textbox', { name: 'Name of the rule' }).waitFor();
  return page;
}

async function save(page: Page): Promise<string> {
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.waitForURL((url) => !/(?:new|edit)$/.test(url.pathname));
  return decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
}

const condition = (page: Page, number: string): Locator =>
  page.getByRole('group', { name: `Condition ${number}`, exact: true });
const action = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: false }).first();

async function addAction(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: /^What (?:first|else)\?$/ }).selectOption({ label });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** What the YAML view holds. */
async function yamlText(page: Page): Promise<string> {
  return (await page.getByRole('textbox', { name: 'The rule as YAML' }).locator('.cm-line').allTextContents()).join(
    '\n',
  );
}

async function toYaml(page: Page): Promise<Locator> {
  await page.getByText('YAML', { exact: true }).click();
  const text = page.getByRole('textbox', { name: 'The rule as YAML' });
  await text.waitFor();
  return text;
}

async function replaceYaml(page: Page, text: string): Promise<void> {
  await (await toYaml(page)).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

const mistakes = (page: Page): Locator => page.getByRole('region', { name: 'Mistakes and warnings' });

describe('a rule from nothing', () => {
  it('asks a manager about withdrawals of more than 5,000, and tells one', async () => {
    const page = await world.open({ path: '/rules/new' });
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Large withdrawals');
    const when = page.getByRole('combobox', { name: 'When …' });
    await when.selectOption({ label: 'money is withdrawn from a trading account – withdrawal.created' });
    await page.getByText('What the CRM processes is customer.withdrew.', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    // The amount and "is more than" are there already.
    await condition(page, '1').getByRole('textbox', { name: 'Value' }).fill('5,000');
    await condition(page, '1').getByText('That is 5,000.').waitFor();
    await addAction(page, 'Ask people for approval, and wait');
    await addAction(page, 'Notify a manager');
    const ask = action(page, 'Action 1: Ask people for approval, and wait');
    expect(await ask.getByRole('checkbox', { name: 'manager', exact: true }).isChecked()).toBe(true);
    await ask.getByText('The one that the directory names for the customer when the run asks.').waitFor();
    await ask.getByRole('textbox', { name: 'Title' }).fill('Pay out {{ amo');
    await ask.getByRole('option', { name: 'amount in US dollars' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' USD?');
    const tell = action(page, 'Action 2: Notify a manager');
    await tell.getByRole('combobox', { name: 'Manager' }).selectOption({ label: 'Ada <b>bold</b> (7)' });
    await page
      .getByRole('region', { name: 'In plain words' })
      .getByText(
        'When money is withdrawn from a trading account, if amount in US dollars is more than 5,000: ask a manager',
      )
      .waitFor();
    await page.getByRole('region', { name: 'Mistakes and warnings' }).getByText('No mistakes.').waitFor();
    const id = await save(page);
    expect(await storedRule(id)).toMatchObject({
      name: 'Large withdrawals',
      status: 'draft',
      brand: null,
      trigger_event: 'withdrawal.created',
      conditions: { match: 'all', rules: [{ field: 'amount_usd', operator: 'gt', value: 5000 }] },
      actions: [
        {
          type: 'approval.request',
          params: {
            title: 'Pay out {{ amount_usd }} USD?',
            approvers: { roles: ['SESSION_MANAGER'] },
            expires_in: { value: 2, unit: 'days' },
          },
        },
        { type: 'notify.manager', params: { title: 'Please look at this', manager_id: 7 } },
      ],
    });
  });
});

describe('the id of a new rule', () => {
  it('is said by the person who writes it, and one that is taken or wrong is told at its place', async () => {
    const taken = await store({ name: 'Was here first', brand: null });
    const page = await world.open({ path: `/rules/new?from=${taken.id}` });
    const id = page.getByRole('textbox', { name: 'Id of the rule' });
    await id.fill('new');
    const found = mistakes(page).getByRole('listitem').filter({ hasText: 'Id of the rule' });
    await found.getByText('none of ., .. and new', { exact: false }).waitFor();
    expect(await id.getAttribute('aria-invalid')).toBe('true');
    await id.fill(taken.id);
    await mistakes(page).getByText('No mistakes.').waitFor();
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Came second');
    await mistakes(page).getByText('No mistakes.').waitFor();
    await page.getByRole('button', { name: /^Save/ }).click();
    await found.getByText('There is a rule of this id already', { exact: false }).waitFor();
    await page.locator(':focus[data-place="id"][aria-invalid="true"]').waitFor();
    expect(await storedRule(taken.id)).toMatchObject({ name: 'Was here first', version: 1 });
    const other = uniqueName('other');
    await id.fill(other);
    await mistakes(page).getByText('No mistakes.').waitFor();
    expect(await save(page)).toBe(other);
    expect(await storedRule(other)).toMatchObject({ name: 'Came second' });
    expect(await (await edit(await storedRule(other))).getByRole('textbox', { name: 'Id of the rule' }).count()).toBe(
      0,
    );
  });
});

describe('conditions', () => {
  it('are added, moved, grouped, negated, duplicated and removed by the keyboard, undone and done again', async () => {
    const leaf = (field: string): Written => ({ field, operator: 'eq', value: 'x' });
    const rule = await store({ conditions: { match: 'all', rules: [leaf('event.a'), leaf('event.b')] } });
    const page = await edit(rule);
    const path = (number: string): Locator =>
      condition(page, number).getByRole('textbox', { name: 'Path of the field' });
    await path('1').press('Alt+ArrowDown');
    await page.getByRole('status').getByText('Moved down.').waitFor();
    expect(await path('2').inputValue()).toBe('event.a');
    const press = async (number: string, name: string): Promise<void> => {
      const change = condition(page, number).getByRole('button', { name: `More for Condition ${number}` });
      if ((await change.getAttribute('aria-expanded')) === 'false') await change.press('Enter');
      await condition(page, number).getByRole('button', { name, exact: true }).press('Enter');
    };
    await press('1', 'Put into a group');
    // event.b stands in group 1 now, as condition 1.1; event.a joins it and comes out again.
    await path('2').press('Alt+ArrowRight');
    await condition(page, '1.2').waitFor();
    await path('1.2').press('Alt+ArrowLeft');
    await press('2', 'Negate (not)');
    await page.getByRole('group', { name: 'Not 2', exact: true }).waitFor();
    await press('2.1', 'Duplicate');
    await condition(page, '2.1.2').waitFor();
    await page.keyboard.press('Control+z');
    await condition(page, '2.1.2').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+y');
    await condition(page, '2.1.2').getByRole('button', { name: 'Remove Condition 2.1.2' }).press('Enter');
    await condition(page, '2.1.2').waitFor({ state: 'detached' });
    const undo = page.getByRole('button', { name: 'Undo', exact: true });
    await undo.press('Enter');
    await condition(page, '2.1.2').waitFor();
    await page.getByRole('button', { name: 'Redo', exact: true }).press('Enter');
    await condition(page, '2.1.2').waitFor({ state: 'detached' });
    const id = await save(page);
    expect((await storedRule(id)).conditions).toEqual({
      match: 'all',
      rules: [{ match: 'any', rules: [leaf('event.b')] }, { not: { match: 'all', rules: [leaf('event.a')] } }],
    });
  });

  it.each<[string, unknown]>([
    ['a leaf at the root', { field: 'event.a', operator: 'eq', value: '5' }],
    ['a negated leaf', { not: { field: 'customer.country', operator: 'in', value: ['BR', 5, true] } }],
    ['nested not', { not: { not: { not: { match: 'any', rules: [] } } } }],
    [
      'single groups',
      {
        match: 'all',
        rules: [{ match: 'all', rules: [{ match: 'any', rules: [{ field: 'brand', operator: 'is_null' }] }] }],
      },
    ],
    [
      'all kinds of values',
      {
        match: 'any',
        rules: [
          { field: 'event.amount', operator: 'between', value: [1, 2.5] },
          { field: 'event.x', operator: 'eq', value: true },
          { field: 'event.x', operator: 'eq', value: '5' },
          { field: 'event.x', operator: 'gt', value: '2026-01-31' },
          { field: 'account.enable', operator: 'eq', value: 1 },
          { field: 'customer.sales_status_id', operator: 'eq', value: 3 },
          { field: 'customer.email', operator: 'regex', value: '^a+$' },
          { field: 'customer.language', operator: 'not_in', value: [] },
        ],
      },
    ],
  ])('come back exactly as they were: %s', async (_, conditions) => {
    const rule = await store({ conditions });
    const page = await edit(rule);
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Renamed');
    await save(page);
    const now = await storedRule(rule.id);
    expect(now.name).toBe('Renamed');
    expect(now.conditions).toStrictEqual(rule.conditions);
    expect(now.actions).toStrictEqual(rule.actions);
  });

  it('deeper than 12 levels are text alone, and stay as they are while the rest is edited', async () => {
    let conditions: unknown = { field: 'brand', operator: 'is_null' };
    for (let level = 1; level <= 400; level += 1) conditions = { not: conditions };
    const rule = await store({ conditions });
    const page = await edit(rule);
    await page.getByText('These conditions are more than the form can show').waitFor();
    expect(await page.getByRole('button', { name: 'Add a condition' }).count()).toBe(0);
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Deep');
    await page.getByRole('button', { name: 'Edit as YAML' }).click();
    await page.getByRole('textbox', { name: 'The rule as YAML' }).getByText('"not":').waitFor();
    await save(page);
    expect(await storedRule(rule.id)).toMatchObject({ name: 'Deep', conditions });
  });
});

describe('mistakes', () => {
  it('are shown at their place while typing, and listed with a way to each', async () => {
    const rule = await store();
    const page = await edit(rule);
    const value = condition(page, '1').getByRole('textbox', { name: 'Value' });
    await value.fill('many');
    await page.locator('[aria-invalid="true"]').first().waitFor();
    expect(await value.getAttribute('aria-invalid')).toBe('true');
    const described = (await value.getAttribute('aria-describedby')) ?? '';
    expect(
      await page
        .locator(
          described
            .split(' ')
            .map((id) => `[id="${id}"]`)
            .join(', '),
        )
        .allTextContents(),
    ).toContainEqual(expect.stringContaining('is a number'));
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('');
    const title = action(page, 'Action 1: Notify a manager').getByRole('textbox', { name: 'Title' });
    await title.fill('{{ event.amount');
    await mistakes(page).getByText('3 things are missing or wrong').waitFor();
    await mistakes(page)
      .getByRole('button', { name: /^Condition 1, Value: / })
      .click();
    expect(await value.and(page.locator(':focus')).count()).toBe(1);
    await mistakes(page)
      .getByRole('button', { name: /^Action 1, Title: / })
      .click();
    expect(await title.and(page.locator(':focus')).count()).toBe(1);
    // Saving sends nothing, and leads to the first of them.
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByRole('status').getByText('Correct this first').waitFor();
    expect((await storedRule(rule.id)).version).toBe(1);
  });

  it('that only warn let the rule be saved', async () => {
    const page = await edit(await store());
    await page.getByRole('combobox', { name: 'When …' }).selectOption({ label: 'Another event …' });
    await page.getByRole('textbox', { name: 'Type of the event' }).fill('never.seen');
    await mistakes(page).getByText('1 warning').waitFor();
    await mistakes(page)
      .getByRole('button', { name: /never.seen is not a known trigger/ })
      .waitFor();
    expect((await storedRule(await save(page))).trigger_event).toBe('never.seen');
  });
});

it('says of what was not come to yet nothing, and then that it is missing', async () => {
  const page = await world.open({ path: '/rules/new' });
  await page
    .getByRole('combobox', { name: 'When …' })
    .selectOption({ label: 'money is withdrawn from a trading account – withdrawal.created' });
  await page.getByRole('button', { name: 'Add a condition' }).click();
  const value = condition(page, '1').getByRole('textbox', { name: 'Value' });
  await mistakes(page)
    .getByRole('button', { name: /^Condition 1, Value: / })
    .waitFor();
  expect(await value.getAttribute('aria-invalid')).not.toBe('true');
  await value.focus();
  await page.keyboard.press('Tab');
  await condition(page, '1').getByText('This is missing.').waitFor();
  await addAction(page, 'Add a note');
  const text = action(page, 'Action 1: Add a note').getByRole('textbox', { name: 'Text' });
  await page.getByRole('button', { name: 'Insert a field into “Text”' }).click();
  await page.getByRole('listbox', { name: 'Fields for “Text”' }).waitFor();
  expect(await text.inputValue()).toContain('{{');
  expect(await text.getAttribute('aria-invalid')).not.toBe('true');
});

it('writes behind a field that was chosen, also what is typed in the same moment', async () => {
  const page = await world.open({ path: '/rules/new' });
  await page
    .getByRole('combobox', { name: 'When …' })
    .selectOption({ label: 'money is withdrawn from a trading account – withdrawal.created' });
  await addAction(page, 'Add a note');
  const text = action(page, 'Action 1: Add a note').getByRole('textbox', { name: 'Text' });
  await text.fill('Pay  now');
  for (let step = 0; step < ' now'.length; step += 1) await text.press('ArrowLeft');
  await page.keyboard.type('{{ amo');
  await page.getByRole('option', { name: 'amount in US dollars' }).waitFor();
  // Two keys, between which the browser does nothing else.
  await page.evaluate(`
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    document.execCommand('insertText', false, ' USD');
  `);
  await expect.poll(() => text.inputValue()).toBe('Pay {{ amount_usd }} USD now');
});

describe('every action', () => {
  it('is kept with all of its parameters, known and unknown', async () => {
    const actions = [
      {
        type: 'approval.request',
        params: {
          title: 'a',
          approvers: { roles: ['SESSION_ADMIN'], users: ['ann'], manager_of_customer: true },
          required: 2,
          forbid_initiator: false,
          expires_in: { value: 2, unit: 'days' },
          remind_before: { value: 4, unit: 'hours' },
          on_reject: 'stop',
        },
      },
      {
        type: 'webhook.send',
        params: {
          url: 'https://example.com/{{ event.id }}',
          method: 'PUT',
          headers: { 'X-A': 'b', 'X-B': '{{ brand }}' },
          body: '{"a":"{{ event.a }}"}',
          timeout_ms: 5000,
        },
      },
      { type: 'kyc.require_step', params: { step: { deep: [1, { a: null }] } } },
      { type: 'set_status', params: { status: 3, kind: 'sales' } },
      { type: 'set_customer_active', params: { active: false } },
      { type: 'handover_to_retention', params: {} },
      { type: 'increment_manager_counter', params: { counter: 'x', by: 3, manager_id: 0 } },
      { type: 'delay', params: { value: 2, unit: 'hours' } },
    ];
    const guards = {
      re_enroll: { value: 7, unit: 'days' },
      limit: { count: 5, per: { value: 2, unit: 'hours' }, on_exceed: 'hold' },
      stop_after: true,
      priority: 7,
      brand: 'oak',
    };
    const rule = await store({ actions, ...guards });
    const page = await edit(rule);
    const title = action(page, 'Action 1: Ask people for approval').getByRole('textbox', { name: 'Title' });
    await title.fill('b');
    await page.getByRole('textbox', { name: 'Value of header 1' }).fill('c');
    await save(page);
    const now = await storedRule(rule.id);
    const [first, second, ...others] = structuredClone(actions);
    expect(now).toMatchObject(guards);
    expect(now.actions).toEqual([
      { ...first, params: { ...first!.params, title: 'b' } },
      { ...second, params: { ...second!.params, headers: { 'X-A': 'c', 'X-B': '{{ brand }}' } } },
      ...others,
    ]);
  });
});

describe('the same rule as YAML', () => {
  it('goes both ways', async () => {
    const rule = await store();
    const page = await edit(rule);
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('From the form');
    await toYaml(page);
    expect(await yamlText(page)).toContain('name: From the form');
    const text = (await yamlText(page)).replace('From the form', 'From YAML').replace('value: 1000', 'value: 2000');
    await page.getByRole('textbox', { name: 'The rule as YAML' }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
    await page.getByText('Form', { exact: true }).click();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('From YAML');
    expect(await condition(page, '1').getByRole('textbox', { name: 'Value' }).inputValue()).toBe('2000');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('From the form');
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await save(page);
    expect(await storedRule(rule.id)).toMatchObject({ name: 'From YAML', conditions: { rules: [{ value: 2000 }] } });
  });

  it('that cannot be read is kept, also over a reload, and never saved', async () => {
    const rule = await store();
    const page = await edit(rule);
    await replaceYaml(page, 'name: a\nname: b\n');
    const alert = page.getByRole('alert').filter({ hasText: 'The YAML cannot be read yet' });
    await alert.getByText('Line 2').waitFor();
    await page.getByText('Form', { exact: true }).click();
    await page.getByRole('status').getByText('The YAML cannot be read: correct it, or discard it.').waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await alert.waitFor();
    expect(await yamlText(page)).toBe('name: a\nname: b\n');
    await alert.getByRole('button', { name: 'Discard the YAML text' }).click();
    expect(await yamlText(page)).toContain(`name: ${rule.name}`);
    expect((await storedRule(rule.id)).version).toBe(1);
  });
});

describe('somebody else', () => {
  it('who has saved meanwhile is shown beside what was typed, and nothing is lost', async () => {
    const rule = await store();
    const page = await edit(rule, { sub: 'ada' });
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Mine');
    await page.getByRole('textbox', { name: 'Description' }).fill('my words');
    const other = await edit(rule, { sub: 'bert' });
    await other.getByRole('textbox', { name: 'Name of the rule' }).fill('Theirs');
    await other.getByRole('textbox', { name: 'Priority' }).fill('5');
    await save(other);
    await page.getByRole('button', { name: /^Save/ }).click();
    const conflict = page.getByRole('region', { name: 'Somebody else has changed this rule' });
    await conflict.getByText('bert has saved version 2 while you were editing version 1').waitFor();
    const name = conflict.getByRole('group', { name: 'name – changed by both' });
    await name.getByText('Theirs', { exact: true }).first().waitFor();
    await name.getByText('Mine', { exact: true }).waitFor();
    await conflict.getByRole('group', { name: 'description – changed by you' }).waitFor();
    await conflict.getByRole('group', { name: 'priority – changed by the other person' }).waitFor();
    await conflict.getByRole('button', { name: 'Take this over into the editor' }).click();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('Mine');
    expect(await page.getByRole('textbox', { name: 'Priority' }).inputValue()).toBe('5');
    await save(page);
    expect(await storedRule(rule.id)).toMatchObject({ version: 3, name: 'Mine', description: 'my words', priority: 5 });
  });

  it('who has deleted the rule does not take it from the one who edits it', async () => {
    const rule = await store();
    const page = await edit(rule);
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Still here');
    await world.api.as('SESSION_ADMIN', `/api/workflow/rules/${rule.id}`, { method: 'DELETE' });
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByText('The rule was deleted meanwhile').waitFor();
    await page.getByRole('button', { name: 'Save as a new rule' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
    expect(await storedRule(id)).toMatchObject({ name: 'Still here' });
  });
});

describe('what was typed', () => {
  it('outlives a token that expires in the middle', async () => {
    const rule = await store();
    const page = await edit(rule, { sub: 'ada', endsIn: 15 });
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Typed before');
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    while (!(await dialog.isVisible())) {
      const name = page.getByRole('textbox', { name: 'Description' });
      await name.press('x');
      await dialog.waitFor({ timeout: 700 }).catch(() => null);
    }
    await dialog
      .getByRole('textbox', { name: 'Session token' })
      .fill(await sessionToken('SESSION_ADMIN', { sub: 'ada' }));
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('Typed before');
    await save(page);
    expect((await storedRule(rule.id)).name).toBe('Typed before');
  });

  it.each([
    [503, 'store_unavailable', 'The store is away'],
    [429, 'too_many_requests', 'Too many requests'],
  ])('outlives an answer of %i, and is sent again', async (status, code, shown) => {
    const rule = await store();
    const page = await edit(rule);
    const body = JSON.stringify({ success: false, error: { code, message: 'later' } });
    await page.route('**/api/workflow/rules/**', (route) =>
      route.request().method() === 'GET'
        ? route.continue()
        : route.fulfill({ status, contentType: 'application/json', body }),
    );
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Typed');
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByRole('alert').getByText(shown).waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('Typed');
    await page.unroute('**/api/workflow/rules/**');
    await save(page);
    expect((await storedRule(rule.id)).name).toBe('Typed');
  });

  it('is there after a reload, for the same person alone, and asks before it is left', async () => {
    const rule = await store();
    const page = await edit(rule, { sub: 'ada' });
    page.on('dialog', (dialog) => void dialog.accept());
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Draft of Ada');
    await page.reload();
    await page.getByText('What you typed before and did not save is here again.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('Draft of Ada');

    await page.getByRole('link', { name: 'Runs' }).click();
    const ask = page.getByRole('dialog', { name: 'Leave without saving?' });
    await ask.getByRole('button', { name: 'Close' }).last().click();
    await ask.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe('Draft of Ada');

    const other = await sessionToken('SESSION_ADMIN', { sub: 'bert' });
    await page.goto(`${world.api.url}/console/rules/${rule.id}/edit#token=${other}`);
    await page.getByText('bert').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe(rule.name);
    expect(await page.evaluate<string>('JSON.stringify(sessionStorage)')).not.toContain('Draft of Ada');
    await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Draft of Bert');
    await page.getByRole('link', { name: 'Runs' }).click();
    await ask.getByRole('button', { name: 'Leave, and discard the changes' }).click();
    await page.getByRole('heading', { name: 'Runs' }).waitFor();
    await page.goBack();
    await page.getByRole('textbox', { name: 'Name of the rule' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).inputValue()).toBe(rule.name);
  });
});

describe('who may write', () => {
  it('is an administrator; others are told so', async () => {
    const rule = await store();
    const page = await world.open({ role: 'SESSION_MANAGER', path: `/rules/${rule.id}/edit` });
    await page.getByText('Only administrators may write rules.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the rule' }).count()).toBe(0);
  });

  it('sees nothing of rules of another brand, and writes none', async () => {
    const rule = await store({ brand: 'elm' });
    const page = await world.open({ brands: ['oak'], path: `/rules/${rule.id}/edit` });
    await page.getByRole('alert').getByText('There is no such rule for you').waitFor();
    const own = await world.open({ brands: ['oak'], path: '/rules/new' });
    const brands = own.getByRole('combobox', { name: 'Brand' });
    await brands.waitFor();
    expect(await brands.locator('option').allTextContents()).toEqual(['oak']);
    await replaceYaml(
      own,
      'name: a\nbrand: elm\ntrigger_event: customer.ftd\nstatus: draft\nactions: [{ type: add_note, params: { body: x } }]\n',
    );
    await own.getByRole('button', { name: /^Save/ }).click();
    await own.getByRole('alert').getByText('Your session may not do this').waitFor();
    expect(await yamlText(own)).toContain('brand: elm');
  });
});

it('asks before an active rule is changed, and copies a rule as a draft', async () => {
  const rule = await store({ status: 'active' });
  const page = await edit(rule);
  await page.getByRole('textbox', { name: 'Name of the rule' }).fill('Changed');
  await page.getByRole('button', { name: /^Save/ }).click();
  await page
    .getByRole('dialog', { name: 'Change an active rule' })
    .getByRole('button', { name: 'Save the active rule' })
    .click();
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
  expect(await storedRule(rule.id)).toMatchObject({ name: 'Changed', status: 'active' });
  const copy = await world.open({ path: `/rules/new?from=${rule.id}` });
  await copy.getByRole('textbox', { name: 'Name of the rule' }).waitFor();
  const { id: _id, version: _version, created_at: _created, updated_at: _updated, ...same } = await storedRule(rule.id);
  expect(await storedRule(await save(copy))).toMatchObject({ ...same, name: 'Copy of Changed', status: 'draft' });
});

it('shows what the rule would do about an event, with its texts filled in', async () => {
  const page = await edit(await store());
  await action(page, 'Action 1: Notify a manager')
    .getByRole('textbox', { name: 'Title' })
    .fill('Got {{ event.amount }} of {{ customer.country }}');
  await page.getByText('Try it on an event').click();
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('status').getByText('The rule would run for this event.').waitFor();
  await expectShown(
    page.getByRole('list', { name: 'What it would do, with the texts filled in' }).getByText('Got 9000 of'),
  );
  const event = page.getByRole('textbox', { name: 'The event as JSON' });
  await event.fill((await event.inputValue()).replace('9000', '900'));
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('status').getByText('its conditions do not hold').waitFor();
  await page.getByRole('group', { name: 'What its conditions saw' }).getByText('900', { exact: false }).waitFor();
});

it('names the rule that comes before it and holds it back', async () => {
  const trigger_event = uniqueName('trigger');
  await store({ trigger_event, name: 'Comes first', priority: 1, stop_after: true, status: 'active' });
  const page = await edit(await store({ trigger_event }));
  await page.getByText('Try it on an event').click();
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await expectShown(page.getByRole('status').getByRole('link', { name: 'Comes first' }));
  await page
    .getByRole('spinbutton', { name: 'Priority' })
    .or(page.getByRole('textbox', { name: 'Priority' }))
    .fill('0');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('status').getByText('The rule would run for this event.').waitFor();
});

it('begins with an account that there is, and says that nothing runs for one that is not known', async () => {
  await createDirectory(world.runs.store).load({ accounts: [{ login: 6001, group: 'oak-real' }] });
  const page = await edit(await store({ trigger_event: 'withdrawal.created', brand: null, conditions: null }));
  await page.getByText('Try it on an event').click();
  const event = page.getByRole('textbox', { name: 'The event as JSON' });
  await expect.poll(() => event.inputValue()).toContain('"login": 6001');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('status').getByText('The rule would run for this event.').waitFor();
  await event.fill((await event.inputValue()).replace('6001', '1'));
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await page.getByRole('status').getByText('nothing runs: the account of the event is not known').waitFor();
});

it('tries the rule on an event that has happened, as it was recorded', async () => {
  const kept = {
    trigger: 'customer.deposited',
    revision: 1,
    outcome: 'no_match' as const,
    at: '2026-01-01T00:00:00.000Z',
  };
  const context = { brand: 'oak', event: { amount: 7000 } };
  await createEvaluatedEvents(world.runs.store).keep([{ ...kept, eventId: 'recorded', eventKey: 'recorded', context }]);
  const page = await edit(await store());
  await action(page, 'Action 1: Notify a manager')
    .getByRole('textbox', { name: 'Title' })
    .fill('{{ event.amount }} of {{ brand }}');
  await page.getByText('Try it on an event').click();
  await page.getByRole('combobox', { name: 'Event', exact: true }).selectOption({ label: 'an event by its id' });
  await page.getByRole('textbox', { name: 'Event id' }).fill('recorded');
  await page.getByRole('button', { name: 'Try it', exact: true }).click();
  await expectShown(page.getByRole('status').getByText('7000 of oak'));
});

describe('every screen', () => {
  const markup = 'Hi <b>bold</b> <img src=x onerror="document.title=\'hit\'"> \u202e';
  const large = 'rule-with-everything';
  beforeAll(async () => {
    await store({
      id: large,
      name: markup,
      description: `${markup} ${'x'.repeat(3000)}`,
      trigger_event: 'x'.repeat(150),
      conditions: {
        match: 'any',
        rules: [
          { not: { field: `event.${'long'.repeat(40)}`, operator: 'eq', value: markup.repeat(20) } },
          { match: 'all', rules: [] },
        ],
      },
      actions: [
        { type: 'add_note', params: { body: markup.repeat(30) } },
        { type: 'approval.request', params: { title: markup, approvers: { users: [markup] } } },
        { type: 'webhook', params: { target: 'x'.repeat(200), headers: { 'X-A': markup.slice(0, 20) } } },
      ],
    });
  });
  checkScreens(
    () => world,
    [
      ['/rules/new', /^New rule$/],
      [`/rules/${large}/edit`, /^Edit/],
    ],
  );

  it('shows what others have written as text', async () => {
    const page = await world.open({ path: `/rules/${large}/edit` });
    await page.getByRole('textbox', { name: 'Name of the rule' }).waitFor();
    await expectShown(page.getByRole('heading', { level: 1 }));
    await toYaml(page);
    expect(await page.locator('main :is(b, i)', { hasText: /^(bold|italic)$/ }).count()).toBe(0);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).not.toBe('hit');
  });
});
