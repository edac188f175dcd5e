import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** Below the ranges Linux and macOS hand to outgoing connections, so a server that restarts finds its port still free. */
const freeRange = [20_000, 32_000] as const;

/** Whether nothing on this machine listens on the port: a connection is refused and the port can be bound. */
export async function isFree(port: number): Promise<boolean> {
  // Binding alone is not enough: some systems let a loopback listener stand beside one on all addresses.
  return !(await answers(port)) && (await canBind(port));
}

/** A free port. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(...freeRange);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found between ${freeRange[0]} and ${freeRange[1]}`);
}

/**
 * Chooses a port for each name.
 *
 * @param wanted the port each name has by default; with `mode` `free` every one is replaced
 * @returns the ports, and one line for each default that was taken
 */
export async function choosePorts<Name extends string>(
  wanted: Record<Name, number>,
  mode: 'default' | 'free',
  available: (port: number) => Promise<boolean> = isFree,
): Promise<{ ports: Record<Name, number>; moved: string[] }> {
  const ports = { ...wanted };
  const moved: string[] = [];
  const used = new Set<number>();
  for (const name of Object.keys(wanted) as Name[]) {
    let port = wanted[name];
    if (mode === 'free' || used.has(port) || !(await available(port))) {
      do port = await freePort();
      while (used.has(port));
      if (mode === 'default') moved.push(`${name}: port ${wanted[name]} is taken, using ${port}`);
    }
    used.add(port);
    ports[name] = port;
  }
  return { ports, moved };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1000, () => done(true));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
