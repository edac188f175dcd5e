/** Dead letters looked at and sent again in a browser. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startIngress } from '../../../apps/ingress/start-ingress.ts';
import { loadConfig } from '#libs/config/config.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import { createDeadLetters } from '#libs/store/events/dead-letter.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { checkScreens } from '../../support/console-screens.ts';
import { ConsoleWorld } from '../../support/console.ts';
import { deadLetter, largeEvent } from '../../support/dead-letters.ts';
import { foreignKafka } from '../../support/foreign-kafka.ts';
import { ruleDefinition, until, type RunningIngress } from '../../support/ingress.ts';
import { topicSettings } from '../../support/run-world.ts';
import { servers, uniqueName } from '../../support/servers.ts';

const hostile = '<b>bold</b><img src=x onerror="document.title=\'hit\'"> \u202Eright to left\u202C 🙂 ';

let world: ConsoleWorld;
const kafka = { KAFKA_TOPIC_PREFIX: topicSettings.topicPrefix };

beforeAll(async () => {
  world = await ConsoleWorld.create(kafka);
  const original = {
    key: Buffer.from(hostile).toString('base64'),
    value: Buffer.from(`${hostile}${'x'.repeat(15_000)}`).toString('base64'),
    headers: [[hostile, [Buffer.from(hostile).toString('base64')]] as [string, string[]]],
  };
  await createDeadLetters(world.runs.store).add([
    deadLetter({ dead_letter_id: 'old.0.1', reason: 'hostile', message: hostile, original, obstacle: 'cut' }),
    deadLetter({ dead_letter_id: 'old.0.2', reason: 'of_oak', brand: 'oak', message: 'of oak' }),
    deadLetter({
      dead_letter_id: 'old.0.3',
      reason: 'lost',
      state: 'unknown',
      resend: { by: hostile, at: new Date().toISOString(), to: null },
    }),
  ]);
});
afterAll(() => world?.close());

const group = uniqueName('ingress');
/** @param maxBytes of a message */
async function ingress(maxBytes: string): Promise<Pick<RunningIngress, 'close'>> {
  const stopping = new AbortController();
  const app = await startIngress({
    config: loadConfig({
      MONGODB_URI: world.runs.storeUri,
      TEMPORAL_ADDRESS: servers().temporal,
      TEMPORAL_TASK_QUEUE: world.runs.taskQueue,
      KAFKA_BROKERS: servers().kafka.join(','),
      KAFKA_GROUP_ID: group,
      INGRESS_PORT: '0',
      RULES_POLL_MS: '200',
      MAX_MESSAGE_BYTES: maxBytes,
      ...kafka,
    }),
    log: createLogger('ingress', 'silent'),
    registry: createMetrics('ingress'),
    stopping: stopping.signal,
  });
  const close = async (): Promise<void> => {
    stopping.abort();
    await app.close();
  };
  return { close };
}

async function publish(...events: object[]): Promise<void> {
  const producer = foreignKafka().producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const messages = events.map((event) => ({ key: 'k', value: JSON.stringify(event) }));
  await producer.send({ topic: `${kafka.KAFKA_TOPIC_PREFIX}${topics.crm}`, messages });
  await producer.disconnect();
}

it('sends one again after the fix, which then runs, and then all others of the reason', async () => {
  const rule = ruleDefinition({ trigger_event: 'customer.deposited', name: 'Large deposits', actions: [] });
  await createRuleRepository(world.runs.store).apply([{ id: 'large', definition: rule }], 'test');
  const strict = await ingress('1000');
  await publish(...['one', 'two', 'three'].map((id) => largeEvent(id)));
  const page = await world.open({ path: '/dead-letters' });
  const table = page.getByRole('region', { name: 'Dead letters', exact: true });
  await table
    .getByRole('row', { name: /too_large/ })
    .nth(2)
    .waitFor();
  await strict.close();
  const mended = await ingress('262144');

  await table
    .getByRole('row', { name: /too_large/ })
    .last()
    .getByRole('link')
    .click();
  await page.getByRole('heading', { level: 1, name: 'Dead letter: too_large' }).waitFor();
  await page.getByRole('region', { name: 'Message' }).getByText('customer.deposited').waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send again' });
  await dialog.getByText('published again on crm.events').waitFor();
  await dialog.getByRole('button', { name: 'Send again' }).dblclick();
  await page.getByRole('status').getByText('The message was sent again.').waitFor();
  await page.getByText('sent again', { exact: true }).waitFor();
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
  const runs = () => world.runs.store.collection('runs').countDocuments({ rule_id: 'large' });
  await until('its run is there', async () => (await runs()) > 0);
  expect(await runs()).toBe(1);

  await page.getByRole('link', { name: 'Dead letters' }).first().click();
  await page.getByRole('button', { name: 'Send all again: too_large' }).click();
  await page.getByRole('dialog').getByText('2 messages are published again').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Send all again' }).click();
  await page.getByRole('status').getByText('Done. 2 sent again').waitFor();
  await until('their runs are there', async () => (await runs()) === 3);
  await page.goto(`${world.api.url}/console/runs?rule_id=large`);
  await page
    .getByRole('row', { name: /Large deposits/ })
    .nth(2)
    .waitFor();
  await mended.close();
});

it('says of one that was perhaps sent that it is not sent again, and of one that is not whole why', async () => {
  const page = await world.open({ path: '/dead-letters/old.0.3' });
  await page.getByText('It is not sent a second time.').waitFor();
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
  await page.goto(`${world.api.url}/console/dead-letters/old.0.1`);
  await page.getByText('the whole message was not kept').waitFor();
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
});

it('filters by the address', async () => {
  const page = await world.open({ path: '/dead-letters' });
  await page.getByRole('search').getByLabel('Reason').fill('of_oak');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('region', { name: 'Dead letters', exact: true }).getByRole('row').nth(1).waitFor();
  expect(new URL(page.url()).search).toBe('?reason=of_oak');
  await page.getByText('of oak', { exact: true }).waitFor();
  expect(await page.getByRole('region', { name: 'Dead letters', exact: true }).getByRole('row').count()).toBe(2);
});

it('shows a dealer no controls, and a session of one brand the letters of that brand alone', async () => {
  const dealer = await world.open({ role: 'SESSION_DEALER', path: '/dead-letters' });
  await dealer.getByText('of oak', { exact: true }).waitFor();
  expect(await dealer.getByRole('button', { name: /Send/ }).count()).toBe(0);
  await dealer.goto(`${world.api.url}/console/dead-letters/old.0.2`);
  await dealer.getByRole('heading', { level: 1, name: 'Dead letter: of_oak' }).waitFor();
  expect(await dealer.getByRole('button', { name: 'Send again' }).count()).toBe(0);

  const oak = await world.open({ brands: ['oak'], path: '/dead-letters' });
  await oak.getByText('of oak', { exact: true }).waitFor();
  expect(await oak.getByText('lost', { exact: true }).count()).toBe(0);
  await oak.goto(`${world.api.url}/console/dead-letters/old.0.3`);
  await oak.getByRole('alert').getByText('There is no such dead letter for you').waitFor();
});

checkScreens(
  () => world,
  [
    ['/dead-letters', /^Dead letters$/],
    ['/dead-letters/old.0.1', /^Dead letter: hostile$/],
  ],
  '<b>bold</b>',
);
