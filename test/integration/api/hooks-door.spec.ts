/** The door of incoming webhooks: who gets in, and what of a request is read at all. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawToken } from '#libs/domain/hooks/webhook-application.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { HookWorld, postHook, processRule, refused, until, users } from '../../support/hook-world.ts';

let world: HookWorld;
let token: string;
let id: string;
beforeAll(async () => {
  world = await HookWorld.create({ simple: processRule({ name: 'SIMPLE' }) });
  ({ id, token } = await world.application({ impersonate_username: 'root' }));
});
afterAll(() => world?.close());

const simple = { operation: 'createRequest', args: { input: { processName: 'SIMPLE' } } };
const at = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${world.api.url}${path}`, init);
const admin = (method: string, of: string) => world.api.as('SESSION_ADMIN', `/api/workflow/hooks${of}`, { method });

/** Sends all of the body but its end, does something, and sends the end. */
async function answerTo(of: string, body: string, meanwhile: () => Promise<void>): Promise<string> {
  const socket = connect(Number(new URL(world.api.url).port), '127.0.0.1');
  const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  const head = `POST /hooks/${of} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
  await new Promise((resolve) => socket.write(`${head}${body.slice(0, -1)}`, resolve));
  // The token has been looked up, and is waited for.
  await sleep(500);
  await meanwhile();
  socket.write(body.slice(-1));
  const answer = await answered;
  socket.destroy();
  return answer;
}

describe('the address', () => {
  it('R-196 is all that names an application', async () => {
    expect(await world.post(token, simple)).toMatchObject({ status: 200 });
    expect(await postHook(`${world.api.url}/hooks/${token}`, simple, { authorization: 'nonsense' })).toMatchObject({
      status: 200,
    });
  });

  it('R-205 is a plain 404 for a token that is unknown, malformed, regenerated, or of a disabled application', async () => {
    const unknown = drawToken().token;
    const disabled = await world.application({ enabled: false });
    const renewed = await world.application();
    await admin('POST', `/${renewed.id}/token`);
    const answers = await Promise.all(
      [unknown, 'short', `${token}x`, token.slice(1), disabled.token, renewed.token, `${token}/more`, '%00', ''].map(
        (of) => world.post(of, simple),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({
        error: { code: 'not_found', message: expect.any(String), operation: null, clientMutationId: null },
      });
    }
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('reads no token in the query', async () => {
    expect((await at(`/hooks?token=${token}`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await at(`/hooks/?${token}`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await at(`/hooks/${drawToken().token}?token=${token}`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('takes POST alone, whatever the token is', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
      for (const of of [token, drawToken().token]) {
        const answer = await at(`/hooks/${of}`, { method });
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST']);
      }
    }
  });

  it('R-205 takes as long for a token that is unknown as for one of a disabled application', async () => {
    const disabled = await world.application({ enabled: false });
    const slow = await world.anotherApi({ API_NOT_FOUND_MS: '400' });
    try {
      for (const of of [drawToken().token, 'short', disabled.token]) {
        const begun = performance.now();
        expect(await world.post(of, simple, slow)).toMatchObject({ status: 404 });
        const took = performance.now() - begun;
        expect(took).toBeGreaterThanOrEqual(390);
        expect(took).toBeLessThan(790);
      }
    } finally {
      await slow.close();
    }
  });

  it('is another one after a regeneration, at once and in every process', async () => {
    const other = await world.anotherApi();
    const one = await world.application({ impersonate_username: 'root' });
    try {
      expect(await world.post(one.token, simple, other)).toMatchObject({ status: 200 });
      const renewed = (await admin('POST', `/${one.id}/token`)).body.data!['token'] as string;
      for (const api of [world.api, other]) {
        expect(await world.post(one.token, simple, api)).toMatchObject({ status: 404 });
        expect(await world.post(renewed, simple, api)).toMatchObject({ status: 200 });
      }
      await admin('POST', `/${one.id}/disable`);
      for (const api of [world.api, other])
        expect(await world.post(renewed, simple, api)).toMatchObject({ status: 404 });
      await admin('POST', `/${one.id}/enable`);
      expect(await world.post(renewed, simple, other)).toMatchObject({ status: 200 });
    } finally {
      await other.close();
    }
  });

  it.each(['disable', 'token'])('is refused when %s comes while the body is under way', async (change) => {
    const one = await world.application({ impersonate_username: 'root' });
    const body = JSON.stringify(simple);
    const answer = await answerTo(one.token, body, async () => {
      expect((await admin('POST', `/${one.id}/${change}`)).status).toBe(200);
    });
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).not.toContain('requestId');
    expect(await answerTo(token, body, () => Promise.resolve())).toMatch(/^HTTP\/1.1 200 /);
  });

  it('is refused when its user is disabled while the body is under way', async () => {
    const directory = createDirectory(world.runs.store);
    const bob = users.find(({ username }) => username === 'bob')!;
    const { token: of } = await world.application({ impersonate_username: 'bob' });
    const disable = () => directory.load({ users: [{ ...bob, enabled: false }] });
    expect(await answerTo(of, JSON.stringify(simple), disable)).toMatch(/^HTTP\/1.1 403 /);
    await directory.load({ users: [bob] });
    expect(await world.post(of, simple)).toMatchObject({ status: 200 });
  });

  it('can lie under another path', async () => {
    const elsewhere = await world.anotherApi({ HOOKS_PATH: '/wfgen/hooks' });
    try {
      expect(await postHook(`${elsewhere.url}/wfgen/hooks/${token}`, simple)).toMatchObject({ status: 200 });
      expect((await fetch(`${elsewhere.url}/hooks/${token}`, { method: 'POST', body: '{}' })).status).toBe(404);
    } finally {
      await elsewhere.close();
    }
  });
});

it('limits tries of unknown tokens by address, and keeps no valid token out', async () => {
  const strict = await world.anotherApi({ AUTH_FAILURES_PER_MINUTE: '2' });
  try {
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await world.post(drawToken().token, simple, strict)).status);
    }
    expect(statuses).toEqual([404, 404, 429]);
    const { headers } = await world.post('x', simple, strict);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await world.post(token, simple, strict)).toMatchObject({ status: 200 });
  } finally {
    await strict.close();
  }
});

it('limits requests of one application by WRITES_PER_MINUTE', async () => {
  const strict = await world.anotherApi({ WRITES_PER_MINUTE: '1' });
  try {
    expect(await world.post(token, {}, strict)).toMatchObject({ status: 400 });
    expect(await world.post(token, {}, strict)).toMatchObject(refused(429, 'too_many_requests'));
    expect(await world.post(await world.tokenOf('admin'), {}, strict)).toMatchObject({ status: 400 });
  } finally {
    await strict.close();
  }
});

describe('a body', () => {
  it('is refused beyond HOOKS_MAX_BODY_BYTES: before it is read where its length is told, else while it is read', async () => {
    const large = Buffer.alloc(31_000_000, ' ');
    expect(await postHook(`${world.api.url}/hooks/${token}`, large)).toMatchObject(refused(413, 'too_large'));
    const chunked = new ReadableStream({
      start(controller) {
        for (let count = 0; count < 31; count += 1) controller.enqueue(large.subarray(0, 1_000_000));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunked, duplex: 'half' } as RequestInit;
    expect((await at(`/hooks/${token}`, init)).status).toBe(413);
  });

  it('may take 29 MB, with a file in it', async () => {
    const content = Buffer.alloc(7_000_000, 7).toString('base64');
    const fileValue = { name: 'a.bin', contentType: 'application/octet-stream', content };
    const parameters = ['CONTRACT'].map((name) => ({ name, fileValue }));
    const input = { processName: 'SIMPLE', parameters, clientMutationId: null };
    const padding = ' '.repeat(19_000_000);
    const body = `${JSON.stringify({ operation: 'createRequest', args: { input } })}${padding}`;
    expect(await world.post(token, body)).toMatchObject({ status: 200 });
  });

  it('is refused with 503 while others take what may be read at once', async () => {
    const narrow = await world.anotherApi({
      HOOKS_MAX_BODY_BYTES_AT_ONCE: '1000000',
      API_REQUEST_MS: '5000',
      API_HEADERS_MS: '5000',
    });
    const { port } = new URL(narrow.url);
    const slow = connect(Number(port), '127.0.0.1');
    try {
      slow.on('error', () => undefined);
      slow.write(`POST /hooks/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 999990\r\n\r\n{`);
      const answer = await until(async () => {
        const one = await world.post(token, { operation: 'none' }, narrow);
        if (one.status !== 503) throw new Error(`${one.status}`);
        return one;
      });
      expect(answer).toMatchObject(refused(503, 'unavailable'));
      expect(answer.headers.get('retry-after')).toBe('1');
      // The slow one is ended by the time that a request may take.
      await until(async () => expect(await world.post(token, simple, narrow)).toMatchObject({ status: 200 }));
    } finally {
      slow.destroy();
      await narrow.close();
    }
  });

  it('of an unknown token is not read', async () => {
    const { port } = new URL(world.api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`POST /hooks/${drawToken().token} HTTP/1.1\r\nHost: x\r\nContent-Length: 999990\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    socket.destroy();
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"a":'],
    ['a list', '[]'],
    ['a text', '"createRequest"'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['a name twice', '{"operation":"createRequest","operation":"cancelRequest","args":{"input":{}}}'],
    ['a name twice, written differently', '{"operation":"createRequest","\\u006fperation":"x","args":{"input":{}}}'],
    [
      'deep JSON',
      `{"operation":"createRequest","args":{"input":{"parameters":${'['.repeat(5000)}${']'.repeat(5000)}}}}`,
    ],
    ['a number that cannot be kept', '{"operation":"createRequest","args":{"input":{"number":9007199254740993}}}'],
    ['no operation', { args: { input: {} } }],
    ['an operation that is no text', { operation: 7, args: { input: {} } }],
    ['no args', { operation: 'createRequest' }],
    ['no input', { operation: 'createRequest', args: {} }],
    ['an input that is no object', { operation: 'createRequest', args: { input: [] } }],
    ['more beside operation', { ...simple, more: 1 }],
    ['more beside input', { operation: 'createRequest', args: { input: {}, query: '' } }],
  ])('R-201 R-203 R-205 that holds %s is refused with details', async (_, body) => {
    const answer = await world.post(token, body);
    expect(answer).toMatchObject(refused(400, 'bad_request', { clientMutationId: null }));
    expect(answer.body.error?.message.length).toBeGreaterThan(10);
    expect(Object.keys(answer.body)).toEqual(['error']);
  });

  it('is not taken compressed', async () => {
    const answer = await postHook(`${world.api.url}/hooks/${token}`, '{}', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject(refused(415, 'unsupported_media_type'));
  });
});

