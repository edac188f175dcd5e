import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '#libs/http/http-client.ts';
import { createWebhookSender } from './webhook-sender.ts';

const event = { eventId: 'event-1', text: '{}' };
const secret = { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, created_at: '', ends_at: null };

describe('createWebhookSender', () => {
  let server: Server;
  let requests = 0;
  beforeEach(async () => {
    requests = 0;
    server = createServer((_, response) => {
      requests += 1;
      response.setHeader('connection', 'close').end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  it('R-094 sends nothing to a name that leads to a private address from the second look-up on', async () => {
    const answers = ['127.0.0.1'];
    const http = createHttpClient({
      // 127.0.0.1 stands for a public address.
      allowedNetworks: ['127.0.0.1/32'],
      userAgent: 'test',
      resolve: () => Promise.resolve([{ address: answers.shift() ?? '10.0.0.1', family: 4 as const }]),
    });
    const { port } = server.address() as AddressInfo;
    const subscription = { url: `http://rebind.test:${port}/`, format: 'cloudevents' as const, secrets: [secret] };
    const send = () => createWebhookSender(http).send(subscription, event, 1_000);
    expect(await send()).toMatchObject({ isDelivered: true, status: 200 });
    expect(await send()).toMatchObject({
      isDelivered: false,
      status: null,
      error: expect.stringContaining('10.0.0.1'),
    });
    expect(requests).toBe(1);
    await http.close();
  });
});
