/** The other side of every webhook in the bench: answers 200 at once and remembers when each key arrived. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Sink {
  /** Milliseconds of `performance.now()` by idempotency key, first arrival. */
  readonly arrivals = new Map<string, number>();
  calls = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Sink> {
    const server = createServer();
    const sink = new Sink(server);
    server.on('request', (request, response) => {
      const key = request.headers['idempotency-key'];
      sink.calls += 1;
      if (typeof key === 'string' && !sink.arrivals.has(key)) sink.arrivals.set(key, performance.now());
      request.resume();
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  reset(): void {
    this.arrivals.clear();
    this.calls = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
