/** Stands in for the systems that the example rules call: answers their webhooks and counts them. */
import { createServer } from 'node:http';

export interface ExampleReceiver {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Calls made so far by runs of this event. */
  callsFor(eventId: string): number;
  close(): Promise<void>;
}

/** This path answers as a receiver does that is gone for good: no retry can help. */
export const retiredPath = '/retired';

export async function startReceiver(port: number): Promise<ExampleReceiver> {
  const keys: string[] = [];
  const server = createServer((request, response) => {
    // A call says which run and action it belongs to; its key holds the run's id, which ends with the event's.
    const key = request.headers['idempotency-key'];
    if (typeof key === 'string') keys.push(key);
    request.resume();
    request.once('end', () => {
      const retired = request.url === retiredPath;
      response.writeHead(retired ? 410 : 200, { 'Content-Type': 'application/json' });
      response.end(retired ? '{"error":"this receiver is gone"}\n' : '{"received":true}\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The example receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    callsFor: (eventId) => keys.filter((key) => key.includes(`:${eventId}/`)).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
