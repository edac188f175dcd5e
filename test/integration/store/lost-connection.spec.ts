/** The store goes away at the worst moment: while the driver is about to write. */
import { Socket } from 'node:net';
import type { Connection } from 'mongoose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectStore, pingStore } from '#libs/store/mongo/connect.ts';
import { databaseUri, servers, uniqueName } from '../../support/servers.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

let proxy: TcpProxy;
let connection: Connection;

beforeEach(async () => {
  const { host } = new URL(servers().mongodb);
  proxy = await startTcpProxy(host);
  const uri = new URL(databaseUri(uniqueName('lost')));
  uri.host = proxy.address;
  connection = await connectStore(uri.href, { serverSelectionTimeoutMs: 1000 });
});

afterEach(async () => {
  await connection.close(true);
  await proxy.close();
});

const port = (): number => Number(proxy.address.split(':')[1]);

/** From now on, every write to the store finds that its socket has just been lost. @returns how to end that */
function loseSocketsOnWrite(): () => void {
  const write = Reflect.get(Socket.prototype, 'write');
  const losing = function (this: Socket, ...given: Parameters<Socket['write']>): boolean {
    if (this.remotePort === port()) this.destroy();
    return write.apply(this, given);
  };
  Socket.prototype.write = losing as Socket['write'];
  return () => void (Socket.prototype.write = write);
}

it('an operation on it fails instead of waiting for ever, and the store is found again', async () => {
  await pingStore(connection, AbortSignal.timeout(5000));
  const restore = loseSocketsOnWrite();
  const heartbeat = new Promise((resolve) => connection.getClient().once('serverHeartbeatFailed', resolve));
  await expect(pingStore(connection, AbortSignal.timeout(20_000))).rejects.toMatchObject({ code: 'store_unavailable' });
  await heartbeat;
  restore();
  await expect.poll(() => pingStore(connection, AbortSignal.timeout(5000)), { timeout: 20_000 }).toBeUndefined();
});
