import { parseArgs } from 'node:util';
import { managerRoles } from '#libs/contracts/session.schema.ts';
import { durationSeconds, type Session } from './session-token.ts';

export const tokenUsage = `Prints a session token for the running instance.

  npm run -s token -- --role ROLE --sub USER [--brand BRAND]… [--ttl 8h]

  --role   ${managerRoles.join(', ')}
  --sub    the user's id
  --brand  a brand the session is for; may be given several times; without it: all brands
  --ttl    how long the token is valid: 30m, 8h, 7d (default 8h)`;

/** @throws Error whose message names the wrong option and what would be right */
export function parseTokenOptions(argv: string[]): Session | 'help' {
  const { values } = parseArgs({
    args: argv,
    options: {
      role: { type: 'string' },
      sub: { type: 'string' },
      brand: { type: 'string', multiple: true, default: [] },
      ttl: { type: 'string', default: '8h' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const role = managerRoles.find((known) => known === values.role);
  if (role === undefined) {
    const found = values.role === undefined ? '--role is missing' : `unknown role "${values.role}"`;
    throw new Error(`${found}: one of ${managerRoles.join(', ')}`);
  }
  if (!values.sub) throw new Error("--sub is missing: the user's id, such as alice");
  if (values.brand.includes('')) throw new Error('--brand must not be empty');
  const ttlSeconds = durationSeconds(values.ttl);
  if (ttlSeconds === null) throw new Error(`--ttl "${values.ttl}" is no duration: such as 30m, 8h, 7d`);
  return { sub: values.sub, role, brands: values.brand, ttlSeconds };
}
