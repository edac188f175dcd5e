/** Asks the PostgreSQL below the embedded store: simple queries over its Unix socket, where trust is all it wants. */
import { once } from 'node:events';
import { connect } from 'node:net';

/** @returns the rows, every value as text. @param role who may do everything there */
export async function askPostgres(socketFile: string, role: string, query: string): Promise<(string | null)[][]> {
  const socket = connect(socketFile);
  await once(socket, 'connect');
  const startup = Buffer.from(`\0\x03\0\0user\0${role}\0database\0postgres\0\0`);
  socket.write(Buffer.concat([sizeOf(startup), startup]));
  const text = Buffer.from(`${query}\0`);
  socket.write(Buffer.concat([Buffer.from('Q'), sizeOf(text), text]));

  const rows: (string | null)[][] = [];
  let ready = 0;
  let pending = Buffer.alloc(0);
  for await (const chunk of socket) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    while (pending.length >= 5 && pending.length > pending.readInt32BE(1)) {
      const kind = String.fromCharCode(pending[0]!);
      const end = 1 + pending.readInt32BE(1);
      const body = pending.subarray(5, end);
      pending = pending.subarray(end);
      if (kind === 'E') throw new Error(body.toString().replaceAll('\0', ' '));
      if (kind === 'D') rows.push(columnsOf(body));
      // The first one ends the greeting.
      if (kind === 'Z' && ++ready === 2) return rows;
    }
  }
  throw new Error('PostgreSQL hung up');
}

/** The length of a message includes itself. */
function sizeOf(body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length + 4);
  return size;
}

function columnsOf(body: Buffer): (string | null)[] {
  let at = 2;
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(at);
    at += 4 + Math.max(length, 0);
    return length < 0 ? null : body.toString('utf8', at - length, at);
  });
}
