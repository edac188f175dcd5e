/** A loop that signs bodies and posts them, so many at once. Arguments: URL, how many at once, secret. */
import { createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';

const [url = '', atOnce = '', secret = ''] = process.argv.slice(2);
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: Number(atOnce) });

async function post(body: string): Promise<void> {
  const id = randomUUID();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  const answer = await pool.request({ path: pathname, method: 'POST', headers, body });
  await answer.body.dump();
  if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}`);
}

async function postAll(bodies: string[]): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(body);
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, work));
  process.send?.('done');
}

process.on('message', (bodies: string[]) => void postAll(bodies));
process.send?.('ready');
