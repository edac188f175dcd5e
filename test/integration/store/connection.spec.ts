import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { connectStore, pingStore } from '#libs/store/mongo/connect.ts';
import { ensureIndexes } from '#libs/store/mongo/ensure-indexes.ts';
import { createRunLedger } from '#libs/store/runs/run-ledger.repository.ts';
import { runRecord } from '../../support/runs.ts';
import { databaseUri, uniqueName } from '../../support/servers.ts';
import { connect, type Socket } from 'node:net';

const opened: { close(): Promise<void> }[] = [];
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

/** A server in front of the store that can be switched off, the way a network goes away. */
async function switchable(): Promise<{ uri: string; off(): void; on(): Promise<void> }> {
  const target = new URL(databaseUri(uniqueName('store')));
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on('error', () => end.destroy()).on('close', () => sockets.delete(end));
    }
    socket.pipe(upstream).pipe(socket);
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const off = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  opened.push({ close: async () => off() });
  return { uri: `mongodb://127.0.0.1:${port}${target.pathname}`, off, on: () => listen(port) };
}

describe('the connection to the store', () => {
  it('says store_unavailable while the server is away and works again when it is back', async () => {
    const link = await switchable();
    const warnings: string[] = [];
    const log = { info: () => undefined, warn: (_: object, message: string) => void warnings.push(message) };
    const connection = await connectStore(link.uri, { serverSelectionTimeoutMs: 500, log });
    opened.push(connection);
    const ledger = createRunLedger(connection);
    await pingStore(connection, AbortSignal.timeout(5_000));

    link.off();
    const unavailable = { code: 'store_unavailable', retryable: true };
    await expect(ledger.claim([runRecord()])).rejects.toMatchObject(unavailable);
    await expect(ledger.decide([])).resolves.toEqual(new Map());
    await expect(pingStore(connection, AbortSignal.timeout(5_000))).rejects.toBeInstanceOf(RetryableError);
    expect(warnings).toContain('store connection lost');

    await link.on();
    await expect.poll(() => ledger.claim([runRecord()]).catch(() => null), { timeout: 20_000 }).not.toBeNull();
    await connection.dropDatabase();
  });

  it('fails with a message that names no password', async () => {
    const uri = 'mongodb://ops:s3cr3t-word@127.0.0.1:1/signalbox';
    const error: unknown = await connectStore(uri, { serverSelectionTimeoutMs: 200 }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'store_unavailable' });
    const wrong: unknown = await connectStore('mongodb://ops:s3cr3t-word@/x y').catch((caught: unknown) => caught);
    expect(wrong).toMatchObject({ code: 'store_uri_invalid', retryable: false });
    for (const thrown of [error, wrong] as Error[]) {
      expect(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)}`).not.toContain('s3cr3t');
      expect(String((thrown.cause as Error | undefined)?.stack)).not.toContain('s3cr3t');
    }
  });

  it('lets every app make the collections and indexes at once, again and again', async () => {
    const uri = databaseUri(uniqueName('store'));
    const connections = await Promise.all([1, 2, 3].map(() => connectStore(uri)));
    opened.push(...connections);
    await Promise.all(connections.map((connection) => ensureIndexes(connection)));
    await ensureIndexes(connections[0]!);
    const indexes = await connections[0]!.collection('runs').indexes();
    expect(indexes.map((index) => Object.keys(index.key as object)[0])).toEqual(
      expect.arrayContaining(['rule_id', 'brand', 'status', 'trigger_event', 'customer_id', 'login', 'event_id']),
    );
    await connections[0]!.dropDatabase();
  });
});
