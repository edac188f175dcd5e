/**
 * Every operation of the API, with every part of its request made wrong in turn, asked by several sessions: whatever is
 * sent, the answer is one that its description names and as it describes it, and never a fault of ours. The requests come from the description
 * itself, so an operation that is added is tried, too.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManagerRole } from '#libs/contracts/session.schema.ts';
import { loadConfig } from '#libs/config/config.ts';
import { drawWebhookKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { KafkaCluster } from '#libs/kafka/cluster.ts';
import { createWorkflowWebhooks } from '#libs/store/workflow-webhooks/workflow-webhook.repository.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { connectStore } from '#libs/store/mongo/connect.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { sessionToken, startTestApi, type Answer, type TestApi } from '../../support/api.ts';
import { operations, shapeIssue, type Described } from '../../support/described-answers.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { runRecord } from '../../support/runs.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';
import { tokenSecret, webhookRecord } from '../../support/workflow-webhooks.ts';

let api: TestApi;
/** Who asks, and of how many requests each asks one: the administrator sees most. */
const sessions: { role: ManagerRole; brands?: string[]; every: number }[] = [
  { role: 'SESSION_ADMIN', every: 1 },
  { role: 'SESSION_DEALER', every: 5 },
  { role: 'SESSION_ADMIN', brands: ['elm'], every: 7 },
  { role: 'SESSION_CRM_MANAGER', brands: ['oak'], every: 7 },
];
let tokens: string[];
let webhookToken: string;
beforeAll(async () => {
  const uri = databaseUri(uniqueName('bad'));
  const store = await connectStore(uri);
  await createRuleRepository(store).apply([{ id: 'r', definition: ruleDefinition({ brand: 'oak' }) }], 'test');
  await createRunLedger(store).claim([runRecord({ run_id: 'r:e', rule_id: 'r', brand: 'oak' })]);
  const { text, key } = drawWebhookKey('test', new Date());
  await createWorkflowWebhooks(store).add(webhookRecord({ id: 'r', brand: 'oak', keys: [key] }));
  await store.close();
  const env = { MONGODB_URI: uri, KAFKA_TOPIC_PREFIX: `${uniqueName('bad')}.`, WEBHOOK_TOKEN_SECRET: tokenSecret };
  const { kafka } = loadConfig({ ...process.env, ...env });
  await new KafkaCluster(createKafka(kafka, createLogger('test', 'silent')), kafka).prepare();
  api = await startTestApi(env);
  const handshake = await api.ask('/webhooks/r/handshake', { method: 'POST', headers: { 'x-api-key': text } });
  webhookToken = String(handshake.body.data!['sessionToken']);
  tokens = await Promise.all(sessions.map(({ role, brands }) => sessionToken(role, { ...(brands && { brands }) })));
});
afterAll(() => api?.close());

const long = 'x'.repeat(10_000);
const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
/** As JSON text: `undefined` leaves the member out. */
const wrong: (string | undefined)[] = [
  undefined,
  'null',
  '-1.5',
  '1e999',
  '""',
  '"\\u0000\\ud800"',
  JSON.stringify(long),
  'true',
  '[]',
  '{"__proto__":{"a":1},"constructor":1}',
  deep,
];

/** Every body that differs from the example in one place. */
function* bodiesOf(example: unknown): Generator<string> {
  for (const value of wrong) if (value !== undefined) yield value;
  yield '{"a":';
  yield* variants(example, (text) => text);
}

