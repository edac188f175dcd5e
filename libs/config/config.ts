/** The environment, parsed once into a typed object. */
import { z } from 'zod';
import { groups, type Config, type ConfigVariable, type VariableShape } from './variables.ts';

export type { Config, ConfigVariable };

const shape = Object.fromEntries(
  Object.values(groups).flatMap((group) => Object.values(group).map(({ name, schema }) => [name, schema])),
) as VariableShape;

/** Variables of which either all are set or none. */
const together = [
  ['KAFKA_SASL_MECHANISM', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'],
  ['FILES_S3_URL', 'FILES_S3_BUCKET', 'FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'],
] as const satisfies readonly (readonly ConfigVariable[])[];

/** Without an audience, a token that people gave to any other application of the provider would do. */
const neededByOidc = ['CONSOLE_OIDC_CLIENT_ID', 'SESSION_AUDIENCE'] as const satisfies readonly ConfigVariable[];

const schema = z.object(shape).superRefine((config, context) => {
  const fail = (name: ConfigVariable, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (config.TEMPORAL_API_KEY !== undefined && config.TEMPORAL_TLS === false) {
    fail('TEMPORAL_TLS', 'expected true, or nothing, with TEMPORAL_API_KEY: the key would travel in clear text');
  }
  for (const names of together) {
    const missing = names.filter((name) => config[name] === undefined);
    if (missing.length === names.length) continue;
    for (const name of missing) {
      fail(name, `expected together with the other ${names.length - 1} of ${names.join(', ')}`);
    }
  }

  for (const name of config.CONSOLE_OIDC_ISSUER === undefined ? [] : neededByOidc) {
    if (config[name] === undefined) fail(name, 'expected together with CONSOLE_OIDC_ISSUER');
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
  if (config.LIFECYCLE_EVENT_DAYS * 24 < config.SUBSCRIPTION_RETRY_HOURS) {
    fail('LIFECYCLE_EVENT_DAYS', 'expected no less than SUBSCRIPTION_RETRY_HOURS: an event is kept while it is tried');
  }
  if (config.API_REQUEST_MS < config.API_HEADERS_MS) fail('API_REQUEST_MS', 'expected no less than API_HEADERS_MS');

  if (config.WEBHOOK_TOKEN_SECRET !== undefined && config.WEBHOOK_TOKEN_SECRET === config.SESSION_SECRET) {
    fail('WEBHOOK_TOKEN_SECRET', 'expected another one than SESSION_SECRET');
  }

  const neededBy = {
    twilio: ['SMS_TWILIO_ACCOUNT_SID', 'SMS_TWILIO_AUTH_TOKEN', 'SMS_FROM'],
    http: ['SMS_HTTP_URL'],
  } as const;
  for (const name of config.SMS_PROVIDER === undefined ? [] : neededBy[config.SMS_PROVIDER]) {
    if (config[name] === undefined) fail(name, `expected with SMS_PROVIDER=${config.SMS_PROVIDER}`);
  }
});

/** The same values by group and key. */
function grouped(values: z.output<typeof schema>): Config {
  const ofGroup = (group: Record<string, { name: ConfigVariable }>) =>
    Object.fromEntries(Object.entries(group).map(([key, { name }]) => [key, values[name]]));
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, ofGroup(group)])) as Config;
}

/** What variables were called before. Who still sets one of them is told its name: ignored, it would change nothing. */
const formerNames: Readonly<Record<string, ConfigVariable>> = {
  INGRESS_PATIENCE_MS: 'INGRESS_RETRY_MS',
  OBSERVED_TRIGGERS: 'OBSERVED_EVENT_TYPES',
  RULES_TWO_PERSONS: 'RULES_FOUR_EYES',
  WORKER_CALLS_TOGETHER_MS: 'WORKER_CALL_BATCH_MS',
};

/** The name of every variable that is read. */
export const configVariables: readonly string[] = Object.keys(shape);

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
  if (parsed.success && former.length === 0) return grouped(parsed.data);
  const issues = parsed.error?.issues ?? [];
  throw new ConfigError([
    ...former.map(([name, present]) => `${name}: is called ${present} now`),
    ...issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
  ]);
}

/** The same environment, of which a process needs one variable at least. @throws ConfigError when none of them is set */
export function requireOneOf(env: NodeJS.ProcessEnv, ...names: ConfigVariable[]): NodeJS.ProcessEnv {
  if (names.some((name) => env[name])) return env;
  throw new ConfigError([`${names.join(' or ')}: one of them has to be set`]);
}
