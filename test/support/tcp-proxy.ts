/** A stretch of network that a test can cut: connections through it are lost at once and new ones refused. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface TcpProxyOptions {
  /** Called with what the client sends, before it is forwarded. @returns false to let nothing of it through */
  onRequest?: (bytes: Buffer) => boolean;
  /** Called with what the server answers, before it is forwarded. @returns false to let nothing of it through */
  onAnswer?: (bytes: Buffer) => boolean;
}

export interface TcpProxy {
  /** host:port to connect to instead of the target. */
  address: string;
  cut(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** @param target host:port */
export async function startTcpProxy(target: string, { onRequest, onAnswer }: TcpProxyOptions = {}): Promise<TcpProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  const forward = (client: Socket): void => {
    const server = connect(Number(port), host);
    for (const [from, to, look] of [
      [client, server, onRequest],
      [server, client, onAnswer],
    ] as const) {
      sockets.add(from);
      if (look === undefined) from.pipe(to);
      else from.on('data', (bytes) => void (look(bytes) && to.write(bytes)));
      if (look !== undefined) from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  };
  let listening: Server = await listen(forward, 0);
  const at = (listening.address() as AddressInfo).port;
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => void listening.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    address: `127.0.0.1:${at}`,
    cut,
    restore: async () => void (listening = await listen(forward, at)),
    close: cut,
  };
}

function listen(forward: (client: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(forward);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
