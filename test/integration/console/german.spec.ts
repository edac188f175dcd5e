/** With German chosen, what the API says by code is read in German, and its own words stay within reach. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { ConsoleWorld, expectShown, type Visitor } from '../../support/console.ts';
import { deadLetter } from '../../support/dead-letters.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';

const answered = 'POST https://crm.example/hook → 404 Not Found';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
  const error = { code: 'webhook_status', message: answered };
  const action = { index: 0, type: 'call_webhook', attempts: 1, started_at: null, finished_at: null };
  await createRunLedger(world.runs.store).claim([
    runRecord({
      run_id: 'de:1',
      status: 'failed',
      error: { ...error, action: 'call_webhook' },
      actions: [
        { ...action, status: 'failed', error },
        {
          ...action,
          index: 1,
          type: 'add_note',
          status: 'completed',
          detail: 'customer c-1: note added',
          report: { code: 'note_added', params: { customer: 'c-1' } },
        },
        { ...action, index: 2, type: 'add_note', status: 'completed', detail: 'customer c-2: note added' },
      ],
    }),
    runRecord({
      run_id: 'de:2',
      status: 'held',
      reason: 'limit',
      guard: { note: 'over the limit of 5 per hour', earlier_run: null, resolved_by: null, resolved_at: null },
    }),
    runRecord({
      run_id: 'de:3',
      status: 'skipped',
      reason: 're_enroll',
      guard: {
        note: 'the rule runs once in 2 days',
        code: 'ran_lately',
        params: { per: { value: 2, unit: 'days' }, at: '2026-01-31T12:00:00.000Z' },
        earlier_run: 'de:1',
        resolved_by: null,
        resolved_at: null,
      },
    }),
  ]);
  const message = 'is not JSON from line 1, column 5 on';
  await createDeadLetters(world.runs.store).add([
    deadLetter({ dead_letter_id: 'de.0.1', reason: 'not_json', message }),
    deadLetter({ dead_letter_id: 'de.0.2', reason: 'of_tomorrow', message: 'Something new' }),
  ]);
});
afterAll(async () => {
  await world?.close();
});

function open(path: string, visitor: Visitor = {}): Promise<Page> {
  return world.open({ path, ...visitor, browser: { locale: 'de-DE', viewport: { width: 360, height: 740 } } });
}

/** Unfolds the words of the server, which are not read before. */
async function original(within: Page | Locator, text: string): Promise<void> {
  const words = within.getByText(text).first();
  expect(await words.isVisible()).toBe(false);
  await within.getByText('Im Wortlaut (englisch)').first().click();
  await words.waitFor();
}

async function store(id: string, more: object = {}): Promise<void> {
  const rule = { ...ruleDefinition({ status: 'draft' }), id, ...more };
  const { status } = await world.api.as('SESSION_ADMIN', '/api/workflow/rules', { method: 'POST', body: { rule } });
  expect(status).toBe(201);
}

