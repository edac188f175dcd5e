/** The environment, parsed once into a typed object. `.env.example` documents every variable. */
import { z } from 'zod';
import { findWeakening } from './store-uri.ts';

// zod's own messages may quote what was given; a value may be a secret, so every rule says only what it expects.
const expects = (what: string) => ({ error: `expected ${what}` });

const text = z.string().min(1);
const hostPort = z.string().regex(/^[^/\s,]+:\d{1,5}$/, 'expected host:port');
const port = z.coerce
  .number(expects('a port, 0 to 65535'))
  .pipe(
    z
      .int(expects('a port, 0 to 65535'))
      .min(0, 'expected a port, 0 to 65535')
      .max(65535, 'expected a port, 0 to 65535'),
  );
const count = z.coerce
  .number(expects('a whole number above 0'))
  .pipe(z.int(expects('a whole number above 0')).positive('expected a whole number above 0'));
const flag = z.enum(['true', 'false'], expects('true or false')).transform((value) => value === 'true');
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, expects(`one of ${values.join(', ')}`));

const httpUrl = z.url({ protocol: /^https?$/, ...expects('an http or https URL') });

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
const customerEventFields = z
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

const variables = z.object({
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  TEMPORAL_ADDRESS: hostPort.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: text.default('default'),
  TEMPORAL_TASK_QUEUE: text.default('signalbox'),
  /** Left out: with an API key, which never travels without it. */
  TEMPORAL_TLS: flag.optional(),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_UI_URL: z.url(expects('a URL')).default('http://127.0.0.1:8233'),

  KAFKA_BROKERS: listSchema(hostPort, 'host:port')
    .refine((brokers) => brokers.length > 0, 'expected at least one host:port')
    .default(['127.0.0.1:9092']),
  KAFKA_GROUP_ID: text.default('signalbox-ingress'),
  KAFKA_TLS: flag.default(false),
  KAFKA_SASL_MECHANISM: oneOf(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_USERNAME: text.optional(),
  KAFKA_PASSWORD: text.optional(),
  /** Put before every topic name, so that installations can share a cluster. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,100}$/, 'expected at most 100 letters, digits, dots, dashes or underscores')
    .default(''),
  /** Partitions of topics that signalbox has to create itself. */
  KAFKA_PARTITIONS: count.default(6),
  KAFKA_REPLICATION: count.default(1),
  /** What a compressed batch may take when it is inflated; a larger one goes to the dead letters. */
  KAFKA_MAX_INFLATED_BYTES: count.default(33_554_432),

  // Without a name in it the driver would quietly use a database called `test`.
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^/\s]+\/[^/?\s]+(\?\S*)?$/, 'expected mongodb://host:port/database')
    .superRefine((uri, context) => {
      const message = findWeakening(uri);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .default('mongodb://127.0.0.1:27017/signalbox'),

  API_PORT: port.default(8080),
  INGRESS_PORT: port.default(8081),
  WORKER_PORT: port.default(8082),
  BIND_ADDRESS: text.default('127.0.0.1'),

  /** How long what a person does to a run may take to reach it and come back, and is valid, in milliseconds. */
  COMMAND_TIMEOUT_MS: count.default(10_000),

  SESSION_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),

  /** CIDR ranges of private or loopback addresses that webhooks may reach. */
  WEBHOOK_ALLOWED_NETWORKS: listSchema(
    z.union([z.cidrv4(), z.cidrv6()]),
    'networks such as 10.0.0.0/8 or fd00::/8',
  ).default([]),

  /** Where mails go: a URL with everything in it, or the variables below. */
  SMTP_URL: z
    .string()
    .refine(
      (value) => /^smtps?:$/.test(URL.canParse(value) ? new URL(value).protocol : '') && new URL(value).hostname !== '',
      'expected smtp://user:password@host:port or smtps://…',
    )
    .optional(),
  SMTP_HOST: text.optional(),
  SMTP_PORT: port.default(587),
  SMTP_USER: text.optional(),
  SMTP_PASSWORD: text.optional(),
  SMTP_TLS: oneOf(['implicit', 'starttls', 'opportunistic', 'off']).optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>\r\n]*<[^\s@<>,;:"]+@[^\s@<>,;:"]+>|[^\s@<>,;:"]+@[^\s@<>,;:"]+)$/,
      'expected an address, or Name <address>',
    )
    .optional(),

  /** How long a mail server may think about a mail that it has, in milliseconds (RFC 5321, section 4.5.3.2.6). */
  MAIL_VERDICT_MS: count.pipe(z.number().max(3_600_000, 'expected at most 3600000, which is an hour')).default(600_000),
  /** How often a mail or SMS is handed over without an answer, and so may have been delivered each time. */
  MESSAGE_MAX_UNANSWERED: count.default(2),

  SMS_PROVIDER: oneOf(['twilio', 'http']).optional(),
  SMS_FROM: text.optional(),
  SMS_TWILIO_URL: httpUrl.default('https://api.twilio.com'),
  SMS_TWILIO_ACCOUNT_SID: text.optional(),
  SMS_TWILIO_AUTH_TOKEN: text.optional(),
  SMS_HTTP_URL: httpUrl.optional(),
  SMS_HTTP_TOKEN: text.optional(),

  /** Public keys of session tokens, beside or instead of SESSION_SECRET. */
  SESSION_JWKS_URL: httpUrl.optional(),
  SESSION_ISSUER: text.optional(),
  SESSION_AUDIENCE: text.optional(),
  /** Requests without a valid session that are answered as such, for each address. */
  AUTH_FAILURES_PER_MINUTE: count.default(60),
  /** Requests that may change something, for each user. */
  WRITES_PER_MINUTE: count.default(6000),
  /** Of a request's body; what is larger is not read. */
  API_MAX_BODY_BYTES: count.default(1_048_576),
  /** Milliseconds: answers that something is not there come after a multiple of it, whatever there is of others. */
  API_NOT_FOUND_MS: count.default(25),
  /** Bytes of all bodies, for each user. */
  API_BODY_BYTES_PER_MINUTE: count.default(67_108_864),
  /** How long the headers of a request may take to come, in milliseconds. */
  API_HEADERS_MS: count.default(10_000),
  /** How long a request may take to come, its body included, in milliseconds. */
  API_REQUEST_MS: count.default(60_000),
  /** Connections over which no valid session has come yet. */
  API_CONNECTIONS_WITHOUT_SESSION: count.default(500),
  /** Threads that explain, validate and compare rules, so that others are answered meanwhile. */
  API_COMPUTE_THREADS: count.default(2),
  /** What one request may have computed there, in milliseconds. */
  API_COMPUTE_MS: count.default(5_000),
  /** Requests of one user that are computed or wait for it. */
  API_COMPUTE_PER_USER: count.default(100),
  /** Whether a rule must be activated by somebody else than who wrote it. */
  RULES_FOUR_EYES: flag.default(false),

  MAX_MESSAGE_BYTES: count.default(262_144),
  MAX_MESSAGE_DEPTH: count.default(64),
  /** How far the time of an event may lie ahead of its arrival, in milliseconds; a later one becomes the arrival. */
  EVENT_TIME_AHEAD_MS: count.default(60_000),
  /** Event types that say how a customer is now: `{ "type": { "customer field": "member of the data" } }`. */
  CUSTOMER_EVENTS: customerEventFields.default({}),
  /** How long a broker event waits for an account or group that the directory does not know, in hours. */
  ACCOUNT_WAIT_HOURS: count.default(24),
  /** How long a CRM event without a brand waits at least for the account of its login, in milliseconds. */
  ACCOUNT_WAIT_CRM_MS: count.default(30_000),
  /** With more accounts than these, those of a customer name no brand and are not frozen together. */
  CUSTOMER_ACCOUNTS_MAX: count.default(1000),
  /** Between two looks of the ingress at events that wait and at ranges to be processed again, in milliseconds. */
  INGRESS_UPKEEP_MS: count.default(2000),
  /** How long events are kept that have waited in vain, in days. */
  GIVEN_UP_EVENT_DAYS: count.default(30),
  /** Whether events are kept that rules were held against and none matched, so that they can be explained. */
  EXPLAIN_UNMATCHED: flag.default(true),
  /** How long they are kept, in days. */
  EXPLAIN_DAYS: count.default(7),
  /** Types of events nobody has announced that the registry remembers. */
  OBSERVED_EVENT_TYPES: count.default(1000),
  /** Messages matched, claimed and started together. */
  INGRESS_CHUNK_SIZE: count.default(500),
  /** Workflow starts under way at once. */
  INGRESS_START_CONCURRENCY: count.default(32),
  /** How long a dependency that is up may fail one event before the event goes to the dead letters, in milliseconds. */
  INGRESS_RETRY_MS: count.default(120_000),
  /** How long matching one event may hold up its partition; longer ones are matched apart, in milliseconds. */
  INGRESS_EVENT_MATCH_MS: count.default(50),
  /** How long the conditions of one rule may take for one event, in milliseconds. */
  INGRESS_RULE_MATCH_MS: count.default(2000),
  /** How often Kafka is asked how far each partition lies behind, in milliseconds. */
  INGRESS_LAG_INTERVAL_MS: count.default(5000),
  /** A partition without progress for so long, although messages are waiting, makes the ingress not ready, in milliseconds. */
  INGRESS_STALL_MS: count.default(60_000),
  /** How often rules are looked at for changes, in milliseconds. */
  RULES_POLL_MS: count.default(1000),
  /** How often open tasks are looked at for a due date that has passed, in milliseconds. */
  OVERDUE_INTERVAL_MS: count.default(60_000),
  /** How often is looked whether the day's inactive customers have been told, in milliseconds. */
  INACTIVITY_INTERVAL_MS: count.default(600_000),
  /** Least number of days without activity that is published. */
  INACTIVITY_MIN_DAYS: count.default(1),
  /** How far behind Temporal's lists of closed runs may be, in milliseconds. */
  RECONCILE_OVERLAP_MS: count.default(3_600_000),
  /** Age from which Temporal is asked about a run that is open in the run log, in milliseconds. */
  RECONCILE_OPEN_AFTER_MS: count.default(300_000),
  /** Most open runs that Temporal is asked about in one look, once a minute. */
  RECONCILE_OPEN_RUNS: count.default(1000),
  WORKER_MAX_ACTIVITIES: count.default(100),
  WORKER_MAX_HTTP_ACTIVITIES: count.default(100),
  WORKER_MAX_MAIL_ACTIVITIES: count.default(10),
  /** Webhooks of a run that follow one another are sent together as long as their receivers take no longer, in milliseconds. */
  WORKER_CALL_BATCH_MS: count.default(250),
  WORKER_MAX_WORKFLOW_TASKS: count.default(40),
  /** How long an ending process waits for what it holds, in milliseconds: longer than a webhook may take. */
  SHUTDOWN_GRACE_MS: count.default(45_000),
});

