/** The client of docs/workflow-webhooks.md, as it is printed there, and an API behind a network that fails. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { documentedCode, runDocumented, type DocumentedProgram } from '../../support/documented-code.ts';
import { registration, ReportingWorld, type MadeWebhook } from '../../support/reporting.ts';
import { uniqueName } from '../../support/servers.ts';
import { tokenSecret } from '../../support/workflow-webhooks.ts';

const files = ['report.mjs', 'client.mjs'] as const;
const texts = Object.fromEntries(files.map((file) => [file, documentedCode('workflow-webhooks.md', file)]));

let world: ReportingWorld;
let hook: MadeWebhook;
beforeAll(async () => {
  world = await ReportingWorld.create();
  hook = await world.made();
});
afterAll(() => world?.close());

function run(base: string, key: string, event: object, apiKey = hook.key): DocumentedProgram {
  const webhookUrl = `${base}/webhooks/${hook.id}`;
  const env = { HANDSHAKE_URL: `${webhookUrl}/handshake`, WEBHOOK_URL: webhookUrl, WORKFLOW_API_KEY: apiKey };
  return runDocumented(texts, env, key, JSON.stringify(event));
}

interface Forwarded {
  path: string;
  status: number;
  text: string;
}

/** A way to the API that does with the n-th request what a test wants. @param spoil null: the answer is lost */
async function spoiltApi(spoil: (forwarded: Forwarded, n: number) => Forwarded | null): Promise<string> {
  let n = 0;
  const read = async (request: IncomingMessage): Promise<string> => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part as string;
    return body;
  };
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = await read(request);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => /^(x-|authorization|idempotency|content-type)/.test(name)),
      ) as Record<string, string>;
      const path = request.url ?? '';
      const answer = await fetch(`${world.api.url}${path}`, { method: 'POST', headers, body });
      const told = spoil({ path, status: answer.status, text: await answer.text() }, (n += 1));
      if (told === null) response.destroy();
      else response.writeHead(told.status, { 'content-type': 'application/json', 'retry-after': '0' }).end(told.text);
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('is that of the example', () => {
  for (const file of files) {
    const folder = new URL('../../../examples/workflow-webhook-client/', import.meta.url);
    expect(readFileSync(new URL(file, folder), 'utf8')).toBe(texts[file]);
  }
});

it('reports an event', async () => {
  const event = registration();
  const key = uniqueName('key');
  const program = run(world.api.url, key, event);
  expect(await program.ended).toEqual([0, null]);
  expect(program.printed()).toEqual([`reported ${key}`]);
  expect(await world.publishedOf(event.customerId)).toMatchObject([{ type: 'customer.registered', data: event }]);
});

it('sends an event again whose answer was lost or a 503, under the same key, and it stays one', async () => {
  const event = registration();
  const seen: string[] = [];
  const base = await spoiltApi((forwarded, n) => {
    seen.push(`${forwarded.path.split('/').length} ${forwarded.status}`);
    if (n === 2) return null;
    return n === 3 ? { ...forwarded, status: 503, text: '{}' } : forwarded;
  });
  const program = run(base, uniqueName('key'), event);
  expect(await program.ended).toEqual([0, null]);
  // One handshake, and the token of it with every attempt.
  expect(seen).toEqual(['4 200', '3 200', '3 200', '3 200']);
  expect(new Set((await world.publishedOf(event.customerId)).map(({ id }) => id)).size).toBe(1);
});

it('gets another token for one that has ended', async () => {
  const event = registration();
  const past = Math.floor(Date.now() / 1000) - 400;
  const ended = await new SignJWT({ sub: hook.id, aud: 'workflow-webhook', jti: 'a', key_id: hook.keyId })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(past)
    .setExpirationTime(past + 300)
    .sign(new TextEncoder().encode(tokenSecret));
  const seen: number[] = [];
  const base = await spoiltApi((forwarded, n) => {
    seen.push(forwarded.status);
    const data = { sessionToken: ended, expiresIn: 300 };
    return n === 1 ? { ...forwarded, text: JSON.stringify({ success: true, data }) } : forwarded;
  });
  const program = run(base, uniqueName('key'), event);
  expect(await program.ended).toEqual([0, null]);
  expect(seen).toEqual([200, 401, 200, 200]);
  expect(await world.publishedOf(event.customerId)).toHaveLength(1);
});

it.each([
  ['an event that is refused', { password: 'x' }, undefined],
  ['an API key that is refused', {}, `whk_${'0'.repeat(16)}_${'0'.repeat(64)}`],
])('gives up %s', async (_, more, apiKey) => {
  const event = registration(more);
  const program = run(world.api.url, uniqueName('key'), event, apiKey);
  expect(await program.ended).toEqual([1, null]);
  expect(program.printed()).toEqual([]);
});
