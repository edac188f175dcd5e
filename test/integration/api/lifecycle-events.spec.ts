/** Lifecycle events read again and followed over HTTP: on the real Kafka, the real store and a real API. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { approval } from '../../support/approvals.ts';
import { sessionToken, startTestApi, type Answer, type TestApi, type TokenOptions } from '../../support/api.ts';
import { DeliveryWorld, eventsOf } from '../../support/delivery.ts';
import { documentedCode, runDocumented, type DocumentedProgram } from '../../support/documented-code.ts';
import { StreamClient } from '../../support/event-stream.ts';
import { until } from '../../support/ingress.ts';
import { runRecord } from '../../support/runs.ts';
import { uniqueName } from '../../support/servers.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

let world: DeliveryWorld;
let api: TestApi;
let uri: string;
beforeAll(async () => {
  world = await DeliveryWorld.create();
  await world.start();
  uri = world.env.MONGODB_URI!;
  api = await startTestApi({ MONGODB_URI: uri });
});
afterAll(async () => {
  await api?.close();
  await world?.close();
});

interface Listed {
  events: { position: string; event: { id: string; type: string; subject: string; data: Record<string, unknown> } }[];
  next: string | null;
  at_end: boolean;
}

const path = '/api/workflow/lifecycle-events';
const listed = ({ body }: Answer): Listed => body.data as unknown as Listed;
const list = async (query = '', options: TokenOptions = {}, role = 'SESSION_ADMIN'): Promise<Listed> =>
  listed(await api.as(role, `${path}?${query}`, {}, options));

/** Publishes what runs of a brand of their own tell, and waits until it is kept. */
async function told(runs: number, pauses = 0): Promise<{ brand: string; ids: string[]; events: number }> {
  const brand = uniqueName('brand');
  const ids = Array.from({ length: runs }, () => uniqueName('run'));
  const drafts = ids.map((id) => eventsOf(id, pauses, { tenantId: brand }));
  for (const events of drafts) await world.publisher.publish(events);
  const events = drafts.flat().length;
  await until('the events are kept', async () => (await list(`brand=${brand}&limit=500`)).events.length === events);
  return { brand, ids, events };
}

async function stream(query = '', options: TokenOptions & { role?: string; lastEventId?: string; at?: TestApi } = {}) {
  const { role = 'SESSION_ADMIN', lastEventId, at = api, ...session } = options;
  return StreamClient.open(`${at.url}/api/workflow/events?${query}`, {
    authorization: `Bearer ${await sessionToken(role, session)}`,
    ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
  });
}

