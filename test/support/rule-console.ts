/** The console in a browser beside an ingress, a worker and recorded events: where rules are tried, checked and explained. */
import type { Browser, Page } from 'playwright-core';
import { sessionToken, startTestApi, type TestApi } from './api.ts';
import { openBrowser } from './browser.ts';
import type { Visitor } from './console.ts';
import { IngressWorld, type Environment } from './ingress.ts';
import { startTestWorker } from './worker.ts';

export class RuleConsole {
  readonly world: IngressWorld;
  readonly api: TestApi;
  readonly #browser: Browser;
  readonly #stopWorker: () => Promise<void>;

  private constructor(world: IngressWorld, api: TestApi, browser: Browser, stopWorker: () => Promise<void>) {
    this.world = world;
    this.api = api;
    this.#browser = browser;
    this.#stopWorker = stopWorker;
  }

  static async create(): Promise<RuleConsole> {
    const world = await IngressWorld.create();
    const stopWorker = await startTestWorker(world);
    return new RuleConsole(world, await startApiOf(world), await openBrowser(), stopWorker);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.api.close();
    await this.#stopWorker();
    await this.world.close();
  }

  /** An API of other settings on the same store. */
  startApi(more: Environment): Promise<TestApi> {
    return startApiOf(this.world, more);
  }

  /** As the link that `npm start` prints opens it, in a browser of its own. @param api whose console it is */
  async open(visitor: Visitor = {}, api: Pick<TestApi, 'url'> = this.api): Promise<Page> {
    const { role = 'SESSION_ADMIN', path = '', browser = {}, ...options } = visitor;
    const context = await this.#browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...browser });
    const page = await context.newPage();
    await page.goto(`${api.url}/console${path}#token=${await sessionToken(role, options)}`);
    return page;
  }
}

function startApiOf({ config }: IngressWorld, more: Environment = {}): Promise<TestApi> {
  const { taskQueue } = config.temporal;
  return startTestApi({ MONGODB_URI: config.store.uri, TEMPORAL_TASK_QUEUE: taskQueue, ...more });
}
