/**
 * An ingress that ends at any of its requests to the store: the request is processed, its answer does not arrive, and
 * nothing after it leaves the process. Another ingress then carries on.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topics } from '#libs/domain/events/platform-event.ts';
import { IngressWorld, until, type RunningIngress, type TestMessage } from '../../support/ingress.ts';
import { servers, uniqueName } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** Worlds in which cases are tried side by side. */
const lanes = 4;
const patient = { timeout: 120_000 };
const [first, second] = ['c-first', 'c-second'];
let nextLogin = 60_000;

/** An ingress behind a network that is lost with the answer to one of its requests to the store. */
interface Doomed {
  ingress: RunningIngress;
  /** Counts from now. */
  loseAnswer(number: number): void;
  isLost(): boolean;
  close(): Promise<void>;
}

async function startDoomed(world: IngressWorld): Promise<Doomed> {
  let left = Infinity;
  let isLost = false;
  const proxies: TcpProxy[] = [];
  const lose = (): void => {
    isLost = true;
    for (const proxy of proxies) void proxy.cut();
  };
  const store = await startTcpProxy(new URL(servers().mongodb).host, {
    onRequest: () => {
      left -= 1;
      return !isLost;
    },
    onAnswer: () => {
      if (left <= 0 && !isLost) lose();
      return !isLost;
    },
  });
  const temporal = await startTcpProxy(servers().temporal);
  proxies.push(store, temporal);
  const uri = new URL(world.config.store.uri);
  uri.host = store.address;
  const ingress = await world.startIngress({
    KAFKA_GROUP_ID: world.newGroup(),
    MONGODB_URI: uri.href,
    TEMPORAL_ADDRESS: temporal.address,
    SHUTDOWN_GRACE_MS: '1000',
    INGRESS_UPKEEP_MS: '600000',
  });
  return {
    ingress,
    loseAnswer: (number) => void (left = number),
    isLost: () => isLost,
    async close() {
      if (!isLost) lose();
      await ingress.close();
    },
  };
}

/** Publishes a case. @returns the runs there have to be and those there are: `{trigger} {customer}`, in order */
async function publishCase(world: IngressWorld): Promise<{ expected: string[]; found: () => Promise<string[]> }> {
  const login = nextLogin++;
  const message = (event: string, record: object): TestMessage => ({
    key: 'one partition',
    value: { id: uniqueName('evt'), event, record: { login, ...record } },
  });
  const account = (event: string, record: object) => message(event, { group: 'real-a', ...record });
  await world.publish(topics.trade, message('EV_RECORD_ADD', { cmd: 'OP_BALANCE_IN' }));
  await world.publish(
    topics.account,
    account('EV_RECORD_ADD', { customer_id: first }),
    account('EV_RECORD_UPDATE', { name: 'still of the first' }),
    account('EV_RECORD_UPDATE', { customer_id: second }),
    account('EV_RECORD_DELETE', {}),
    account('EV_RECORD_ADD', { customer_id: first }),
  );
  const inOrder = (texts: string[]) => texts.sort((a, b) => a.localeCompare(b));
  return {
    expected: inOrder([
      `account:updated ${first}`,
      `account:updated ${second}`,
      `account:deleted ${second}`,
      `deposit.created ${first}`,
    ]),
    async found() {
      const runs = (await world.records()).filter((run) => run.login === login);
      return inOrder(runs.map(({ trigger_event, customer_id }) => `${trigger_event} ${customer_id}`));
    },
  };
}

let worlds: IngressWorld[];

beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: lanes }, () => IngressWorld.create()));
  for (const world of worlds) {
    await world.directory.load({
      groups: [{ name: 'real-a', brand: 'alpha' }],
      customers: [{ id: first }, { id: second }],
    });
    // A condition on the customer: decided again, a deleted account would have none, and a moved one another.
    const conditions = { field: 'customer.id', operator: 'is_not_null' as const };
    for (const trigger_event of ['account:updated', 'account:deleted', 'deposit.created']) {
      await world.rule({ trigger_event, conditions });
    }
  }
});
afterAll(() => Promise.all(worlds.map((world) => world.close())));

it('runs once about the right customer, whichever answer of the store is the last an ingress gets', async () => {
  let next = 1;
  let isDone = false;
  /** A process that was killed would not close; these take their time to find out that nobody answers. */
  const closing: Promise<void>[] = [];
  await Promise.all(
    worlds.map(async (world) => {
      let doomed = await startDoomed(world);
      await world.rulesLive(doomed.ingress);
      while (!isDone) {
        const number = next++;
        await world.drained(doomed.ingress.config.kafka.groupId);
        doomed.loseAnswer(number);
        const { expected, found } = await publishCase(world);
        const isComplete = async () => JSON.stringify(await found()) === JSON.stringify(expected);
        await until('it is lost, or done', async () => doomed.isLost() || (await isComplete()), 120_000);
        if (!doomed.isLost()) isDone = true;
        closing.push(doomed.close());
        doomed = await startDoomed(world);
        await expect.poll(found, patient).toEqual(expected);
        await world.drained(doomed.ingress.config.kafka.groupId);
        expect(await found(), `after the loss of answer ${number}`).toEqual(expected);
      }
      await doomed.close();
    }),
  );
  await Promise.all(closing);
  // A chunk takes more requests than these; a count that never comes near the end would show nothing.
  expect(next).toBeGreaterThan(20);
}, 900_000);
