/** Services that subscribe, as processes: `examples/subscriber`, and the one that docs/events.md has people copy. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentedCode, runDocumented } from '../../support/documented-code.ts';
import { askAsOperator } from '../../support/foreign-kafka.ts';
import { LifecycleWorld, TestRun } from '../../support/lifecycle.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { servers, uniqueName } from '../../support/servers.ts';

const groupId = uniqueName('subscriber');
const failing = new Set<string>();
let world: LifecycleWorld;
let receiver: Receiver;
let subscriber: ChildProcess;

beforeAll(async () => {
  world = await LifecycleWorld.create();
  receiver = await startReceiver(({ url }, response) => {
    response.writeHead(failing.delete(url) ? 503 : 204).end();
  });
  const program = fileURLToPath(new URL('../../../dist/examples/subscriber/main.js', import.meta.url));
  const webhooks = { one: `${receiver.url}/one`, two: `${receiver.url}/two` };
  subscriber = spawn(process.execPath, [program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      KAFKA_BROKERS: servers().kafka.join(','),
      KAFKA_TOPIC_PREFIX: world.prefix,
      KAFKA_GROUP_ID: groupId,
      WEBHOOKS: JSON.stringify(webhooks),
    },
  });
});

afterAll(async () => {
  if (subscriber.exitCode === null) subscriber.kill('SIGKILL');
  await receiver.close();
  await world.close();
});

const sentTo = (path: string) =>
  receiver.requests
    .filter(({ url }) => url === path)
    .map(({ method, headers, body }) => [method, headers['webhook-event'], headers['webhook-id'], JSON.parse(body)]);

it('R-346 R-347 R-349 posts how runs ended to the webhook of their process, again where it must, and to no other', async () => {
  const [good, bad, unknown] = [
    new TestRun({ processId: 'one' }),
    new TestRun({ processId: 'two' }),
    new TestRun({ processId: 'three' }),
  ];
  failing.add('/two');
  await world.publish(good.started(), good.paused(), good.resumed(), good.completed({ durationMs: 1834 }));
  await world.publish(bad.started(), bad.failed({ failedNodeId: 'action-2', errorMessage: 'no answer in time' }));
  await world.publish(unknown.started(), unknown.completed());
  await world.drained({ groupId });
  const id = (run: TestRun, name: string) => `${encodeURIComponent(run.executionId)}/${name}`;
  expect(sentTo('/one')).toEqual([
    [
      'POST',
      'completed',
      id(good, 'completed'),
      { executionId: good.executionId, durationMs: 1834, status: 'success' },
    ],
  ]);
  const payload = { executionId: bad.executionId, failedNode: 'action-2', errorMessage: 'no answer in time' };
  const failed = ['POST', 'failed', id(bad, 'failed'), payload];
  expect(sentTo('/two')).toEqual([failed, failed]);
  expect(receiver.requests.length).toBe(3);
});

it('leaves its consumer group when it is told to end', async () => {
  const exit = once(subscriber, 'exit');
  subscriber.kill('SIGTERM');
  // Nest ends with the signal, when everything is given back.
  expect(await exit).toEqual([null, 'SIGTERM']);
  const { groups } = await askAsOperator((admin) => admin.describeGroups([groupId]));
  expect(groups).toMatchObject([{ state: 'Empty', members: [] }]);
});

it('is called as the document has it, when its code is copied', async () => {
  const code = documentedCode('events.md', 'billing.ts')
    .replace("'127.0.0.1:9092'", JSON.stringify(servers().kafka[0]))
    .replace("topicPrefix: ''", `topicPrefix: '${world.prefix}'`)
    .replace("groupId: 'billing'", `groupId: '${uniqueName('billing')}'`);
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const service = runDocumented({ 'billing.js': outputText }, {});
  const tenant = uniqueName('brand');
  const [good, bad] = [new TestRun({ tenantId: tenant }), new TestRun({ tenantId: tenant })];
  await world.publish(good.started(), good.completed({ durationMs: 1834 }));
  await world.publish(bad.started(), bad.failed({ failedNodeId: 'action-2', errorMessage: 'no answer in time' }));
  const billed = () => service.printed().filter((line) => line.startsWith(tenant));
  await expect.poll(() => billed().toSorted(), { timeout: 60_000 }).toEqual([`${tenant} 0`, `${tenant} 1834`]);
});
