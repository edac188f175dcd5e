/**
 * Starts a process as a request of an incoming webhook. The run's record is inserted with what starts it, then its
 * workflow is started under the same id: once the record stands, the request exists and will run, whatever becomes of
 * this process (see `reconcile.activity.ts`).
 */
import { randomUUID } from 'node:crypto';
import type { RunData } from '#libs/domain/context/run-data.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { messageOf, PermanentError, SignalboxError } from '#libs/domain/errors/errors.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { Process } from '#libs/domain/hooks/processes.ts';
import { compileRule, type CompiledRule } from '#libs/domain/matching/compiled-rule.ts';
import { accept, reject } from '#libs/domain/matching/condition-program.ts';
import { requestTrigger } from '#libs/domain/rules/process.ts';
import { buildRunId } from '#libs/domain/runs/execution-id.ts';
import type { RunNumbers } from '#libs/domain/runs/run-numbers.ts';
import { defaultTenant, type RunInput, type RunPatch, type RunRecord } from '#libs/domain/runs/run.ts';
import { Pace } from '#libs/matching/pace.ts';
import { findRequestSubject } from '#libs/matching/request-subject.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import { refusedEnd, type RunStarter } from './run-starter.ts';

export interface RequestDraft {
  process: Process;
  /** Of the types that the process declares. */
  data: RunData;
  /** The user in whose name the request is created. */
  user: { username: string; brands?: string[] | undefined };
  /** Who asked for it on behalf of the user; the user, if no one did. */
  viewer: string;
}

/** `isStarted` is false when Temporal could not be reached: the request is started once it is back. */
export interface CreatedRequest {
  number: number;
  runId: string;
  isStarted: boolean;
}

export interface RequestPorts {
  directory: DirectoryReader;
  numbers: RunNumbers;
  /** Inserts the record with what starts the run. */
  requests: Pick<RetryStore, 'claim'>;
  starter: RunStarter;
  /** Ends the record of a run that Temporal will never take. */
  failRun: (executionId: string, patch: RunPatch) => Promise<void>;
  log: { warn(fields: object, message: string): void };
}

/** Beside those of Kafka, so that no event has the key of a request. */
const origin = 'incoming-webhooks';

/**
 * @returns a function that creates a request, and throws PermanentError `invalid_parameter` for data that names no
 *   account or customer of the process's brand, `security_error` for a brand that the user does not work for, `conflict`
 *   when the conditions are not fulfilled, `rule_not_usable`, `start_refused`; RetryableError `store_unavailable`
 */
export function createRequestStarter({ directory, numbers, requests, starter, failRun, log }: RequestPorts) {
  return async (draft: RequestDraft): Promise<CreatedRequest> => {
    const compiled = compileRule(draft.process.rule);
    const at = new Date().toISOString();
    const { context, ...who } = await buildRequestContext(draft, directory, at);
    await refuseUnfulfilled(compiled, context);
    const [number] = await numbers.take(1);
    const input = buildRequestInput(draft, compiled, { ...who, context, at, number: number! });
    await requests.claim(buildRequestRecord(draft, input, at), input);
    const request = { number: number!, runId: input.executionId };
    try {
      await starter.start(input);
      return { ...request, isStarted: true };
    } catch (error) {
      if (error instanceof SignalboxError && !error.retryable) {
        await failRun(input.executionId, refusedEnd(error));
        throw error;
      }
      const message = `the request is recorded and will be started once Temporal is back: ${messageOf(error)}`;
      log.warn({ runId: input.executionId, ruleId: input.rule.id, err: error }, message);
      return { ...request, isStarted: false };
    }
  };
}

interface Subject {
  context: RuntimeContext;
  login: number | null;
  customerId: string | null;
}

async function buildRequestContext(draft: RequestDraft, directory: DirectoryReader, at: string): Promise<Subject> {
  const { process, data, user, viewer } = draft;
  const { name, version, state } = process.rule.process;
  const event = {
    process: name,
    version,
    is_test: state === 'test',
    data,
    // Each person with a hand in it counts as having set the run off.
    ...(viewer !== user.username && { actor_id: viewer }),
  };
  const found = await findRequestSubject(process.rule, data, directory, at);
  const { brand } = found;
  if (user.brands !== undefined && (brand === null || !user.brands.includes(brand))) {
    const which = brand === null ? 'requests of no brand' : `the brand ${brand}`;
    throw new PermanentError('security_error', `User '${user.username}' does not work for ${which}`);
  }
  const context = { ...found.buildContext(event), data };
  return { context, login: found.login, customerId: found.customerId };
}

async function refuseUnfulfilled({ rule, program }: CompiledRule, context: RuntimeContext): Promise<void> {
  const pace = new Pace();
  let place = program.run(context, program.entry, pace.isOver);
  while (place !== accept && place !== reject) {
    await pace.rest();
    place = program.run(context, place, pace.isOver);
  }
  if (place === accept) return;
  const { name = rule.name, version = 1 } = rule.process ?? {};
  const message = `The data does not fulfil the conditions of process "${name}", version ${version}`;
  throw new PermanentError('conflict', `${message}: no request was created`);
}

function buildRequestInput(
  { process: { rule }, user }: RequestDraft,
  { renderActions }: CompiledRule,
  { context, login, customerId, at, number }: Subject & { at: string; number: number },
): RunInput {
  const { id, name, version, priority, actions, process } = rule;
  // Not the number alone: Temporal may still know runs of a store that was emptied, or serve another installation.
  const eventId = `request-${number}-${randomUUID()}`;
  const key = eventKey({ id: eventId, topic: origin, brand: context.brand });
  return {
    executionId: buildRunId(id, key),
    rule: { id, name, version, priority, actions: renderActions?.(context) ?? actions },
    tenant: context.brand ?? defaultTenant,
    event: { id: eventId, trigger: requestTrigger, topic: origin, occurredAt: at, causation: [] },
    login,
    customerId,
    context: { ...context, event: { ...context.event, request_number: number } },
    triggeredBy: user.username,
    number,
    request: {
      process: process.name,
      version: process.version,
      isTest: process.state === 'test',
      folder: process.folder ?? null,
      ...(renderActions !== null && { templates: actions }),
    },
  };
}

function buildRequestRecord({ process: { rule }, user }: RequestDraft, input: RunInput, at: string): RunRecord {
  const { process } = rule;
  return {
    run_id: input.executionId,
    rule_id: rule.id,
    rule_name: rule.name,
    rule_version: rule.version,
    brand: input.context.brand,
    trigger_event: requestTrigger,
    event_id: input.event.id,
    login: input.login,
    customer_id: input.customerId,
    number: input.number!,
    request: {
      process: process.name,
      version: process.version,
      is_test: process.state === 'test',
      folder: process.folder ?? null,
      by: user.username,
    },
    status: 'claimed',
    reason: null,
    stopped_by: null,
    claimed_at: at,
    started_at: null,
    finished_at: null,
    duration_ms: null,
    error: null,
    actions: [],
  };
}
