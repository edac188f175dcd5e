/** Incoming webhooks on the real API, store, Temporal and worker, with processes and users to try them on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { vi } from 'vitest';
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { DirectoryUser, UserGroup } from '#libs/domain/directory/directory-user.ts';
import { drawToken, type WebhookApplicationDraft } from '#libs/domain/hooks/webhook-application.ts';
import type { ProcessDeclaration } from '#libs/domain/rules/process.ts';
import type { RuleAction, RuleDefinition } from '#libs/domain/rules/rule.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import type { DirectoryData } from '#libs/domain/directory/directory-data.ts';
import { createDirectory } from '#libs/store/directory/directory.ts';
import { createWebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { createRunRecords } from '#libs/store/runs/run-log.repository.ts';
import { startTestApi, type TestApi } from './api.ts';
import { webhookApplication } from './hooks.ts';
import { ruleDefinition } from './rules.ts';
import { RunWorld } from './run-world.ts';

export interface HookAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { error?: { code: string; message: string } & Record<string, unknown> };
}

const user = (id: number, username: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id,
  username,
  enabled: true,
  ...more,
});

/** Each with one right, or none, so that a test can tell which one it was. */
export const users: DirectoryUser[] = [
  user(1, 'root'),
  user(2, 'admin'),
  user(3, 'manager'),
  user(4, 'supervisor'),
  user(5, 'watcher'),
  user(6, 'operator'),
  user(7, 'jane', { role: 'SESSION_DEALER', brands: ['oak'], delegates: ['gateway', 'system-7'] }),
  user(8, 'bob', { role: 'SESSION_MANAGER' }),
  user(9, 'gateway'),
  user(10, 'elsewhere', { role: 'SESSION_DEALER', brands: ['elm'] }),
  user(11, 'gone', { enabled: false, delegates: ['gateway'] }),
  user(12, 'nobody'),
  user(13, 'system-7'),
];

const group = (
  code: string,
  right: UserGroup['right'],
  members: string[],
  more: Partial<UserGroup> = {},
): UserGroup => ({
  code,
  name: code,
  right,
  users: members,
  ...more,
});

export const groups: UserGroup[] = [
  group('administrators', 'administrator', ['root', 'admin']),
  group('payments', 'folder_manager', ['manager'], { folders: ['payments'] }),
  group('supervisors', 'supervisor', ['supervisor'], { may_cancel: true }),
  group('watchers', 'supervisor', ['watcher']),
  group('systems', 'system_operations', ['root', 'operator', 'manager', 'supervisor', 'watcher', 'jane', 'system-7']),
];

export const ask = (params: Record<string, unknown> = {}): RuleAction => ({
  type: 'approval.request',
  params: { title: 'Pay out?', approvers: { roles: ['SESSION_DEALER'] }, on_exception: 'continue', ...params },
});

/** @param declared what differs from a public process of brand oak in the folder `payments` */
export function processRule(
  declared: Partial<ProcessDeclaration> & { name: string },
  more: Partial<RuleDefinition> = {},
): RuleDefinition {
  const process: ProcessDeclaration = {
    version: 1,
    state: 'active',
    public: true,
    folder: 'payments',
    data: [
      { name: 'COMPANY', type: 'TEXT' },
      { name: 'AMOUNT', type: 'NUMERIC' },
      { name: 'DUE', type: 'DATETIME' },
      { name: 'CONTRACT', type: 'FILE' },
    ],
    ...declared,
  };
  return ruleDefinition({
    name: `${declared.name} ${process.version}`,
    brand: 'oak',
    trigger_event: 'request.created',
    conditions: { match: 'all', rules: [] },
    actions: [ask()],
    process,
    ...more,
  });
}

export class HookWorld {
  readonly runs: RunWorld;
  readonly api: TestApi;
  /** Where files of requests lie. */
  readonly files: string;
  readonly #worker: Worker;
  readonly #running: Promise<void>;
  readonly #tokens = new Map<string, Promise<string>>();

  private constructor(runs: RunWorld, api: TestApi, worker: Worker, files: string) {
    this.files = files;
    this.runs = runs;
    this.api = api;
    this.#worker = worker;
    this.#running = worker.run();
  }

