/**
 * Connections over which no valid session has come yet. There may be so many: one more, and the oldest is closed, since
 * who means well shows his session at once.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class StrangerConnections {
  readonly #most: number;
  /** In the order in which they were opened. */
  readonly #open = new Set<Socket>();

  constructor(most: number) {
    this.#most = most;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      if (this.#open.size <= this.#most) return;
      const [oldest] = this.#open;
      this.#open.delete(oldest ?? socket);
      oldest?.destroy();
    });
  }

  /** A valid session has come over it. */
  welcome(socket: Socket): void {
    this.#open.delete(socket);
  }
}
