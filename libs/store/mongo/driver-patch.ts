/**
 * Mends a hang of the driver (mongodb 7.8): a command that is written to a socket which has just been lost waits for it
 * to drain, and no timeout ends that. When the store dies it may meet the driver's own heartbeat, which then never ends
 * either, and the process would not find the store again until it is restarted.
 *
 * With this, a write ends when its connection does. `test/integration/store/lost-connection.spec.ts` shows whether a
 * later driver still needs it.
 */
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

interface DriverConnection extends EventEmitter {
  readonly closed: boolean;
  /** Why it was closed. */
  readonly error: Error | null;
}
type WriteCommand = (this: DriverConnection, ...given: unknown[]) => Promise<void>;

const requireAsMongoose = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { Connection } = requireAsMongoose('mongodb/lib/cmap/connection.js') as {
  Connection: { prototype: { writeCommand: WriteCommand } };
};
const { writeCommand } = Connection.prototype;
let mended = false;

/** Affects every connection of the process; repeating it changes nothing. */
export function endWritesWithTheirConnection(): void {
  if (mended) return;
  mended = true;
  Connection.prototype.writeCommand = async function (...given) {
    let onClose: (() => void) | undefined;
    const closed = new Promise<never>((_, reject) => {
      onClose = () => reject(this.error ?? new Error('the connection was closed'));
      if (this.closed) onClose();
      else this.once('close', onClose);
    });
    try {
      await Promise.race([writeCommand.apply(this, given), closed]);
    } finally {
      if (onClose !== undefined) this.off('close', onClose);
    }
  };
}
