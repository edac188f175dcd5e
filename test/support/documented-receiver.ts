/** The code that docs/subscriptions.md has receivers copy. */
import { readFileSync } from 'node:fs';

type Verify = (secret: string, headers: object, body: string) => { [member: string]: unknown };

const text = readFileSync(new URL('../../docs/subscriptions.md', import.meta.url), 'utf8');

/** @throws Error when the document holds no such code */
export async function documentedVerify(): Promise<Verify> {
  const code = /```js\n(\/\/ verify\.mjs\n.*?)```/s.exec(text)?.[1];
  if (code === undefined) throw new Error('docs/subscriptions.md holds no verify.mjs');
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { verify: Verify };
  return module.verify;
}
