/**
 * Every variable of the environment, once: the group and the name under which the code reads it, what it is called
 * outside, and what it may hold. `.env.example` documents each.
 */
import type { z } from 'zod';
import {
  anyUrl,
  atMostAnHour,
  baseUrl,
  brokers,
  bucket,
  count,
  customerEventFields,
  flag,
  folders,
  hostPort,
  httpUrl,
  networks,
  oneOf,
  port,
  sender,
  sessionSecret,
  smtpUrl,
  storeUri,
  text,
  topicPrefix,
  urlPath,
} from './values.ts';

const env = <const Name extends string, Schema extends z.ZodType>(name: Name, schema: Schema) => ({ name, schema });

export const groups = {
  process: {
    logLevel: env('LOG_LEVEL', oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')),
    bindAddress: env('BIND_ADDRESS', text.default('127.0.0.1')),
    /** How long an ending process waits for what it holds, in milliseconds: longer than a webhook may take. */
    shutdownGraceMs: env('SHUTDOWN_GRACE_MS', count.default(45_000)),
  },
  temporal: {
    address: env('TEMPORAL_ADDRESS', hostPort.default('127.0.0.1:7233')),
    namespace: env('TEMPORAL_NAMESPACE', text.default('default')),
    taskQueue: env('TEMPORAL_TASK_QUEUE', text.default('signalbox')),
    /** Left out: with an API key, which never travels without it. */
    tls: env('TEMPORAL_TLS', flag.optional()),
    apiKey: env('TEMPORAL_API_KEY', text.optional()),
    uiUrl: env('TEMPORAL_UI_URL', anyUrl.default('http://127.0.0.1:8233')),
  },
  kafka: {
    brokers: env('KAFKA_BROKERS', brokers.default(['127.0.0.1:9092'])),
    groupId: env('KAFKA_GROUP_ID', text.default('signalbox-ingress')),
    tls: env('KAFKA_TLS', flag.default(false)),
    saslMechanism: env('KAFKA_SASL_MECHANISM', oneOf(['plain', 'scram-sha-256', 'scram-sha-512']).optional()),
    username: env('KAFKA_USERNAME', text.optional()),
    password: env('KAFKA_PASSWORD', text.optional()),
    /** Put before every topic name, so that installations can share a cluster. */
    topicPrefix: env('KAFKA_TOPIC_PREFIX', topicPrefix.default('')),
    /** Partitions of topics that signalbox has to create itself. */
    partitions: env('KAFKA_PARTITIONS', count.default(6)),
    replication: env('KAFKA_REPLICATION', count.default(1)),
    /** What a compressed batch may take when it is inflated; a larger one goes to the dead letters. */
    maxInflatedBytes: env('KAFKA_MAX_INFLATED_BYTES', count.default(33_554_432)),
  },
  store: {
    uri: env('MONGODB_URI', storeUri.default('mongodb://127.0.0.1:27017/signalbox')),
  },
  session: {
    secret: env('SESSION_SECRET', sessionSecret.optional()),
    /** Public keys of session tokens, beside or instead of SESSION_SECRET. */
    jwksUrl: env('SESSION_JWKS_URL', httpUrl.optional()),
    issuer: env('SESSION_ISSUER', text.optional()),
    audience: env('SESSION_AUDIENCE', text.optional()),
    /** Claims that say who it is, in which role and for which brands: names, or paths with dots. */
    userClaim: env('SESSION_USER_CLAIM', text.default('sub')),
    roleClaim: env('SESSION_ROLE_CLAIM', text.default('role')),
    brandsClaim: env('SESSION_BRANDS_CLAIM', text.default('brands')),
  },
  api: {
    port: env('API_PORT', port.default(8080)),
    /** Where others reach the API, as addresses that it tells begin. Left out: where the request came in. */
    publicUrl: env('API_PUBLIC_URL', httpUrl.optional()),
    /** Requests without a valid session that are answered as such, for each address. */
    authFailuresPerMinute: env('AUTH_FAILURES_PER_MINUTE', count.default(60)),
    /** Requests that may change something, for each user. */
    writesPerMinute: env('WRITES_PER_MINUTE', count.default(6000)),
    /** Of a request's body; what is larger is not read. */
    maxBodyBytes: env('API_MAX_BODY_BYTES', count.default(1_048_576)),
    /** Bytes of all bodies, for each user. */
    bodyBytesPerMinute: env('API_BODY_BYTES_PER_MINUTE', count.default(67_108_864)),
    /** How long the headers of a request may take to come, in milliseconds. */
    headersMs: env('API_HEADERS_MS', count.default(10_000)),
    /** How long a request may take to come, its body included, in milliseconds. */
    requestMs: env('API_REQUEST_MS', count.default(60_000)),
    /** Connections over which no valid session has come yet. */
    connectionsWithoutSession: env('API_CONNECTIONS_WITHOUT_SESSION', count.default(500)),
    /** Threads that explain, validate and compare rules, so that others are answered meanwhile. */
    computeThreads: env('API_COMPUTE_THREADS', count.default(2)),
    /** What one request may have computed there, in milliseconds. */
    computeMs: env('API_COMPUTE_MS', count.default(5_000)),
    /** Requests of one user that are computed or wait for it. */
    computePerUser: env('API_COMPUTE_PER_USER', count.default(100)),
    /** Milliseconds: answers that something is not there come after a multiple of it, whatever there is of others. */
    notFoundMs: env('API_NOT_FOUND_MS', count.default(25)),
    /** Streams of lifecycle events at once: of all users, and of one. */
    streams: env('API_STREAMS', count.default(1000)),
    streamsPerUser: env('API_STREAMS_PER_USER', count.default(20)),
    /** How long a stream goes on before its reader has to ask again, with a session that is valid then, in milliseconds. */
    streamMs: env('API_STREAM_MS', count.default(900_000)),
    /** How long the reader of a stream may take nothing of what is there for it, in milliseconds. */
    streamStallMs: env('API_STREAM_STALL_MS', count.default(30_000)),
  },
  console: {
    /** Where people reach the console: `{url}/console`. With a mail server, approvals are announced by mail with links. */
    url: env('CONSOLE_URL', baseUrl.optional()),
    /** OpenID Connect provider that people sign in with, as its tokens name it. */
    oidcIssuer: env('CONSOLE_OIDC_ISSUER', baseUrl.optional()),
    /** Of a public client, with code and PKCE. */
    oidcClientId: env('CONSOLE_OIDC_CLIENT_ID', text.optional()),
    oidcScope: env('CONSOLE_OIDC_SCOPE', text.default('openid')),
    /** What providers need to issue a JWT for the API: `resource` (RFC 8707), or `audience` (Auth0). */
    oidcResource: env('CONSOLE_OIDC_RESOURCE', text.optional()),
    oidcAudience: env('CONSOLE_OIDC_AUDIENCE', text.optional()),
  },
  commands: {
    /** How long what a person does to a run may take to reach it and come back, and is valid, in milliseconds. */
    timeoutMs: env('COMMAND_TIMEOUT_MS', count.default(10_000)),
  },
  bulk: {
    /** Runs that one bulk operation may take. */
    maxRuns: env('BULK_RUNS_MAX', count.default(10_000)),
    /** Runs whose turn comes in a second, of all bulk operations that a worker executes. */
    runsPerSecond: env('BULK_RUNS_PER_SECOND', count.default(50)),
  },
  rules: {
    /** Whether a rule must be activated by another person than its author. */
    fourEyes: env('RULES_FOUR_EYES', flag.default(false)),
    /** How often rules are looked at for changes, in milliseconds. */
    pollMs: env('RULES_POLL_MS', count.default(1000)),
  },
  events: {
    maxBytes: env('MAX_MESSAGE_BYTES', count.default(262_144)),
    maxDepth: env('MAX_MESSAGE_DEPTH', count.default(64)),
    /** How far the time of an event may lie ahead of its arrival, in milliseconds; a later one becomes the arrival. */
    maxAheadMs: env('EVENT_TIME_AHEAD_MS', count.default(60_000)),
    /** Event types that say how a customer is now: `{ "type": { "customer field": "member of the data" } }`. */
    customerEvents: env('CUSTOMER_EVENTS', customerEventFields.default({})),
  },
  accounts: {
    /** How long a broker event waits for an account or group that the directory does not know, in hours. */
    waitHours: env('ACCOUNT_WAIT_HOURS', count.default(24)),
    /** How long a CRM event without a brand waits at least for the account of its login, in milliseconds. */
    waitCrmMs: env('ACCOUNT_WAIT_CRM_MS', count.default(30_000)),
    /** With more accounts than these, those of a customer name no brand and are not frozen together. */
    maxPerCustomer: env('CUSTOMER_ACCOUNTS_MAX', count.default(1000)),
  },
  explain: {
    /** Whether events are kept that rules were held against and none matched, so that they can be explained. */
    keepsUnmatched: env('EXPLAIN_UNMATCHED', flag.default(true)),
    /** How long they are kept, in days. */
    days: env('EXPLAIN_DAYS', count.default(7)),
  },
  ingress: {
    port: env('INGRESS_PORT', port.default(8081)),
    /** Messages matched, claimed and started together. */
    chunkSize: env('INGRESS_CHUNK_SIZE', count.default(500)),
    /** Workflow starts under way at once. */
    startConcurrency: env('INGRESS_START_CONCURRENCY', count.default(32)),
    /** How long a dependency that is up may fail one event before the event goes to the dead letters, in milliseconds. */
    retryMs: env('INGRESS_RETRY_MS', count.default(120_000)),
    /** How long matching one event may hold up its partition; longer ones are matched apart, in milliseconds. */
    eventMatchMs: env('INGRESS_EVENT_MATCH_MS', count.default(50)),
    /** How long the conditions of one rule may take for one event, in milliseconds. */
    ruleMatchMs: env('INGRESS_RULE_MATCH_MS', count.default(2000)),
    /** How often Kafka is asked how far each partition lies behind, in milliseconds. */
    lagIntervalMs: env('INGRESS_LAG_INTERVAL_MS', count.default(5000)),
    /** A partition without progress for so long, although messages are waiting, makes the ingress not ready, in milliseconds. */
    stallMs: env('INGRESS_STALL_MS', count.default(60_000)),
    /** Between two looks of the ingress at events that wait and at ranges to be processed again, in milliseconds. */
    upkeepMs: env('INGRESS_UPKEEP_MS', count.default(2000)),
    /** How long events are kept that have waited in vain, in days. */
    givenUpEventDays: env('GIVEN_UP_EVENT_DAYS', count.default(30)),
    /** Undeclared event types that the registry remembers, at most. */
    observedEventTypes: env('OBSERVED_EVENT_TYPES', count.default(1000)),
  },
  delivery: {
    port: env('DELIVERY_PORT', port.default(8083)),
    groupId: env('DELIVERY_GROUP_ID', text.default('signalbox-delivery')),
    /** How long lifecycle events are kept for those who read them later, in days. */
    eventDays: env('LIFECYCLE_EVENT_DAYS', count.default(7)),
    /** How long dead letters are kept in the store, where they can be looked at and sent again, in days. */
    deadLetterDays: env('DEAD_LETTER_DAYS', count.default(30)),
  },
  subscriptions: {
    /** Subscriptions there may be. */
    most: env('SUBSCRIPTIONS_MAX', count.default(1000)),
    /** Whether subscriptions may have addresses without TLS. */
    allowsHttp: env('SUBSCRIPTION_ALLOW_HTTP', flag.default(false)),
    /** Requests to one subscription at once, of each process. */
    concurrency: env('SUBSCRIPTION_CONCURRENCY', count.default(10)),
    /** How long the first attempt at an event may take, and each further one, in milliseconds. */
    firstAttemptMs: env('SUBSCRIPTION_FIRST_ATTEMPT_MS', count.default(5_000)),
    attemptMs: env('SUBSCRIPTION_ATTEMPT_MS', count.default(15_000)),
    /** How long an event is tried again, in hours. */
    retryHours: env('SUBSCRIPTION_RETRY_HOURS', count.default(72)),
    /** After so many hours of failures a subscription is disabled. */
    failureHours: env('SUBSCRIPTION_FAILURE_HOURS', count.default(120)),
    /** How often subscriptions are looked at for changes, in milliseconds. */
    pollMs: env('SUBSCRIPTION_POLL_MS', count.default(1000)),
  },
  hooks: {
    /** Under which path incoming webhooks are posted: `{path}/{token}`. */
    path: env('HOOKS_PATH', urlPath.default('/hooks')),
    /** Username in whose name applications act that impersonate no user; left out: such applications may do nothing. */
    defaultUsername: env('HOOKS_DEFAULT_USERNAME', text.optional()),
    /** Of a body. */
    maxBodyBytes: env('HOOKS_MAX_BODY_BYTES', count.default(30_000_000)),
    /** Bytes of all bodies that are read at once; a request beyond it is answered with 503. */
    maxBodyBytesAtOnce: env('HOOKS_MAX_BODY_BYTES_AT_ONCE', count.default(120_000_000)),
    /** Of one file of a request, in bytes. */
    maxFileBytes: env('HOOKS_MAX_FILE_BYTES', count.default(10_485_760)),
    /** Of all values of a request that are no files, as JSON. */
    maxDataBytes: env('HOOKS_MAX_DATA_BYTES', count.default(131_072)),
    /** Absolute paths of folders below which `file://` addresses may lie, separated by commas. */
    fileFolders: env('HOOKS_FILE_FOLDERS', folders.default([])),
  },
  files: {
    /** Where files of requests are kept, unless FILES_S3_URL is set. */
    folder: env('FILES_FOLDER', text.default('.signalbox/files')),
    /** S3-compatible storage: its address, and the bucket, which has to exist. */
    s3Url: env('FILES_S3_URL', baseUrl.optional()),
    s3Bucket: env('FILES_S3_BUCKET', bucket.optional()),
    s3Region: env('FILES_S3_REGION', text.default('us-east-1')),
    s3AccessKeyId: env('FILES_S3_ACCESS_KEY_ID', text.optional()),
    s3SecretAccessKey: env('FILES_S3_SECRET_ACCESS_KEY', text.optional()),
  },
  worker: {
    port: env('WORKER_PORT', port.default(8082)),
    maxActivities: env('WORKER_MAX_ACTIVITIES', count.default(100)),
    maxHttpActivities: env('WORKER_MAX_HTTP_ACTIVITIES', count.default(100)),
    maxMailActivities: env('WORKER_MAX_MAIL_ACTIVITIES', count.default(10)),
    maxWorkflowTasks: env('WORKER_MAX_WORKFLOW_TASKS', count.default(40)),
    /** Webhooks of a run that follow one another are sent together as long as their receivers take no longer, in ms. */
    callBatchMs: env('WORKER_CALL_BATCH_MS', count.default(250)),
    /** How often a mail or SMS is handed over without an answer, and so may have been delivered each time. */
    maxUnansweredMessages: env('MESSAGE_MAX_UNANSWERED', count.default(2)),
  },
  webhooks: {
    /** CIDR ranges of private or loopback addresses that webhooks may reach. */
    allowedNetworks: env('WEBHOOK_ALLOWED_NETWORKS', networks.default([])),
  },
  workflowWebhooks: {
    /** Signs the session tokens of workflow webhooks: the same for all API processes. Left out: no token is given. */
    tokenSecret: env('WEBHOOK_TOKEN_SECRET', sessionSecret.optional()),
    /** Of a reported event; what is larger is not read. An event also has to fit into MAX_MESSAGE_BYTES. */
    maxBodyBytes: env('WEBHOOK_MAX_BODY_BYTES', count.default(245_760)),
    /** How long an API key stays valid beside its successor, in hours. */
    keyOverlapHours: env('WEBHOOK_KEY_OVERLAP_HOURS', count.default(24)),
    /** How long reported events are remembered, so that a repetition is answered without being published again, in days. */
    idempotencyDays: env('WEBHOOK_IDEMPOTENCY_DAYS', count.default(7)),
  },
  detectors: {
    /** How often open tasks are looked at for a due date that has passed, in milliseconds. */
    overdueIntervalMs: env('OVERDUE_INTERVAL_MS', count.default(60_000)),
    /** How often is looked whether the day's inactive customers have been told, in milliseconds. */
    inactivityIntervalMs: env('INACTIVITY_INTERVAL_MS', count.default(600_000)),
    /** Least number of days without activity that is published. */
    inactivityMinDays: env('INACTIVITY_MIN_DAYS', count.default(1)),
  },
  reconcile: {
    /** How far behind Temporal's lists of closed runs may be, in milliseconds. */
    overlapMs: env('RECONCILE_OVERLAP_MS', count.default(3_600_000)),
    /** Age from which Temporal is asked about a run that is open in the run log, in milliseconds. */
    openAfterMs: env('RECONCILE_OPEN_AFTER_MS', count.default(300_000)),
    /** Most open runs that Temporal is asked about in one look, once a minute. */
    openRuns: env('RECONCILE_OPEN_RUNS', count.default(1000)),
  },
  mail: {
    /** Where mails go: a URL with everything in it, or the variables below. */
    url: env('SMTP_URL', smtpUrl.optional()),
    host: env('SMTP_HOST', text.optional()),
    port: env('SMTP_PORT', port.default(587)),
    user: env('SMTP_USER', text.optional()),
    password: env('SMTP_PASSWORD', text.optional()),
    tls: env('SMTP_TLS', oneOf(['implicit', 'starttls', 'opportunistic', 'off']).optional()),
    from: env('MAIL_FROM', sender.optional()),
    /** How long a mail server may think about a mail that it has, in milliseconds (RFC 5321, section 4.5.3.2.6). */
    verdictMs: env('MAIL_VERDICT_MS', atMostAnHour.default(600_000)),
  },
  sms: {
    provider: env('SMS_PROVIDER', oneOf(['twilio', 'http']).optional()),
    from: env('SMS_FROM', text.optional()),
    twilioUrl: env('SMS_TWILIO_URL', httpUrl.default('https://api.twilio.com')),
    twilioAccountSid: env('SMS_TWILIO_ACCOUNT_SID', text.optional()),
    twilioAuthToken: env('SMS_TWILIO_AUTH_TOKEN', text.optional()),
    httpUrl: env('SMS_HTTP_URL', httpUrl.optional()),
    httpToken: env('SMS_HTTP_TOKEN', text.optional()),
  },
};

type Groups = typeof groups;
type Member = { [Group in keyof Groups]: Groups[Group][keyof Groups[Group]] }[keyof Groups];
type SchemasOf<Group> = {
  [Key in keyof Group]: Group[Key] extends { schema: infer Schema extends z.ZodType } ? Schema : never;
};

/** The configuration: what the variables hold, in groups. */
export type Config = { [Group in keyof Groups]: z.output<z.ZodObject<SchemasOf<Groups[Group]>>> };

/** The name of a variable. */
export type ConfigVariable = Member['name'];

/** What each variable may hold, by its name. */
export type VariableShape = { [Variable in Member as Variable['name']]: Variable['schema'] };