describe('in German', () => {
  it('the mistakes of a rule say what would be right, with its limits', async () => {
    const page = await open('/rules/new');
    await page.getByText('YAML', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Die Regel als YAML' }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(
      JSON.stringify({
        name: 'x'.repeat(1_000),
        trigger_event: 'trade.reopened',
        priority: -1,
        conditions: [
          { field: 'customer.colour', operator: 'eq', value: 'red' },
          { field: 'amount_usd', operator: 'between', value: [5, 1] },
          { field: 'customer.country', operator: 'regex', value: '(' },
        ],
        actions: [{ type: 'add_note', params: {} }],
      }),
    );
    const problems = page.getByRole('region', { name: 'Fehler und Warnungen' });
    await expectShown(problems.getByText(/^name: Das ist zu lang\. Höchstens \d+ Zeichen\.$/));
    await expectShown(problems.getByText(/^priority: .* Erwartet: eine ganze Zahl von 0 bis [\d.]+\.$/));
    await expectShown(problems.getByText(/^conditions\[0\]\.field: Dieses Feld gibt es nicht: customer\.colour\.$/));
    await expectShown(problems.getByText(/Erwartet: das Kleinere zuerst\.$/));
    await expectShown(problems.getByText(/^actions\[0\]\.params\.body: Diese Angabe fehlt\.$/));
    await expectShown(problems.getByText(/noch nicht gesehen: trade\.reopened\.$/));
    expect(
      await problems
        .getByText(/expected|must|missing/)
        .filter({ visible: true })
        .count(),
    ).toBe(0);
    await expectShown(problems.getByText('Eine Klammer ( wird nicht geschlossen: (.', { exact: false }));
    expect(await problems.getByText('Im Wortlaut (englisch)').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('why a text is no YAML is said', async () => {
    const page = await open('/rules/new');
    await page.getByText('YAML', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Die Regel als YAML' }).focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('name: a\nname: b\n');
    const broken = page.getByRole('alert').filter({ hasText: 'Im Wortlaut (englisch)' });
    await expectShown(broken.getByRole('button', { name: 'Zeile 2: Dieser Name steht hier schon einmal.' }));
    await original(broken, 'Map keys must be unique');
  });

  it('what a trial leaves open is said, with what the rule and the event name', async () => {
    await store('de-tried', { trigger_event: 'ticket.raised' });
    const page = await open('/rules/de-tried/switch-on');
    const event = page.getByRole('textbox', { name: 'Ereignis', exact: true });
    await event.fill('{ "type":\n x }');
    await page.getByRole('button', { name: 'Ausprobieren', exact: true }).click();
    await expectShown(page.getByText('Das ist kein JSON-Objekt:'));
    await event.fill('{ "type": "ticket.closed", "brand": "oak", "data": {} }');
    await page.getByRole('button', { name: 'Ausprobieren', exact: true }).click();
    const other = 'Die Regel ist für ticket.raised, und das Ereignis ist ticket.closed: sie läuft nicht.';
    await expectShown(page.getByText(other, { exact: true }));
    await expectShown(page.getByText('Konten und Kunden werden so nachgeschlagen, wie sie jetzt sind.'));
    expect(await page.getByText(/directory|guards|Your rule/).count()).toBe(0);
  });

  it('a run says why it failed, and one that is held why it waits', async () => {
    const page = await open('/runs/de%3A1');
    await expectShown(page.getByText('Der Empfänger hat den Aufruf abgelehnt'));
    await original(page.getByRole('list', { name: 'Aktionen' }), answered);
    await expectShown(page.getByText('Kunde c-1: Notiz angelegt', { exact: true }));
    expect(await page.getByText('customer c-1', { exact: false }).count()).toBe(0);
    // Of a time before what an action did was kept by a code.
    await expectShown(page.getByText('customer c-2: note added', { exact: true }));
    const held = await open('/runs/de%3A2');
    await expectShown(held.getByText('Das Limit der Regel ist erreicht: wartet, bis der Lauf freigegeben wird'));
    // Of a time before what a guard said was kept by a code.
    await original(held, 'over the limit of 5 per hour');
  });

  it('a run that a rule may not have again says which one came first, and leads there', async () => {
    const page = await open('/runs/de%3A3');
    const note =
      /Die Regel läuft einmal in 2 Tagen für jeden Kunden\. Der Lauf de:1 zu einem Ereignis vom .* war zuerst da/;
    await expectShown(page.getByText(note));
    expect(await page.getByText('the rule runs once').count()).toBe(0);
    await page.getByRole('link', { name: 'de:1', exact: true }).click();
    await expectShown(page.getByText('Der Empfänger hat den Aufruf abgelehnt'));
  });

  it('a dead letter says its reason; a reason without a text stays as it is', async () => {
    const page = await open('/dead-letters');
    await expectShown(page.getByRole('row', { name: /Something new/ }));
    await page
      .getByRole('row', { name: /Die Nachricht ist kein JSON/ })
      .getByRole('link')
      .first()
      .waitFor();
    const letter = await open('/dead-letters/de.0.1');
    await expectShown(letter.getByText('Die Nachricht ist kein JSON'));
    await original(letter, 'is not JSON from line 1, column 5 on');
  });

  it('a rule that others have changed cannot be switched off unseen', async () => {
    await store('de-conflict', { status: 'active' });
    const page = await open('/rules/de-conflict');
    await page.getByRole('button', { name: 'Ausschalten', exact: true }).click();
    const { body } = await world.api.as('SESSION_ADMIN', '/api/workflow/rules/de-conflict');
    const { version, ...rule } = body.data!['rule'] as Record<string, unknown>;
    const changed = { ...rule, description: 'Changed meanwhile' };
    for (const key of ['created_at', 'updated_at', 'archived_at', 'created_by', 'updated_by']) {
      Reflect.deleteProperty(changed, key);
    }
    const put = { method: 'PUT', body: { rule: changed, version } } as const;
    expect((await world.api.as('SESSION_ADMIN', '/api/workflow/rules/de-conflict', put)).status).toBe(200);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Regel ausschalten' }).click();
    await expectShown(dialog.getByRole('alert').getByText('Es wurde inzwischen geändert', { exact: false }));
    await original(dialog, 'was changed meanwhile');
  });

  it('a brand that the session is not for is refused', async () => {
    const page = await open('/runs?brand=elm', { brands: ['oak'] });
    const alert = page.getByRole('alert');
    await expectShown(alert.getByText('Ihre Sitzung darf das nicht'));
    await original(alert, 'This session is not for brand "elm".');
  });

  it('a server that is away says so', async () => {
    const token = 'de'.repeat(32);
    const page = await open('');
    const error = { code: 'temporal_unavailable', message: 'The run could not be reached, and nothing was done' };
    await page.route('**/api/workflow/approvals/**', (route) =>
      route.fulfill({ status: 503, json: { success: false, error } }),
    );
    await page.evaluate(`history.pushState({}, '', '/console/approvals/${token}')`);
    await page.reload();
    const alert = page.getByRole('alert').first();
    await expectShown(alert.getByText('Die Engine ist nicht da', { exact: false }));
    await original(alert, error.message);
  });
});
