/** The API process: its dependencies, its modules, its port. */
import type { INestApplication } from '@nestjs/common';
import { toDecodeLimits } from '#libs/contracts/message.ts';
import { Client } from '@temporalio/client';
import type { Config } from '#libs/config/config.ts';
import { createAudited } from '#libs/domain/access/audit-log.ts';
import { createApiKeys } from '#libs/store/access/api-key.repository.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { createHeldRunStore } from '#libs/store/runs/held-run.repository.ts';
import { createObservedEventTypes } from '#libs/store/events/observed-event-type.repository.ts';
import { createPersonNames } from '#libs/store/access/person-names.reader.ts';
import { createRetryStore } from '#libs/store/runs/retry.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRuleVersions, type RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { createRunRecorder } from '#libs/store/runs/run-recorder.ts';
import { FourEyes } from '#libs/store/rules/four-eyes.policy.ts';
import { StoreAccess } from '#libs/store/mongo/store-access.ts';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import { OperationsModule } from '#libs/bootstrap/health.module.ts';
import type { AppContext } from '#libs/bootstrap/run-app.ts';
import { createHeldRuns } from '#temporal/client/held-runs.ts';
import { createRunControl, type RunControlPorts } from '#temporal/client/run-control.ts';
import { createRunStarter } from '#temporal/client/run-starter.ts';
import { openTemporal, temporalCheck } from '#temporal/client/connection.ts';
import { ApiKeyService, apiKeyService } from './api-keys/api-keys.service.ts';
import { ApprovalService, approvalService } from './approvals/approvals.service.ts';
import { auditLog, type AuditReader } from './audit/audit.controller.ts';
import { Backtests, backtests } from './backtests/backtests.service.ts';
import { ComputePool } from './compute/compute.pool.ts';
import { controllers, openControllers } from './controllers.ts';
import { Explanations, explanations } from './explain/explanations.service.ts';
import { WhatIf, whatIf } from './explain/what-if.service.ts';
import { heldRuns } from './held-runs/held-runs.controller.ts';
import { ApiAdapter } from './http/api.adapter.ts';
import { ErrorsFilter } from './http/errors.filter.ts';
import { StrangerConnections } from './http/stranger.connections.ts';
import { openApiDocument as describeApi } from './openapi/document.ts';
import { openApiDocument } from './openapi/reference.controller.ts';
import { ActiveRulesCache } from './registry/active-rules.ts';
import { ruleEnvironmentReader, type RuleEnvironment } from './registry/rule-environment.ts';
import type { NamedRecords } from './registry/named-records.ts';
import { Impact, impact } from './rules/impact.service.ts';
import { ruleCheck, RuleCheck } from './rules/rule.check.ts';
import { ruleVersions } from './rules/rule-history.ts';
import { ruleReader, type RuleReader } from './rules/rule.reader.ts';
import { RuleWriter, ruleWriter } from './rules/rules.service.ts';
import { LiveRuns, liveRuns } from './runs/run-progress.service.ts';
import { runControl } from './runs/run-control.controller.ts';
import { runReader, type RunReader } from './runs/run.reader.ts';
import { RateLimit } from './auth/rate-limiter.ts';
import { SessionGate, sessionGate, type RequestLimits } from './auth/session.gate.ts';
import { sessionVerifier, type FindApiKey, type SessionSettings } from './auth/authenticate.ts';

export type ApiConfig = Pick<
  Config,
  | 'MONGODB_URI'
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_NAMESPACE'
  | 'TEMPORAL_TASK_QUEUE'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_API_KEY'
  | 'API_PORT'
  | 'BIND_ADDRESS'
  | 'LOG_LEVEL'
  | 'SHUTDOWN_GRACE_MS'
  | 'RULES_FOUR_EYES'
  | 'API_MAX_BODY_BYTES'
  | 'API_NOT_FOUND_MS'
  | 'MAX_MESSAGE_BYTES'
  | 'TEMPORAL_UI_URL'
  | 'SESSION_SECRET'
  | 'SESSION_JWKS_URL'
  | 'SESSION_ISSUER'
  | 'SESSION_AUDIENCE'
  | 'AUTH_FAILURES_PER_MINUTE'
  | 'WRITES_PER_MINUTE'
  | 'MAX_MESSAGE_DEPTH'
  | 'EVENT_TIME_AHEAD_MS'
  | 'CUSTOMER_EVENTS'
  | 'CUSTOMER_ACCOUNTS_MAX'
  | 'API_BODY_BYTES_PER_MINUTE'
  | 'API_HEADERS_MS'
  | 'API_REQUEST_MS'
  | 'COMMAND_TIMEOUT_MS'
  | 'API_CONNECTIONS_WITHOUT_SESSION'
  | 'API_COMPUTE_THREADS'
  | 'API_COMPUTE_MS'
  | 'API_COMPUTE_PER_USER'
