/** Local servers that stand for the receivers of webhooks. They are real: sockets, HTTP, TLS. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface ReceivedRequest {
  method: string;
  url: string;
  /** Name, value, name, value … as they came. */
  rawHeaders: string[];
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Receiver {
  port: number;
  /** http(s)://127.0.0.1:port */
  url: string;
  requests: ReceivedRequest[];
  /** Connections accepted so far. */
  connections: number;
  /** Connections that are open now. */
  open: Set<Socket>;
  close(): Promise<void>;
}

/** @param answer called when a request has arrived whole */
export function startReceiver(
  answer: (request: ReceivedRequest, response: ServerResponse) => void,
  tls?: ServerOptions,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const listener: RequestListener = (message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const request: ReceivedRequest = {
        method: message.method ?? '',
        url: message.url ?? '',
        rawHeaders: message.rawHeaders,
        headers: message.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      answer(request, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  return listen(server, tls === undefined ? 'http' : 'https', requests);
}

/** A server that speaks whatever `onConnection` writes. */
export function startTcpReceiver(onConnection: (socket: Socket) => void): Promise<Receiver> {
  return listen(createTcpServer(onConnection), 'http', []);
}

async function listen(server: Server, scheme: string, requests: ReceivedRequest[]): Promise<Receiver> {
  const open = new Set<Socket>();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    port,
    url: `${scheme}://127.0.0.1:${port}`,
    requests,
    connections: 0,
    open,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  server.on('connection', (socket: Socket) => {
    receiver.connections += 1;
    open.add(socket);
    // A client that hangs up is part of the tests.
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  return receiver;
}