describe('an operation', () => {
  it('R-205 that is unknown is refused, the form action among them', async () => {
    for (const operation of ['completeFormAction', 'CREATEREQUEST', 'toString', '__proto__', 'x'.repeat(5000)]) {
      const answer = await world.post(token, { operation, args: { input: { clientMutationId: 'c-1' } } });
      expect(answer).toMatchObject(refused(400, 'unknown_operation', { clientMutationId: 'c-1' }));
      expect(answer.body.error?.message).toContain('cancelActionAssignment');
      expect(answer.body.error?.message.length).toBeLessThan(500);
    }
  });

  it('may begin with a capital letter', async () => {
    const answer = await world.post(token, { operation: 'CreateRequest', args: { input: { processName: 'SIMPLE' } } });
    expect(answer).toMatchObject({ status: 200 });
  });

  it('takes no property that it does not know, and says which it knows', async () => {
    const answer = await world.as('root', 'cancelRequest', { number: 1, colour: 'red', clientMutationId: 'c-2' });
    expect(answer).toMatchObject(
      refused(400, 'invalid_input', { operation: 'cancelRequest', clientMutationId: 'c-2' }),
    );
    expect(answer.body.error?.message).toMatch(/colour is not known here.*notifyParticipant/);
  });
});

it('R-198 has its token in no answer, error or audit entry, wherever a caller writes it', async () => {
  expect(await world.post(token, simple)).toMatchObject({ status: 200 });
  const hidden = token.replace(/./g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  const escaped = `{"operation":"${hidden}","args":{"input":{"clientMutationId":"${hidden}"}}}`;
  const answers = await Promise.all([
    world.post(token, { operation: token, args: { input: { clientMutationId: token } } }),
    world.post(token, { operation: 'createRequest', args: { input: { processName: token, [token]: 1 } } }),
    world.post(token, { operation: 'createRequest', args: { input: { processName: token } } }),
    world.post(token, {
      operation: 'createRequest',
      args: { input: { processName: 'SIMPLE', clientMutationId: token } },
    }),
    world.post(`${token}/x`, simple),
    // Written so that it is not seen before it is read.
    world.post(token, escaped),
    world.post(token, escaped.replace(hidden, 'createRequest').replace('{"cl', '{"processName":"SIMPLE","cl')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404, 400, 400]);
  expect(JSON.stringify(answers)).not.toContain(token);
  const { items } = await createAuditLog(world.runs.store).list({ target: `hook/${id}` });
  expect(items.length).toBeGreaterThan(0);
  expect(JSON.stringify(items)).not.toContain(token);
});