function* variants(value: unknown, around: (text: string) => string): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  const written = (parts: [string, string][]): string =>
    isList
      ? `[${parts.map(([, text]) => text).join(',')}]`
      : `{${parts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
  const others = members.map(([name, member]): [string, string] => [name, JSON.stringify(member)]);
  if (!isList) yield around(written([...others, ['colour', '"red"']]));
  for (const [index, [name, member]] of members.entries()) {
    const put = (text: string | undefined): string =>
      around(
        written([
          ...others.slice(0, index),
          ...(text === undefined ? [] : [[name, text] as [string, string]]),
          ...others.slice(index + 1),
        ]),
      );
    for (const text of wrong) yield put(text);
    yield* variants(member, put);
  }
}

const wrongNames = ['none', 'r', 'r:e', '%00', '%ud800', '%', '..%2f..', encodeURIComponent('\u{1F600} "\'$'), long];
const wrongQueries = (name: string): string[] => [
  ...['', 'x', '-1', '1e9', '%00', '%', long, 'W10', 'WzEsMl0', 'eyJhIjoxfQ', 'bnVsbA'].map(
    (text) => `${name}=${text}`,
  ),
  `${name}=1&${name}=2`,
  `${name}[a]=1`,
  `${name}[$gt]=`,
];

interface Sent {
  method: string;
  address: string;
  body?: string | undefined;
  headers?: Record<string, string>;
}

function* requestsOf(method: string, path: string, { parameters, requestBody }: Described): Generator<Sent> {
  const named = path.replace(/\{\w+\}/g, 'r');
  const example = requestBody?.content['application/json'].schema.example;
  const body = example === undefined ? undefined : JSON.stringify(example);
  const names = parameters.filter((parameter) => parameter.in === 'path');
  for (const { name } of names) {
    for (const text of wrongNames) {
      yield { method, address: path.replace(`{${name}}`, text).replace(/\{\w+\}/g, '1'), body };
    }
  }
  for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
    for (const query of wrongQueries(name)) yield { method, address: `${named}?${query}` };
  }
  yield { method, address: `${named}?colour=red`, body };
  for (const { name } of parameters.filter((parameter) => parameter.in === 'header')) {
    for (const text of ['', '""', '"x"', '"-1"', 'W/"1"', '*', '\u00e9', long.slice(0, 4_000)]) {
      yield { method, address: named, body, headers: { [name]: text } };
    }
  }
  if (example !== undefined) for (const text of bodiesOf(example)) yield { method, address: named, body: text };
}

/** A broken address is refused before it reaches any operation. */
const beforeAny: Record<string, string[]> = { 400: ['malformed_request'], 404: ['not_found'], 414: [], 431: [] };

function issuesIn({ status, body }: Answer, described: Described): string | null {
  const known = described.responses[String(status)];
  if (status < 300 && (known === undefined || !body.success)) return `${status} is not described`;
  const json = known?.content['application/json'];
  const shape = json && shapeIssue(body, json.schema);
  if (shape) return `${status} is not as described: ${shape}`;
  if (status < 300) return null;
  const codes = [...Object.keys(json?.examples ?? {}), ...(beforeAny[status] ?? [])];
  const code = body.error?.code;
  if (status >= 500 || body.success || code === undefined || !codes.includes(code)) return `${status} ${code}`;
  const needsPlace = ['invalid_body', 'invalid_query', 'invalid_rule', 'invalid_header'].includes(code);
  return needsPlace && !body.error?.details?.every(({ path, message }) => typeof path === 'string' && message !== '')
    ? `${code} names no place`
    : null;
}

describe.each(operations)('$method $path', ({ method, path, described }) => {
  it('answers whatever is sent with what its description says', async () => {
    const issues: string[] = [];
    const requests = [...requestsOf(method, path, described)].flatMap((request, at) =>
      sessions.flatMap(({ every }, session) => (at % every === 0 ? [{ ...request, token: tokens[session]! }] : [])),
    );
    for (let at = 0; at < requests.length; at += 8) {
      await Promise.all(
        requests.slice(at, at + 8).map(async ({ address, token, ...request }) => {
          const headers = { ...request.headers, 'x-session-token': webhookToken };
          const answer = await api.ask(address, { ...request, headers, authorization: `Bearer ${token}` });
          const issue = issuesIn(answer, described);
          const { body = '' } = request;
          if (issue !== null) issues.push(`${issue}: ${address.slice(0, 200)} ${body.slice(0, 300)}`);
        }),
      );
    }
    expect(issues).toEqual([]);
    expect(requests.length).toBeGreaterThan(0);
  }, 240_000);
});

describe('a number that cannot be kept exactly', () => {
  const digits = '9007199254740993';
  const details = (path: string): object[] => [
    {
      path,
      code: 'inexact_number',
      message: 'is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text',
    },
  ];

  it.each([
    [
      '/api/workflow/rules',
      `{"rule":{"id":"exact","name":"r","trigger_event":"x","conditions":{"field":"event.order","operator":"eq","value":${digits}},"actions":[{"type":"notify.manager"}]}}`,
      'rule.conditions.value',
    ],
    ['/api/workflow/what-if', `{"event":{"type":"x","data":{"order":${digits}}}}`, 'event.data.order'],
    ['/api/workflow/executions/r/resume', `{"decision":"approve","data":{"limits":[1,1e400]}}`, 'data.limits[1]'],
  ])('is refused with its place by POST %s', async (address, body, path) => {
    const authorization = `Bearer ${tokens[0]}`;
    const answer = await api.ask(address, { method: 'POST', body, authorization });
    expect([answer.status, answer.body.error?.details]).toEqual([422, details(path)]);
    expect((await api.ask('/api/workflow/rules/exact', { authorization })).status).toBe(404);
  });
});
