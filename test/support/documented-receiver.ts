/** The receivers of webhooks that documents have people copy. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { documentedCode, runDocumented, type DocumentedProgram } from './documented-code.ts';

type Verify = (secret: string, headers: object, body: string) => { [member: string]: unknown };

export async function documentedVerify(): Promise<Verify> {
  const code = encodeURIComponent(documentedCode('subscriptions.md', 'verify.mjs'));
  const module = (await import(`data:text/javascript,${code}`)) as { verify: Verify };
  return module.verify;
}

export interface DocumentedReceiver extends DocumentedProgram {
  url: string;
}

/**
 * A process of its own, with the code as it stands there, but for the port.
 * @param files the receiver first
 */
export async function startDocumentedReceiver(
  document: string,
  files: readonly string[],
  secret: string,
): Promise<DocumentedReceiver> {
  const port = await freePort();
  const texts = files.map((file) => documentedCode(document, file).replace('listen(3000)', `listen(${port})`));
  const program = runDocumented(Object.fromEntries(files.map((file, at) => [file, texts[at]!])), { SECRET: secret });
  return { ...program, url: `http://127.0.0.1:${port}` };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
