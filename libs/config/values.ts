/** What a variable of the environment may hold. */
import { z } from 'zod';
import { findWeakening } from './store-uri.ts';

// zod's own messages may quote what was given; a value may be a secret, so every rule says only what it expects.
const expects = (what: string) => ({ error: `expected ${what}` });

export const text = z.string().min(1);
export const sessionSecret = z.string().min(32, 'expected at least 32 characters');
export const hostPort = z.string().regex(/^[^/\s,]+:\d{1,5}$/, 'expected host:port');
const portNumber = expects('a port, 0 to 65535');
export const port = z.coerce.number(portNumber).pipe(z.int(portNumber).min(0, portNumber).max(65535, portNumber));
const countNumber = expects('a whole number above 0');
export const count = z.coerce.number(countNumber).pipe(z.int(countNumber).positive(countNumber));
export const atMostAnHour = count.pipe(z.number().max(3_600_000, 'expected at most 3600000, which is an hour'));
export const flag = z.enum(['true', 'false'], expects('true or false')).transform((value) => value === 'true');
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, expects(`one of ${values.join(', ')}`));

export const anyUrl = z.url(expects('a URL'));
export const httpUrl = z.url({ protocol: /^https?$/, ...expects('an http or https URL') });

/** Where paths are put behind. */
export const baseUrl = httpUrl.refine((value) => {
  if (!URL.canParse(value)) return true;
  const { username, password, search, hash } = new URL(value);
  return [username, password, search, hash].every((part) => part === '');
}, 'expected a URL without credentials, query and fragment');

export const bucket = z
  .string()
  .regex(
    /^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/,
    'expected the name of a bucket: 3 to 63 letters, digits, dots, dashes or underscores',
  );

/** A comma-separated list. */
const listSchema = (part: z.ZodType<string, string>, what: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    )
    .refine(
      (entries) => entries.every((entry) => part.safeParse(entry).success),
      `expected ${what}, separated by commas`,
    );

/** JSON text: event types, and for each which customer field which member of its data says. */
export const customerEventFields = z
  .string()
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(z.string().min(1), z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().min(1)), {
      error: 'expected { "event type": { "customer field": "member of the data" } }',
    }),
  );

export const brokers = listSchema(hostPort, 'host:port').refine(
  (entries) => entries.length > 0,
  'expected at least one host:port',
);

export const topicPrefix = z
  .string()
  .regex(/^[A-Za-z0-9._-]{0,100}$/, 'expected at most 100 letters, digits, dots, dashes or underscores');

/** Of the store. Without a name in it the driver would quietly use a database called `test`. */
export const storeUri = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/[^/\s]+\/[^/?\s]+(\?\S*)?$/, 'expected mongodb://host:port/database')
  .superRefine((uri, context) => {
    const message = findWeakening(uri);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const networks = listSchema(z.union([z.cidrv4(), z.cidrv6()]), 'networks such as 10.0.0.0/8 or fd00::/8');

export const smtpUrl = z
  .string()
  .refine(
    (value) => /^smtps?:$/.test(URL.canParse(value) ? new URL(value).protocol : '') && new URL(value).hostname !== '',
    'expected smtp://user:password@host:port or smtps://…',
  );

/** Of mails: an address, alone or behind a name. */
export const sender = z
  .string()
  .regex(
    /^(?:[^<>\r\n]*<[^\s@<>,;:"]+@[^\s@<>,;:"]+>|[^\s@<>,;:"]+@[^\s@<>,;:"]+)$/,
    'expected an address, or Name <address>',
  );

export const folders = listSchema(
  z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'expected an absolute path'),
  'absolute paths of folders',
);

export const urlPath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as /hooks')
  .refine(
    (path) => !/^\/(api|health|metrics|docs|webhooks)(\/|$)/i.test(path),
    'expected a path that nothing else has',
  );
