import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, configVariables, loadConfig, requireOneOf } from './config.ts';

const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'));

function messageFor(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('loadConfig', () => {
  it('needs nothing in the environment', () => {
    expect(loadConfig({})).toMatchObject({
      temporal: { address: '127.0.0.1:7233' },
      api: { port: 8080 },
      kafka: { tls: false },
    });
  });

  it.each([
    ['RULES_TWO_PERSONS', 'RULES_FOUR_EYES'],
    ['OBSERVED_TRIGGERS', 'OBSERVED_EVENT_TYPES'],
    ['INGRESS_PATIENCE_MS', 'INGRESS_RETRY_MS'],
    ['WORKER_CALLS_TOGETHER_MS', 'WORKER_CALL_BATCH_MS'],
  ])('refuses %s and names %s', (former, present) => {
    expect(() => loadConfig({ [former]: '5' })).toThrow(`${former}: is called ${present} now`);
    expect(() => loadConfig({ [former]: '' })).not.toThrow();
  });

  it('takes an empty variable as not set', () => {
    expect(loadConfig({ API_PORT: '', SESSION_SECRET: '' })).toEqual(loadConfig({}));
  });

  it('reads lists, numbers and flags', () => {
    const config = loadConfig({
      KAFKA_BROKERS: 'a:9092, b:9092',
      KAFKA_TLS: 'true',
      INGRESS_CHUNK_SIZE: '10',
      WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8,fd00::/8',
    });
    expect(config.kafka.brokers).toEqual(['a:9092', 'b:9092']);
    expect(config.kafka.tls).toBe(true);
    expect(config.ingress.chunkSize).toBe(10);
    expect(config.webhooks.allowedNetworks).toEqual(['10.0.0.0/8', 'fd00::/8']);
  });

  it.each([
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['TEMPORAL_ADDRESS', 'http://temporal', 'host:port'],
    ['TEMPORAL_TLS', 'yes', 'true or false'],
    ['TEMPORAL_UI_URL', 'ui', 'a URL'],
    ['KAFKA_BROKERS', 'a:9092,b', 'host:port, separated by commas'],
    ['KAFKA_BROKERS', ',', 'at least one host:port'],
    ['KAFKA_TOPIC_PREFIX', 'a b', 'letters, digits, dots, dashes or underscores'],
    ['MONGODB_URI', 'mongodb://host:27017', 'mongodb://host:port/database'],
    ['MONGODB_URI', 'mongodb://host:27017/?w=majority', 'mongodb://host:port/database'],
    ['MONGODB_URI', 'mongodb://host:27017/db?w=1', 'expected w=majority, or none: what fewer members have is lost'],
    ['MONGODB_URI', 'mongodb://host:27017/db?replicaSet=a&W=0', 'expected W=majority, or none'],
    ['MONGODB_URI', 'mongodb://host:27017/db?journal=false', 'expected journal=true, or none'],
    ['MONGODB_URI', 'mongodb://host:27017/db?readPreference=secondaryPreferred', 'expected readPreference=primary'],
    ['MONGODB_URI', 'mongodb://host:27017/db?readConcernLevel=local', 'expected readConcernLevel=majority'],
    ['API_PORT', '70000', 'a port, 0 to 65535'],
    ['API_PORT', 'http', 'a port, 0 to 65535'],
    ['SESSION_SECRET', 'short', 'at least 32 characters'],
    ['WEBHOOK_ALLOWED_NETWORKS', '10.0.0.1', 'networks such as 10.0.0.0/8'],
    ['SMTP_URL', 'http://mail.example', 'smtp://user:password@host:port or smtps://'],
    ['SMTP_TLS', 'yes', 'one of implicit, starttls, opportunistic, off'],
    ['MAIL_FROM', 'nobody', 'an address, or Name <address>'],
    ['MAIL_FROM', 'A <a@b.example>, c@d.example', 'an address, or Name <address>'],
    ['SMS_PROVIDER', 'pigeon', 'one of twilio, http'],
    ['SMS_TWILIO_URL', 'twilio', 'an http or https URL'],
    ['FILES_S3_URL', 's3://bucket', 'an http or https URL'],
    ['FILES_S3_URL', 'https://key:secret@s3.example', 'a URL without credentials, query and fragment'],
    ['FILES_S3_URL', 'https://s3.example/?region=a', 'a URL without credentials, query and fragment'],
    ['FILES_S3_BUCKET', 'a/b', 'the name of a bucket'],
    ['FILES_S3_BUCKET', 'a..b', 'the name of a bucket'],
    ['HOOKS_FILE_FOLDERS', '/data,in', 'absolute paths of folders, separated by commas'],
    ['INGRESS_CHUNK_SIZE', '0', 'a whole number above 0'],
    ['INGRESS_CHUNK_SIZE', '1.5', 'a whole number above 0'],
  ])('says what %s expects when it is wrong', (name, value, expected) => {
    const message = messageFor({ [name]: value });
    const line = message.split('\n').find((candidate) => candidate.trim().startsWith(name)) ?? '';
    expect(line).toContain(`${name}: expected`);
    expect(line).toContain(expected);
  });

  it('never quotes what a variable holds', () => {
    const env = Object.fromEntries(configVariables.map((name) => [name, 'hunter2?']));
    const message = messageFor(env);
    expect(message).toContain('SESSION_SECRET: expected');
    expect(message).not.toContain('hunter2');
  });

  it('sends an API key to Temporal through TLS only', () => {
    expect(messageFor({ TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' })).toContain(
      'TEMPORAL_TLS: expected true, or nothing, with TEMPORAL_API_KEY: the key would travel in clear text',
    );
  });

  it('accepts the forms of a MongoDB address', () => {
    for (const MONGODB_URI of [
      'mongodb://a:1,b:2/db?replicaSet=rs0&w=majority&journal=true&readPreference=primary&readConcernLevel=majority',
      'mongodb://user:pass@a:1,b:2/db?replicaSet=r',
      'mongodb+srv://cluster.example.com/db?retryWrites=true',
    ]) {
      expect(loadConfig({ MONGODB_URI }).store.uri).toBe(MONGODB_URI);
    }
  });

  it('names every variable that is wrong, not only the first', () => {
    const message = messageFor({ API_PORT: 'x', KAFKA_TLS: 'x', MONGODB_URI: 'x' });
    for (const name of ['API_PORT', 'KAFKA_TLS', 'MONGODB_URI']) expect(message).toContain(name);
  });

  it('wants the Kafka login whole', () => {
    const message = messageFor({ KAFKA_USERNAME: 'signalbox' });
    expect(message).toContain('KAFKA_SASL_MECHANISM: expected');
    expect(message).toContain('KAFKA_PASSWORD: expected');
    expect(message).not.toContain('KAFKA_USERNAME: expected');
  });
});

describe('requireOneOf', () => {
  it('names all of them when none is set', () => {
    const names = ['SESSION_SECRET', 'SESSION_JWKS_URL'] as const;
    const message = 'SESSION_SECRET or SESSION_JWKS_URL: one of them has';
    expect(() => requireOneOf({ SESSION_SECRET: '' }, ...names)).toThrow(message);
    const env = { SESSION_JWKS_URL: 'https://id.example/keys' };
    expect(requireOneOf(env, ...names)).toBe(env);
  });
});

describe('variables that belong together', () => {
  it.each([
    [{ SMTP_HOST: 'mail.example' }, ['MAIL_FROM']],
    [{ CONSOLE_OIDC_ISSUER: 'https://id.example' }, ['CONSOLE_OIDC_CLIENT_ID', 'SESSION_AUDIENCE']],
    [{ SMTP_URL: 'smtp://a', SMTP_HOST: 'b', MAIL_FROM: 'a@b.example' }, ['SMTP_HOST']],
    [{ SMTP_USER: 'me' }, ['SMTP_PASSWORD']],
    [{ SMTP_PASSWORD: 'pass' }, ['SMTP_USER']],
    [{ FILES_S3_SECRET_ACCESS_KEY: 'hush' }, ['FILES_S3_URL', 'FILES_S3_BUCKET', 'FILES_S3_ACCESS_KEY_ID']],
    [
      { FILES_S3_URL: 'http://s3:9000', FILES_S3_BUCKET: 'files' },
      ['FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'],
    ],
    [{ SMS_PROVIDER: 'twilio' }, ['SMS_TWILIO_ACCOUNT_SID', 'SMS_TWILIO_AUTH_TOKEN', 'SMS_FROM']],
    [{ SMS_PROVIDER: 'http' }, ['SMS_HTTP_URL']],
  ])('%j lacks %j', (env, names) => {
    const lines = messageFor(env).split('\n').slice(1, -1);
    expect(lines.map((line) => line.trim().split(':')[0])).toEqual(names);
  });
});

describe('.env.example', () => {
  it('lists every variable and no other', () => {
    expect(Object.keys(example).sort()).toEqual([...configVariables].sort());
  });

  it('states the defaults', () => {
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });
});
