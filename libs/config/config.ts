/** The environment, parsed once into a typed object. `.env.example` documents every variable. */
import { z } from 'zod';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const port = z.coerce.number().int().min(0).max(65535);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const count = z.coerce.number().int().positive();

const schema = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),

  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^/\s]+:\d+$/, 'expected host:port')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TASK_QUEUE: z.string().min(1).default('signalbox'),
  TEMPORAL_TLS: flag.default(false),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_UI_URL: z.url().default('http://127.0.0.1:8233'),

  KAFKA_BROKERS: list
    .pipe(z.array(z.string().regex(/^[^/\s]+:\d+$/, 'expected host:port')).min(1))
    .default(['127.0.0.1:9092']),
  KAFKA_GROUP_ID: z.string().min(1).default('signalbox-ingress'),
  KAFKA_TLS: flag.default(false),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_USERNAME: z.string().min(1).optional(),
  KAFKA_PASSWORD: z.string().min(1).optional(),
  /** Put before every topic name, so that installations can share a cluster. */
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/)
    .default(''),
  /** Partitions of topics that signalbox has to create itself. */
  KAFKA_PARTITIONS: count.default(6),
  KAFKA_REPLICATION: count.default(1),

  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'expected mongodb://host:port/database')
    .default('mongodb://127.0.0.1:27017/signalbox'),

  API_PORT: port.default(8080),
  INGRESS_PORT: port.default(8081),
  WORKER_PORT: port.default(8082),
  BIND_ADDRESS: z.string().min(1).default('127.0.0.1'),

  SESSION_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),

  /** CIDR ranges of private or loopback addresses that webhooks may reach. */
  WEBHOOK_ALLOWED_NETWORKS: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()]))).default([]),

  MAX_MESSAGE_BYTES: count.default(262_144),
  MAX_MESSAGE_DEPTH: count.default(64),
  /** Messages matched, claimed and started together. */
  INGRESS_CHUNK_SIZE: count.default(500),
  /** Workflow starts under way at once. */
  INGRESS_START_CONCURRENCY: count.default(32),
  /** How often rules are looked at for changes, in milliseconds. */
  RULES_POLL_MS: count.default(1000),
  WORKER_MAX_ACTIVITIES: count.default(100),
  WORKER_MAX_HTTP_ACTIVITIES: count.default(100),
  WORKER_MAX_WORKFLOW_TASKS: count.default(40),
  /** How long an ending process waits for what it holds, in milliseconds. */
  SHUTDOWN_GRACE_MS: count.default(20_000),
});

export type Config = z.output<typeof schema>;

/** Thrown by `loadConfig`; the message has one line for each wrong variable: its name and what it expects. Never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** @throws ConfigError naming every variable that is wrong. An empty variable counts as not set. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `  ${issue.path[0] === undefined ? '' : String(issue.path[0])}: ${issue.message}`,
  );
  throw new ConfigError(`The configuration is wrong:\n${lines.join('\n')}\nSee .env.example for every variable.`);
}