>;

/**
 * Resolves when it listens, also while the store or Temporal is away: what needs them gets 503 and readiness says why.
 * `close` ends what is under way and gives the connections back.
 */
export async function startApi({ config, log, registry, stopping }: AppContext<ApiConfig>): Promise<INestApplication> {
  const store = new StoreAccess(config.MONGODB_URI, log);
  const temporal = openTemporal(config);
  const rules = store.repository(createRuleRepository);
  const runs = store.repository(createRunRecords);
  const runRecorder = store.repository(createRunRecorder);
  const ruleReads: RuleReader = { get: (id) => rules.get(id), list: (filter, page) => rules.list(filter, page) };
  const directory = store.repository((connection) => createDirectory(connection, config.CUSTOMER_ACCOUNTS_MAX));
  const active = new ActiveRulesCache({
    snapshot: () => rules.snapshot(),
    changesSince: (revision) => rules.changesSince(revision),
  });
  const triggers = store.repository(createObservedEventTypes);
  const ruleSet: RuleEnvironment = {
    statuses: () => directory.listAll('statuses'),
    records: () => namedRecords(directory),
    observedTriggers: () => triggers.list(),
    isObserved: (trigger) => triggers.has(trigger),
    activeRules: () => active.get(),
  };
  const allVersions = store.repository(createRuleVersions);
  const versions: RuleVersions = {
    get: (id, version) => allVersions.get(id, version),
    getAll: (wanted) => allVersions.getAll(wanted),
    list: (id, page) => allVersions.list(id, page),
    rulesAt: (trigger, change) => allVersions.rulesAt(trigger, change),
  };
  const keys = store.repository(createApiKeys);
  const findApiKey: FindApiKey = (id) => keys.get(id);
  const audit = store.repository(createAuditLog);
  const auditReads: AuditReader = { list: (filter, page) => audit.list(filter, page) };
  const onRecord = createAudited(audit, (error) =>
    log.error({ err: error }, 'the outcome of a write could not be noted'),
  );
  const secondPerson = new FourEyes({ versions, findApiKey, isNeeded: config.RULES_FOUR_EYES });
  const compute = new ComputePool({
    threads: config.API_COMPUTE_THREADS,
    budgetMs: config.API_COMPUTE_MS,
    perUser: config.API_COMPUTE_PER_USER,
  });
  const check = new RuleCheck(ruleSet, compute);
  const writer = new RuleWriter({ rules, versions, check, secondPerson });
  const runReads: RunReader = {
    get: (id) => runs.get(id),
    list: (filter, page) => runs.list(filter, page),
    listHeld: (filter, page) => runs.listHeld(filter, page),
  };
  const limits = toDecodeLimits(config);
  const asked = new WhatIf({ rules: ruleReads, directory, ruleSet, limits, compute });
  const explained = new Explanations({
    events: store.repository(createEvaluatedEvents),
    versions,
    runs: runReads,
    compute,
  });
  const temporalClient = new Client({ connection: temporal, namespace: config.TEMPORAL_NAMESPACE });
  const client = temporalClient.workflow;
  const tested = new Backtests({
    client: temporalClient,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    writer,
    rules: ruleReads,
    onRecord,
  });
  const approvals = store.repository(createApprovals);
  const shared: Pick<RunControlPorts, 'records' | 'starter' | 'failRun' | 'onRecord'> = {
    records: runReads,
    starter: createRunStarter(client, config.TEMPORAL_TASK_QUEUE),
    failRun: (executionId, patch) => runRecorder.write(executionId, patch),
    onRecord,
  };
  const held = createHeldRuns({ store: store.repository(createHeldRunStore), ...shared, records: runReads });
  const names = store.repository(createPersonNames);
  const namesOf: RunControlPorts['namesOf'] = (userId, keys) => names.namesOf(userId, keys);
  const retries = store.repository(createRetryStore);
  const control = createRunControl({
    client,
    approvals,
    retries,
    namesOf,
    commandTimeoutMs: config.COMMAND_TIMEOUT_MS,
    ...shared,
  });
  const desk = new ApprovalService({ approvals, runs: runReads, control, namesOf });
  const strangers = new StrangerConnections(config.API_CONNECTIONS_WITHOUT_SESSION);
  const gate = new SessionGate(sessionVerifier(sessionSettings(config), findApiKey), readLimits(config), strangers);
  const times = { headersMs: config.API_HEADERS_MS, requestMs: config.API_REQUEST_MS };

  const app = await createNestApp(
    {
      imports: [
        OperationsModule.register({
          checks: [store, temporalCheck(temporal, config.TEMPORAL_NAMESPACE)],
          registry,
          log,
          stopping,
        }),
      ],
      controllers: [...controllers, ...openControllers],
      providers: [
        { provide: ruleEnvironmentReader, useValue: ruleSet },
        { provide: ruleReader, useValue: ruleReads },
        { provide: whatIf, useValue: asked },
        { provide: backtests, useValue: tested },
        {
          provide: impact,
          useValue: new Impact({ rules: ruleReads, runs: runReads, writer, check, backtests: tested }),
        },
        { provide: explanations, useValue: explained },
        { provide: openApiDocument, useValue: describeApi(controllers) },
        { provide: ruleWriter, useValue: writer },
        { provide: ruleCheck, useValue: check },
        { provide: ruleVersions, useValue: versions },
        { provide: liveRuns, useValue: new LiveRuns(client, config.TEMPORAL_UI_URL, config.TEMPORAL_NAMESPACE) },
        { provide: runReader, useValue: runReads },
        { provide: heldRuns, useValue: held },
        { provide: runControl, useValue: control },
        { provide: approvalService, useValue: desk },
        { provide: apiKeyService, useValue: new ApiKeyService({ keys, onRecord }) },
        { provide: auditLog, useValue: auditReads },
        { provide: sessionGate, useValue: gate },
        { provide: 'connections', useValue: { onApplicationShutdown: () => closeAll(store, temporal, compute) } },
      ],
    },
    log,
    { bodyParser: false },
    new ApiAdapter(times, strangers),
  );
  app.use(gate.middleware);
  // A body is JSON, whatever it says it is: a form is then an issue instead of nothing at all.
  app.useBodyParser('json', { limit: config.API_MAX_BODY_BYTES, type: gate.mayBeRead });
  app.useGlobalFilters(new ErrorsFilter(log, config.API_NOT_FOUND_MS));
  await app.listen(config.API_PORT, config.BIND_ADDRESS);
  // The processes that write make the indexes too: where the store is away now, they will.
  store.prepare().catch((error: unknown) => log.warn({ err: error }, 'indexes could not be made'));
  return app;
}

async function namedRecords(directory: Pick<Directory, 'listAll'>): Promise<NamedRecords> {
  const [groups, managers, teams, desks, statuses, templates, endpoints] = await Promise.all([
    directory.listAll('groups'),
    directory.listAll('managers'),
    directory.listAll('teams'),
    directory.listAll('desks'),
    directory.listAll('statuses'),
    directory.listAll('templates'),
    directory.listAll('endpoints'),
  ]);
  return { groups, managers, teams, desks, statuses, templates, endpoints };
}

function readLimits(config: ApiConfig): RequestLimits {
  return {
    failures: new RateLimit(config.AUTH_FAILURES_PER_MINUTE),
    writes: new RateLimit(config.WRITES_PER_MINUTE),
    bytes: new RateLimit(config.API_BODY_BYTES_PER_MINUTE),
    maxBytes: config.API_MAX_BODY_BYTES,
  };
}

function sessionSettings(config: ApiConfig): SessionSettings {
  const { SESSION_SECRET: secret, SESSION_JWKS_URL: jwksUrl } = config;
  return { secret, jwksUrl, issuer: config.SESSION_ISSUER, audience: config.SESSION_AUDIENCE };
}

async function closeAll(...connections: { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(connections.map((connection) => connection.close()));
}
