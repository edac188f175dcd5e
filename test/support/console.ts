/** The console in a browser, on a real API, store, Temporal and worker. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { createNestApp } from '#libs/bootstrap/nest-app.ts';
import { DeliveryModule } from '../../apps/delivery/delivery.module.ts';
import { loadConfig } from '#libs/config/config.ts';
import { createApprovals } from '#libs/store/approvals/approval.repository.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { TestRunner, vi } from 'vitest';

import { sessionToken, startTestApi, type TestApi, type TokenOptions } from './api.ts';
import { openBrowser } from './browser.ts';
import { RunWorld, topicSettings } from './run-world.ts';

export interface Visitor extends TokenOptions {
  role?: string;
  /** Below `/console`. */
  path?: string;
  browser?: BrowserContextOptions;
}

export class ConsoleWorld {
  readonly runs: RunWorld;
  readonly api: TestApi;
  readonly #browser: Browser;
  readonly #stopWorker: () => Promise<void>;
  readonly #delivery: { close(): Promise<void> };

  private constructor(
    runs: RunWorld,
    api: TestApi,
    browser: Browser,
    stopWorker: () => Promise<void>,
    delivery: { close(): Promise<void> },
  ) {
    this.#delivery = delivery;
    this.runs = runs;
    this.api = api;
    this.#browser = browser;
    this.#stopWorker = stopWorker;
  }

  /** @param env of the processes, beyond what every world has */
  static async create(env: Record<string, string> = {}): Promise<ConsoleWorld> {
    const runs = await RunWorld.create();
    const worker = await runs.worker();
    const running = worker.run();
    const stop = async (): Promise<void> => {
      worker.shutdown();
      await running;
    };
    const api = await startTestApi({ MONGODB_URI: runs.storeUri, TEMPORAL_TASK_QUEUE: runs.taskQueue, ...env });
    const delivery = await keepEvents(runs, env);
    return new ConsoleWorld(runs, api, await openBrowser(), stop, delivery);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.api.close();
    await this.#delivery.close();
    await this.#stopWorker();
    await this.runs.close();
  }

  /** As the link that `npm start` prints opens it, in a browser of its own. */
  async open({ role = 'SESSION_ADMIN', path = '', browser = {}, ...options }: Visitor = {}): Promise<Page> {
    const page = await this.openWithout({ browser });
    await page.goto(`${this.api.url}/console${path}#token=${await sessionToken(role, options)}`);
    return page;
  }

  /** An empty page without a session. One that a test opens is closed when the test ends. */
  async openWithout({ browser = {} }: Pick<Visitor, 'browser'> = {}): Promise<Page> {
    const context = await this.#browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...browser });
    // Open, it would ask the API and draw what is answered until the file ends.
    TestRunner.getCurrentTest()?.context.onTestFinished(() => context.close());
    return context.newPage();
  }

  /** A run that waits for an approval. @returns it, and the token of the approval */
  async ask(
    params: Record<string, unknown> = {},
    after: RuleAction[] = [],
    record: Partial<RunRecord> = {},
  ): Promise<{ input: RunInput; token: string }> {
    const given = { title: 'Pay out?', approvers: { roles: ['SESSION_ADMIN'] }, ...params };
    const expires_in = { value: 1, unit: 'days' };
    const action: RuleAction = { type: 'approval.request', params: { expires_in, ...given } };
    const input = await this.runs.claim([action, ...after], record);
    await this.runs.start(input);
    const approvals = createApprovals(this.runs.store);
    const token = await vi.waitFor(
      async () => {
        const { items } = await approvals.list({ runId: input.executionId }, { limit: 1 });
        if (items[0] === undefined) throw new Error(`${input.executionId} asks nobody yet`);
        return items[0].token;
      },
      { timeout: 60_000, interval: 100 },
    );
    return { input, token };
  }
}

/** @throws Error when it is not on the page within half a minute */
export async function expectShown(locator: Locator): Promise<void> {
  await locator.first().waitFor();
}

/** The delivery process, by which lifecycle events reach the API; without its settings of Temporal's native part. */
function keepEvents(runs: RunWorld, env: Record<string, string>): Promise<{ close(): Promise<void> }> {
  const config = loadConfig({
    ...process.env,
    MONGODB_URI: runs.storeUri,
    TEMPORAL_TASK_QUEUE: runs.taskQueue,
    KAFKA_TOPIC_PREFIX: topicSettings.topicPrefix,
    KAFKA_PARTITIONS: String(topicSettings.partitions),
    DELIVERY_GROUP_ID: runs.taskQueue,
    ...env,
  });
  const log = createLogger('delivery', 'silent');
  const context = { config, log, registry: createMetrics('delivery'), stopping: new AbortController().signal };
  const module = DeliveryModule.register(context, () => Promise.resolve(''));
  return createNestApp({ imports: [module] }, log).then((app) => app.init());
}