describe('lifecycle events over HTTP', () => {
  it('R-349 are read page by page from any position, each once, those of a run in their order', async () => {
    const { brand, ids, events } = await told(10, 1);
    const found: Listed['events'] = [];
    for (let query = `brand=${brand}&limit=3`, atEnd = false; !atEnd;) {
      const page = await list(query);
      expect(page.events.length).toBeLessThanOrEqual(3);
      found.push(...page.events);
      atEnd = page.at_end;
      query = `brand=${brand}&limit=3&after=${page.next}`;
    }
    expect(found).toHaveLength(events);
    expect(new Set(found.map(({ event }) => event.id)).size).toBe(events);
    for (const id of ids) {
      const own = found.filter(({ event }) => event.subject === id).map(({ event }) => event.data['sequence']);
      expect(own).toEqual([0, 1, 2, 3]);
    }
    const half = found[events / 2]!.position;
    const rest = (await list(`brand=${brand}&limit=500&after=${half}`)).events;
    expect(rest.map(({ event }) => event.id)).toEqual(found.slice(events / 2 + 1).map(({ event }) => event.id));
  });

  it('are of the brands of the session alone, whatever its position says', async () => {
    const [own, other] = [await told(2), await told(2)];
    const brands = [own.brand];
    const seen = await list('limit=500', { brands });
    expect(seen.events.map(({ event }) => event.data['tenantId'])).toEqual(Array(4).fill(own.brand));
    const foreign = (await list(`brand=${other.brand}`)).events[0]!.position;
    const behind = await list(`limit=500&after=${foreign}`, { brands });
    expect(behind.events.every(({ event }) => event.data['tenantId'] === own.brand)).toBe(true);
    expect((await api.as('SESSION_ADMIN', `${path}?brand=${other.brand}`, {}, { brands })).status).toBe(403);
  });

  it('are filtered by rule and type', async () => {
    const { brand } = await told(2, 1);
    const types = 'WorkflowPaused,WorkflowCompleted';
    const found = (await list(`brand=${brand}&types=${types}`)).events.map(({ event }) => event.type);
    expect(found.sort()).toEqual(['WorkflowCompleted', 'WorkflowCompleted', 'WorkflowPaused', 'WorkflowPaused']);
    expect((await list(`brand=${brand}&rule_id=other`)).events).toEqual([]);
    expect((await api.as('SESSION_ADMIN', `${path}?types=WorkflowEnded`)).status).toBe(400);
  });

  it('of one run are read by its id, by who may see the run', async () => {
    const { brand, ids } = await told(1, 2);
    await createRunLedger(world.store).claim([runRecord({ run_id: ids[0]!, rule_id: 'r', brand })]);
    const ask = (query = '', options: TokenOptions = {}) =>
      api.as('SESSION_ADMIN', `/api/workflow/runs/${ids[0]}/events${query}`, {}, options);
    const { events, next_sequence } = (await ask()).body.data as { events: Listed['events']; next_sequence: null };
    expect([events.length, next_sequence]).toEqual([6, null]);
    const page = (await ask('?limit=2&from_sequence=1')).body.data as { events: { data: { sequence: number } }[] };
    expect(page).toMatchObject({ next_sequence: 3, events: [{ data: { sequence: 1 } }, { data: { sequence: 2 } }] });
    expect((await ask('', { brands: ['other'] })).status).toBe(404);
  });

  it('show a correlation token to those who may answer, and to administrators', async () => {
    const { brand, ids } = await told(1, 1);
    const token = `${ids[0]}-token-0`;
    const approvers = { roles: [], users: ['alice'] };
    await createApprovals(world.store).put(approval({ token, run_id: ids[0]!, tenant: brand, approvers }));
    const seenBy = async (sub: string, role: string) => {
      const { events } = await list(`brand=${brand}&types=WorkflowPaused,WorkflowResumed`, { sub }, role);
      return events.map(({ event }) => event.data['correlationToken']);
    };
    expect(await seenBy('alice', 'SESSION_DEALER')).toEqual([token, token]);
    expect(await seenBy('bob', 'SESSION_DEALER')).toEqual([null, null]);
    expect(await seenBy('bob', 'SESSION_ADMIN')).toEqual([token, token]);
    const client = await stream(`brand=${brand}&after=${(await list('limit=1')).events[0]!.position}`, {
      sub: 'bob',
      role: 'SESSION_DEALER',
    });
    await until('the stream has them', () => client.events.length === 4);
    expect(client.events.map(({ data }) => data).join()).not.toContain(token);
    await client.close();
  });

  it.each([
    ['that is none', 'nonsense', 400],
    ['behind the end', '', 400],
    ['of a topic that was made anew', `${'x'.repeat(22)}.1.1.1`, 410],
  ])('refuse a position %s', async (_, text, status) => {
    const { next } = await list('limit=1');
    const beyond = next!.split('.').map((part, at) => (at === 0 ? part : String(Number(part) + 1_000_000)));
    const answer = await api.as('SESSION_ADMIN', `${path}?after=${text || beyond.join('.')}`);
    expect([answer.status, answer.body.error?.details?.length]).toEqual([status, 1]);
  });
});