  /** @param env of the API. @param rules by name: see `ruleId` */
  static async create(
    rules: Record<string, RuleDefinition>,
    env: Record<string, string> = {},
    directory: Partial<DirectoryData> = { users, user_groups: groups },
  ): Promise<HookWorld> {
    const runs = await RunWorld.create();
    await createDirectory(runs.store).load(directory);
    const written = Object.entries(rules).map(([name, definition]) => ({ id: ruleIdIn(runs, name), definition }));
    await createRuleRepository(runs.store).apply(written, 'test');
    const files = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
    const api = await startTestApi({ ...envOf(runs), FILES_FOLDER: files, ...env });
    return new HookWorld(runs, api, await runs.worker(), files);
  }

  /** Of the rule with this name. Numbers of requests begin anew in each world, and Temporal is that of all tests. */
  ruleId(name: string): string {
    return ruleIdIn(this.runs, name);
  }

  /** Another process of the API on the same store and runs. */
  anotherApi(env: Record<string, string> = {}): Promise<TestApi> {
    return startTestApi({ ...envOf(this.runs), FILES_FOLDER: this.files, ...env });
  }

  async close(): Promise<void> {
    await this.api.close();
    this.#worker.shutdown();
    await this.#running;
    await this.runs.close();
    await rm(this.files, { recursive: true });
  }

  /** @returns the token of an application of its own */
  async application(draft: Partial<WebhookApplicationDraft> = {}): Promise<{ id: string; token: string }> {
    const { token, token_hash } = drawToken();
    const application = webhookApplication({ token_hash, ...draft });
    await createWebhookApplications(this.runs.store).add(application);
    return { id: application.application_id, token };
  }

  /** @returns the token of an application that acts in the name of this user */
  tokenOf(username: string): Promise<string> {
    const known =
      this.#tokens.get(username) ?? this.application({ impersonate_username: username }).then((a) => a.token);
    this.#tokens.set(username, known);
    return known;
  }

  /** Posts an operation in the name of a user. */
  async as(username: string, operation: string, input: object, api = this.api): Promise<HookAnswer> {
    return this.post(await this.tokenOf(username), { operation, args: { input } }, api);
  }

  /** @param body sent as JSON; a text as it is */
  post(token: string, body: unknown, api = this.api): Promise<HookAnswer> {
    return postHook(`${api.url}/hooks/${token}`, body);
  }

  /** @returns the number of a request that waits, with its record */
  async request(processName: string, input: object = {}, username = 'nobody'): Promise<RunRecord & { number: number }> {
    const { status, body } = await this.as(username, 'createRequest', { processName, ...input });
    if (status !== 200) throw new Error(`createRequest: ${status} ${JSON.stringify(body)}`);
    return { ...(await this.run(body['number'] as number)), number: body['number'] as number };
  }

  /** The same, once its first action waits. */
  async waiting(processName: string, input: object = {}, username = 'nobody'): Promise<RunRecord & { number: number }> {
    const run = await this.request(processName, input, username);
    await this.approval(run, ({ state }) => state === 'open');
    return run;
  }

  async run(number: number): Promise<RunRecord> {
    const run = await createRunRecords(this.runs.store).byNumber(number);
    if (run === null) throw new Error(`there is no request ${number}`);
    return run;
  }

  /** The request once it has ended. */
  ended(number: number): Promise<RunRecord> {
    return until(async () => {
      const run = await this.run(number);
      if (run.finished_at === null) throw new Error(`request ${number} is ${run.status}`);
      return run;
    });
  }

  /** The latest question of the run, once it is as wanted. */
  approval({ run_id }: RunRecord, isRight: (approval: Approval) => boolean): Promise<Approval> {
    return until(async () => {
      const { items } = await createApprovals(this.runs.store).list({ runId: run_id });
      const found = items[0];
      if (found === undefined || !isRight(found)) throw new Error(`the question is ${JSON.stringify(found)}`);
      return found;
    });
  }
}

export async function postHook(url: string, body: unknown, headers: Record<string, string> = {}): Promise<HookAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as HookAnswer['body'] };
}

/** What a refusal looks like. */
export const refused = (status: number, code: string, more: object = {}) => ({
  status,
  body: { error: { code, ...more } },
});

export function until<Result>(look: () => Promise<Result>): Promise<Result> {
  return vi.waitFor(look, { timeout: 30_000, interval: 50 });
}

function ruleIdIn({ taskQueue }: RunWorld, name: string): string {
  return `${name}.${taskQueue}`;
}

function envOf(runs: RunWorld): Record<string, string> {
  return { MONGODB_URI: runs.storeUri, TEMPORAL_TASK_QUEUE: runs.taskQueue };
}
