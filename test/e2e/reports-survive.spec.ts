/**
 * 2,000 events reported to a workflow webhook over 50 connections, while the API is killed and started again: with the
 * compiled processes and real servers. A client repeats what was not acknowledged, under the same idempotency key.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { sessionSecret } from '../support/api.ts';
import { Installation } from '../support/apps.ts';
import { IngressWorld, until, type Environment } from '../support/ingress.ts';
import { readReported, registration } from '../support/reporting.ts';
import { tokenSecret, webhookRecord } from '../support/workflow-webhooks.ts';

const count = 2_000;
const connections = 50;

let installation: Installation;
let world: IngressWorld;
let env: Environment;
beforeAll(async () => {
  installation = await Installation.create();
  world = await IngressWorld.create(installation.servers);
  env = { ...world.env, SESSION_SECRET: sessionSecret, WEBHOOK_TOKEN_SECRET: tokenSecret };
  await Promise.all([installation.start('ingress', world.env), installation.start('api', env)]);
});
afterAll(async () => {
  await world?.close();
  await installation?.close();
});

/** A back end: it has a token for as long as it is taken, and sends each event until it is acknowledged. */
class BackEnd {
  accepted = 0;
  repeated = 0;
  readonly #key: string;
  #token: Promise<string> | null = null;

  constructor(key: string) {
    this.#key = key;
  }

  async report(event: Record<string, unknown>, key: string | null): Promise<void> {
    for (;;) {
      const status = await this.#send(event, key).catch(() => null);
      if (status === 200) break;
      if (status === 401) this.#token = null;
      else if (status !== null && status !== 503) throw new Error(`a report is answered with ${status}`);
      this.repeated += 1;
      await sleep(50);
    }
    this.accepted += 1;
  }

  async #send(event: Record<string, unknown>, key: string | null): Promise<number> {
    this.#token ??= this.#handshake();
    const token = await this.#token.catch((error: unknown) => {
      this.#token = null;
      throw error;
    });
    const headers = { 'x-session-token': token, 'content-type': 'application/json' };
    const answer = await fetch(`${installation.url('api')}/webhooks/registrations`, {
      method: 'POST',
      headers: { ...headers, ...(key !== null && { 'idempotency-key': key }) },
      body: JSON.stringify(event),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  async #handshake(): Promise<string> {
    const url = `${installation.url('api')}/webhooks/registrations/handshake`;
    const answer = await fetch(url, { method: 'POST', headers: { authorization: this.#key } });
    const { data } = (await answer.json()) as { data: { sessionToken: string } };
    return data.sessionToken;
  }
}

it('R-303 R-304 no event that was acknowledged is missing, and each starts one run, also when the API is killed', async () => {
  const rule = await world.rule({ trigger_event: 'customer.registered', brand: 'alpha' });
  await until('the rule is live', async () => (await installation.metric('ingress', 'signalbox_rules_loaded')) === 1);
  const { text, key } = drawWebhookKey('test', new Date());
  await createWorkflowWebhooks(world.store).add(webhookRecord({ brand: 'alpha', keys: [key] }));

  const backEnd = new BackEnd(text);
  const events = Array.from({ length: count }, () => registration());
  let next = 0;
  const work = async (): Promise<void> => {
    for (let event = events[next]; event !== undefined; event = events[next]) {
      const own = next % 2 === 0 ? `key-${next}` : null;
      next += 1;
      await backEnd.report(event, own);
    }
  };
  const working = Promise.all(Array.from({ length: connections }, work));
  for (const share of [0.25, 0.5, 0.75]) {
    await until(`${share} of the events are accepted`, () => backEnd.accepted >= share * count);
    await installation.kill('api');
    await installation.start('api', env);
  }
  await working;
  expect(backEnd.repeated).toBeGreaterThan(0);

  const published = await readReported(world.kafka, `${world.env.KAFKA_TOPIC_PREFIX}${topics.crm}`);
  const idsOf = new Map<string, Set<string>>();
  for (const { key: customer, event } of published) {
    idsOf.set(customer, (idsOf.get(customer) ?? new Set()).add(event.id));
  }
  expect([...idsOf.keys()].toSorted()).toEqual(events.map(({ customerId }) => customerId).toSorted());
  expect([...idsOf.values()].every((ids) => ids.size === 1)).toBe(true);

  const records = async () => (await world.records()).filter(({ rule_id }) => rule_id === rule);
  await world.drained();
  await until('every event has a run', async () => (await records()).length >= count);
  const runs = await records();
  expect(runs.length).toBe(count);
  expect(runs.map(({ customer_id }) => String(customer_id)).toSorted()).toEqual([...idsOf.keys()].toSorted());
});