describe('a stream of lifecycle events', () => {
  it('says at once that it is open, and then each event as it happens, in order', async () => {
    const brand = uniqueName('brand');
    const client = await stream(`brand=${brand}`);
    expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await until('it is open', () => client.comments.includes('connected'));
    const id = uniqueName('run');
    await world.publisher.publish(eventsOf(id, 1, { tenantId: brand }));
    await world.publisher.publish(eventsOf(uniqueName('run'), 1, { tenantId: uniqueName('other') }));
    await until('they have come', () => client.events.length === 4);
    expect(client.events.map(({ type }) => type)).toEqual([
      'WorkflowStarted',
      'WorkflowPaused',
      'WorkflowResumed',
      'WorkflowCompleted',
    ]);
    await client.close();
  });

  it('gives who was away what was missed, in order and once, also from another process', async () => {
    const brand = uniqueName('brand');
    const runs = Array.from({ length: 60 }, () => uniqueName('run'));
    const publishing = (async () => {
      for (const id of runs) await world.publisher.publish(eventsOf(id, 1, { tenantId: brand }));
    })();
    const other = await startTestApi({ MONGODB_URI: uri });
    const first = (await list('limit=1')).events[0]!.position;
    const seen = [];
    for (let lastEventId = first, turn = 0; seen.length < 240; turn += 1) {
      const client = await stream(`brand=${brand}`, { lastEventId, at: turn % 2 === 0 ? api : other });
      const enough = Math.min(240 - seen.length, 25);
      await until('some have come', () => client.events.length >= enough);
      await client.close();
      seen.push(...client.events);
      lastEventId = client.lastEventId;
    }
    await publishing;
    await other.close();
    const events = seen.map(({ data }) => JSON.parse(data) as { id: string; subject: string; sequence: string });
    expect(new Set(events.map(({ id }) => id)).size).toBe(240);
    expect(events).toHaveLength(240);
    for (const id of runs) {
      const own = events.filter(({ subject }) => subject === id).map(({ sequence }) => Number(sequence));
      expect(own).toEqual([0, 1, 2, 3]);
    }
  }, 240_000);

  it('says where events are missing, and goes on with the first that is kept', async () => {
    const { brand } = await told(1);
    const client = await stream(`brand=${brand}`, { lastEventId: `${'x'.repeat(22)}.1.1.1` });
    await until('it has gone on', () => client.events.length === 3);
    expect(client.events[0]).toMatchObject({ type: 'gap' });
    expect(JSON.parse(client.events[0]!.data)).toMatchObject({ goes_on_behind: client.events[0]!.id });
    await client.close();
  });

  it.each(['nonsense', 'a.1.x'])('is refused with a Last-Event-ID that is none: %s', async (lastEventId) => {
    const { response } = await stream('', { lastEventId });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
  });

  it('lets a reader go that takes nothing', async () => {
    const own = await startTestApi({ MONGODB_URI: uri, API_STREAM_STALL_MS: '300' });
    const brand = uniqueName('brand');
    const base = eventsOf(uniqueName('run'), 0, { tenantId: brand })[0]!;
    const first = (await list('limit=1')).events[0]!.position;
    for (let n = 0; n < 100; n += 1) {
      const executionId = uniqueName('run');
      await world.publisher.publish([{ ...base, executionId, triggerPayload: { text: 'x'.repeat(100_000) } } as never]);
    }
    await until('the events are kept', async () => (await list(`brand=${brand}&limit=500`)).events.length === 100);
    const token = await sessionToken('SESSION_ADMIN');
    const { hostname, port } = new URL(own.url);
    const socket = connect(Number(port), hostname);
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    const head = `GET /api/workflow/events?brand=${brand}&after=${first} HTTP/1.1`;
    socket.write(`${head}\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    const streams = async () => (await fetch(`${own.url}/metrics`)).text();
    await expect.poll(streams, { timeout: 60_000 }).toMatch(/signalbox_event_streams\{[^}]*\} 1/);
    await expect.poll(streams, { timeout: 60_000 }).toMatch(/signalbox_event_streams\{[^}]*\} 0/);
    socket.destroy();
    await closed;
    await own.close();
  }, 120_000);

  it('is one of a bounded number for each user, and has an end', async () => {
    const own = await startTestApi({ MONGODB_URI: uri, API_STREAMS_PER_USER: '2', API_STREAM_MS: '1500' });
    const clients = [await stream('', { at: own }), await stream('', { at: own })];
    const third = await stream('', { at: own });
    expect([third.response.status, third.response.headers.get('retry-after')]).toEqual([429, '30']);
    const others = await stream('', { at: own, sub: 'bob' });
    expect(others.response.status).toBe(200);
    await Promise.all(clients.map(({ ended }) => ended));
    const again = await stream('', { at: own });
    expect(again.response.status).toBe(200);
    // It ends with its process, too.
    await own.close();
    await Promise.all([again.ended, others.ended]);
  });
});

describe('the programs that docs/events.md has people copy', () => {
  /** As it stands there, but for the address. */
  const run = async (file: string, url: string, ...args: string[]): Promise<DocumentedProgram> => {
    const code = documentedCode('events.md', file).replace('http://127.0.0.1:8080', url);
    return runDocumented({ [file]: code }, { TOKEN: await sessionToken('SESSION_ADMIN') }, ...args);
  };
  const runsIn = (program: DocumentedProgram, ids: readonly string[]) =>
    program.printed().flatMap((line) => ids.filter((id) => line.startsWith(`WorkflowCompleted ${id}`)));

  it('follow what happens, each event once, also what happened while the connection was lost', async () => {
    await told(1);
    const { next } = await list('limit=500');
    const proxy = await startTcpProxy(new URL(api.url).host);
    onTestFinished(() => proxy.close());
    const program = await run('follow.mjs', `http://${proxy.address}`, next!);
    const before = await told(1);
    await until('the first has come', () => runsIn(program, before.ids).length === 1);
    await proxy.cut();
    const missed = await told(2);
    await proxy.restore();
    await until('those that were missed have come', () => runsIn(program, missed.ids).length === 2);
    const later = await told(1);
    await until('the last has come', () => runsIn(program, later.ids).length === 1);
    const all = [...before.ids, ...missed.ids, ...later.ids];
    expect(runsIn(program, all).toSorted()).toEqual(all.toSorted());
  });

  it('read everything that is kept, and go on behind it', async () => {
    const first = await told(150);
    const program = await run('read-again.mjs', api.url);
    await program.ended;
    expect(runsIn(program, first.ids).toSorted()).toEqual(first.ids.toSorted());
    const position = program.printed().at(-1)!.split(' ').at(-1)!;
    const second = await told(2);
    const again = await run('read-again.mjs', api.url, position);
    await again.ended;
    expect(again.printed()).toHaveLength(3);
    expect(runsIn(again, second.ids).toSorted()).toEqual(second.ids.toSorted());
  });
});
