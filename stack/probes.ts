import { connect as connectHttp2 } from 'node:http2';
import { connect, type NetConnectOpts } from 'node:net';

/*
 * One round trip each in the server's own protocol: a port that accepts connections says nothing about
 * whether the server behind it has recovered its state and answers.
 */

const host = '127.0.0.1';
const retryMs = 2_000;

/** Temporal's frontend knows the namespace (`DescribeNamespace`, gRPC over HTTP/2). */
export function temporalAnswers(port: number, namespace = 'default'): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${host}:${port}`);
    const done = (result: boolean) => {
      clearTimeout(timer);
      session.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => done(false), retryMs);
    session.once('error', () => done(false));
    const call = session.request({
      ':method': 'POST',
      ':path': '/temporal.api.workflowservice.v1.WorkflowService/DescribeNamespace',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status: unknown;
    call.on('response', (headers) => (status ??= headers['grpc-status']));
    call.on('trailers', (headers) => (status ??= headers['grpc-status']));
    call.once('error', () => done(false));
    call.once('end', () => done(status === '0'));
    call.resume();
    // Protobuf field 1, length-delimited, behind gRPC's prefix: not compressed, length.
    const name = Buffer.from(namespace);
    const message = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
    call.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
  });
}

/** The broker is registered with the controller: it is named in the answer to a metadata request (version 4, no topics). */
export function kafkaAnswers(port: number): Promise<boolean> {
  const clientId = Buffer.from('probe');
  const request = Buffer.alloc(4 + 8 + 2 + clientId.length + 5);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(3, 4);
  request.writeInt16BE(4, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientId.length, 12);
  clientId.copy(request, 14);
  // Size, correlation id and throttle time come before the number of brokers.
  return exchange({ host, port }, request, (answer) => (answer.length < 16 ? null : answer.readInt32BE(12) > 0));
}

/** A MongoDB server answers `ping` with `ok: 1` (OP_MSG). */
export function mongodbAnswers(port: number): Promise<boolean> {
  const text = (value: string) => Buffer.concat([Buffer.from(value), Buffer.from([0])]);
  const database = text('admin');
  const size = Buffer.alloc(4);
  size.writeInt32LE(database.length);
  const fields = Buffer.concat([
    Buffer.from([0x10]),
    text('ping'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from([0x02]),
    text('$db'),
    size,
    database,
    Buffer.from([0]),
  ]);
  const header = Buffer.alloc(25);
  header.writeInt32LE(header.length + fields.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(2013, 12);
  header.writeInt32LE(4 + fields.length, 21);
  return exchange({ host, port }, Buffer.concat([header, fields]), (answer) => {
    if (answer.length < 4 || answer.length < answer.readInt32LE(0)) return null;
    // BSON `ok: 1.0`: type double, name, little-endian value.
    return answer.includes(
      Buffer.concat([Buffer.from([0x01]), text('ok'), Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f])]),
    );
  });
}

/** PostgreSQL lets a session start: the first message after the startup packet is not an error. */
export function postgresAnswers(socketFile: string, user: string): Promise<boolean> {
  const parameters = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
  const packet = Buffer.alloc(8 + parameters.length);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(0x0003_0000, 4);
  parameters.copy(packet, 8);
  return exchange({ path: socketFile }, packet, (answer) =>
    answer.length < 1 ? null : answer[0] === 'R'.charCodeAt(0),
  );
}

/** Sends `request` and asks `judge` about all bytes received so far until it decides; anything going wrong is a no. */
function exchange(to: NetConnectOpts, request: Buffer, judge: (answer: Buffer) => boolean | null): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(to);
    let answer = Buffer.alloc(0);
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(retryMs, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const verdict = judge(answer);
      if (verdict !== null) done(verdict);
    });
  });
}
