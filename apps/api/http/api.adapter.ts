/** Express behind a server that does not wait for ever for a request to be complete. */
import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer } from 'node:http';
import type { StrangerConnections } from './stranger.connections.ts';

export interface ServerTimes {
  /** Milliseconds until the headers of a request have to be complete, also those of the first one. */
  headersMs: number;
  /** Milliseconds until a request has to be complete, its body included. */
  requestMs: number;
}

/** How often is looked for requests whose time is over, in milliseconds. */
const pollMs = 1_000;

export class ApiAdapter extends ExpressAdapter {
  readonly #times: ServerTimes;
  readonly #strangers: StrangerConnections;

  constructor(times: ServerTimes, strangers: StrangerConnections) {
    super();
    this.#times = times;
    this.#strangers = strangers;
  }

  override initHttpServer(): void {
    const { headersMs: headersTimeout, requestMs: requestTimeout } = this.#times;
    const options = { headersTimeout, requestTimeout, connectionsCheckingInterval: pollMs };
    const server = createServer(options, this.getInstance());
    this.#strangers.watch(server);
    this.httpServer = server;
  }
}
