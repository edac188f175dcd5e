/** The code that docs/subscriptions.md has receivers copy. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Verify = (secret: string, headers: object, body: string) => { [member: string]: unknown };

const text = readFileSync(new URL('../../docs/subscriptions.md', import.meta.url), 'utf8');

export async function documentedVerify(): Promise<Verify> {
  const module = (await import(`data:text/javascript,${encodeURIComponent(codeOf('verify.mjs'))}`)) as {
    verify: Verify;
  };
  return module.verify;
}

export interface DocumentedReceiver {
  url: string;
  /** What it has printed so far. */
  printed: () => string;
  close(): Promise<void>;
}

/** A process of its own, with the code as it stands there, but for the port. */
export async function startDocumentedReceiver(secret: string): Promise<DocumentedReceiver> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-receiver-'));
  const port = await freePort();
  writeFileSync(join(folder, 'verify.mjs'), codeOf('verify.mjs'));
  writeFileSync(join(folder, 'receiver.mjs'), codeOf('receiver.mjs').replace('listen(3000)', `listen(${port})`));
  const child = spawn(process.execPath, [join(folder, 'receiver.mjs')], { env: { SECRET: secret } });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  return {
    url: `http://127.0.0.1:${port}`,
    printed: () => printed,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** @throws Error when the document holds no such code */
function codeOf(file: string): string {
  const code = [...text.matchAll(/```js\n(.*?)```/gs)].find(([, block]) => block!.startsWith(`// ${file}`))?.[1];
  if (code === undefined) throw new Error(`docs/subscriptions.md holds no ${file}`);
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