const schema = variables
  .superRefine((config, context) => {
    const fail = (name: keyof typeof config, message: string): void =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (config.TEMPORAL_API_KEY !== undefined && config.TEMPORAL_TLS === false) {
      fail('TEMPORAL_TLS', 'expected true, or nothing, with TEMPORAL_API_KEY: the key would travel in clear text');
    }
    const sasl = ['KAFKA_SASL_MECHANISM', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const;
    const missing = sasl.filter((name) => config[name] === undefined);
    if (missing.length > 0 && missing.length < sasl.length) {
      for (const name of missing)
        fail(name, `expected together with the other ${sasl.length - 1} of ${sasl.join(', ')}`);
    }

    const hasServer = config.SMTP_URL !== undefined || config.SMTP_HOST !== undefined;
    if (config.SMTP_URL !== undefined && config.SMTP_HOST !== undefined) {
      fail('SMTP_HOST', 'expected only without SMTP_URL');
    }
    if (hasServer && config.MAIL_FROM === undefined) fail('MAIL_FROM', 'expected together with a mail server');
    if ((config.SMTP_USER === undefined) !== (config.SMTP_PASSWORD === undefined)) {
      fail(
        config.SMTP_USER === undefined ? 'SMTP_USER' : 'SMTP_PASSWORD',
        'expected SMTP_USER and SMTP_PASSWORD together',
      );
    }

    if (config.API_BODY_BYTES_PER_MINUTE < config.API_MAX_BODY_BYTES) {
      fail('API_BODY_BYTES_PER_MINUTE', 'expected no less than API_MAX_BODY_BYTES');
    }
    if (config.API_REQUEST_MS < config.API_HEADERS_MS) fail('API_REQUEST_MS', 'expected no less than API_HEADERS_MS');

    const neededBy = {
      twilio: ['SMS_TWILIO_ACCOUNT_SID', 'SMS_TWILIO_AUTH_TOKEN', 'SMS_FROM'],
      http: ['SMS_HTTP_URL'],
    } as const;
    for (const name of config.SMS_PROVIDER === undefined ? [] : neededBy[config.SMS_PROVIDER]) {
      if (config[name] === undefined) fail(name, `expected with SMS_PROVIDER=${config.SMS_PROVIDER}`);
    }
  })
  .transform(({ TEMPORAL_TLS, ...config }) => ({
    ...config,
    TEMPORAL_TLS: TEMPORAL_TLS ?? config.TEMPORAL_API_KEY !== undefined,
  }));

export type Config = z.output<typeof schema>;

/** What variables were called before. Who still sets one of them is told its name: ignored, it would change nothing. */
const formerNames: Readonly<Record<string, keyof Config>> = {
  INGRESS_PATIENCE_MS: 'INGRESS_RETRY_MS',
  OBSERVED_TRIGGERS: 'OBSERVED_EVENT_TYPES',
  RULES_TWO_PERSONS: 'RULES_FOUR_EYES',
  WORKER_CALLS_TOGETHER_MS: 'WORKER_CALL_BATCH_MS',
};

/** The name of every variable that is read. */
export const configVariables: readonly string[] = Object.keys(variables.shape);

/** Thrown by `loadConfig`; the message has one line for each wrong variable: its name and what it expects. Never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';

  /** @param lines `NAME: what it expects` */
  constructor(lines: readonly string[]) {
    super(
      `The configuration is wrong:\n${lines.map((line) => `  ${line}`).join('\n')}\nSee .env.example for every variable.`,
    );
  }
}

/** @throws ConfigError naming every variable that is wrong. An empty variable counts as not set. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const former = Object.entries(formerNames).filter(([name]) => set[name] !== undefined);
  const parsed = schema.safeParse(set);
  if (parsed.success && former.length === 0) return parsed.data;
  const issues = parsed.error?.issues ?? [];
  throw new ConfigError([
    ...former.map(([name, present]) => `${name}: is called ${present} now`),
    ...issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  ]);
}

/** The same configuration, of which a process needs one variable at least. @throws ConfigError when none of them is set */
export function requireOneOf(config: Config, ...names: (keyof Config)[]): Config {
  if (names.some((name) => config[name] !== undefined)) return config;
  throw new ConfigError([`${names.join(' or ')}: one of them has to be set`]);
}
