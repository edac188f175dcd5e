/**
 * A back end that reports events over so many connections at once, in a process of its own. Told an address, headers and
 * how many; tells how long it took, and how long each answer took, in milliseconds.
 */
import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';

export interface Assignment {
  url: string;
  headers: Record<string, string>;
  count: number;
  connections: number;
}

export interface Outcome {
  tookMs: number;
  answersMs: number[];
}

async function report({ url, headers, count, connections }: Assignment): Promise<Outcome> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections });
  const occurredAt = new Date().toISOString();
  const bodies = Array.from({ length: count }, () => {
    const customerId = `C-${randomUUID()}`;
    const person = { email: 'ana@example.com', firstName: 'Ana', lastName: 'Silva' };
    return JSON.stringify({
      eventType: 'user.registered',
      customerId,
      ...person,
      occurredAt,
      idempotencyKey: customerId,
    });
  });
  const answersMs: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const from = performance.now();
      const answer = await pool.request({ path: pathname, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`${url} answers ${answer.statusCode}`);
      answersMs.push(performance.now() - from);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const tookMs = performance.now() - from;
  await pool.close();
  return { tookMs, answersMs };
}

process.on('message', (assignment: Assignment) => {
  void report(assignment).then((outcome) => process.send?.(outcome));
});
process.send?.('ready');
