/** The running system: servers, example receiver and apps, with one end for all of them. */
import { join } from 'node:path';
import { loadConfig, type Config } from '#libs/config/config.ts';
import { choosePorts } from '../../stack/ports.ts';
import { startStack, type RunningStack } from '../../stack/stack.ts';
import { removeInstance, writeInstance } from '../instance/instance.file.ts';
import { ensureSecret } from '../instance/secret.file.ts';
import { appEnvironment } from './app.environment.ts';
import { appNames, AppEndedError, startApp, untilReady, type AppName, type AppProcess } from './app.process.ts';
import { loadExamples, type LoadedExamples } from './example.loader.ts';
import { startReceiver, type ExampleReceiver } from './example.receiver.ts';
import { messagingOf, type Messaging } from './messaging.ts';
import { unlessAborted } from './interrupt.ts';
import { milliseconds } from './terminal.ts';

export interface InstanceOptions {
  stateDir: string;
  env: NodeJS.ProcessEnv;
  /** `default`: the usual ports, a taken one is replaced. `free`: any free ones. */
  ports: 'default' | 'free';
  examplesFolder: string;
  report: (line: string) => void;
  signal: AbortSignal;
}

export interface RunningInstance {
  stack: RunningStack;
  apps: Record<AppName, AppProcess>;
  receiver: ExampleReceiver;
  messaging: Messaging;
  examples: LoadedExamples;
  config: Config;
  secret: string;
  /** Never resolves; rejects with an AppEndedError when an app ends on its own. */
  failure: Promise<never>;
}

/** What has been started so far; `stop` ends it, whatever stage the start has reached. */
export class Instance {
  readonly #options: InstanceOptions;
  readonly #launches: Promise<AppProcess>[] = [];
  #stack: RunningStack | null = null;
  #receiver: ExampleReceiver | null = null;
  #stopping = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Resolves when every server and app answers. */
  async start(): Promise<RunningInstance> {
    const { stateDir, env, ports: mode, examplesFolder, report, signal } = this.#options;
    // A start that is interrupted here ends the process, and with it the servers (`stack/supervisor.mjs`).
    const stack = await unlessAborted(signal, startStack({ stateDir, ports: mode, env, report }));
    this.#stack = stack;
    const secret = ensureSecret(stateDir, env);
    const secrets = {
      SESSION_SECRET: secret,
      WEBHOOK_TOKEN_SECRET: ensureSecret(stateDir, env, 'WEBHOOK_TOKEN_SECRET'),
    };
    const { ports, moved } = await choosePorts(
      {
        API: Number(env['API_PORT'] || 8080),
        Ingress: Number(env['INGRESS_PORT'] || 8081),
        Worker: Number(env['WORKER_PORT'] || 8082),
        Delivery: Number(env['DELIVERY_PORT'] || 8083),
        'Example receiver': 8090,
        'Example mailbox': 1025,
      },
      mode,
    );
    for (const note of [...stack.notes, ...moved]) report(note);
    const receiver = (this.#receiver = await startReceiver({
      http: ports['Example receiver'],
      smtp: ports['Example mailbox'],
    }));

    const environment: Record<string, string> = {
      ...stack.environment(),
      API_PORT: String(ports.API),
      INGRESS_PORT: String(ports.Ingress),
      WORKER_PORT: String(ports.Worker),
      DELIVERY_PORT: String(ports.Delivery),
      // The example receiver listens on this machine, without TLS: this instance may call it there.
      WEBHOOK_ALLOWED_NETWORKS: withLoopback(env['WEBHOOK_ALLOWED_NETWORKS']),
      SUBSCRIPTION_ALLOW_HTTP: env['SUBSCRIPTION_ALLOW_HTTP'] || 'true',
      // With everything else of the instance, which is removed together.
      FILES_FOLDER: env['FILES_FOLDER'] || join(stateDir, 'files'),
    };
    const messaging = messagingOf(env, receiver);
    if (messaging.note !== null) report(messaging.note);
    const config = loadConfig({ ...env, ...environment, ...messaging.environment, ...secrets });
    const urls = {
      api: local(ports.API),
      ingress: local(ports.Ingress),
      worker: local(ports.Worker),
      delivery: local(ports.Delivery),
    };

    // Before the apps: the ingress then starts with these rules and need not notice them.
    const examples = await unlessAborted(signal, loadExamples(config.store.uri, examplesFolder, receiver.url));
    if (examples.note !== null) report(examples.note);

    let fail: (error: Error) => void = () => {};
    const failure = new Promise<never>((_, reject) => (fail = reject));
    // Every wait races with this; there may be none at the moment.
    failure.catch(() => {});
    const started = await Promise.all(
      appNames.map(async (name) => {
        const since = Date.now();
        const launch = startApp(
          name,
          { stateDir, url: urls[name] },
          appEnvironment(name, {
            NODE_ENV: 'production',
            ...env,
            ...environment,
            ...messaging.environment,
            ...secrets,
          }),
        );
        this.#launches.push(launch);
        const app = await launch;
        void app.process.ended.then((how) => {
          if (!this.#stopping) fail(new AppEndedError(app, how));
        });
        await unlessAborted(signal, Promise.race([untilReady(app, signal), failure]));
        report(`${name}: ready after ${milliseconds(Date.now() - since)}`);
        return [name, app] as const;
      }),
    );
    writeInstance(stateDir, {
      urls: { ...urls, temporalUi: stack.addresses.temporalUi },
      environment: { ...shared(env), ...environment },
    });
    return {
      stack,
      apps: Object.fromEntries(started) as Record<AppName, AppProcess>,
      receiver,
      messaging,
      examples,
      config,
      secret,
      failure,
    };
  }

  /** The apps first, so that what they hold still reaches the servers. */
  async stop(): Promise<void> {
    this.#stopping = true;
    removeInstance(this.#options.stateDir);
    // One that was just being launched when another failed has to end, too.
    const launches = await Promise.allSettled(this.#launches);
    const apps = launches.flatMap((launch) => (launch.status === 'fulfilled' ? [launch.value] : []));
    await Promise.all(apps.map((app) => app.process.stop()));
    await this.#receiver?.close();
    await this.#stack?.stop();
  }
}

/** What the user set for the apps and commands need, too. Credentials stay out of the file. */
const sharedNames = [
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TASK_QUEUE',
  'TEMPORAL_TLS',
  'KAFKA_GROUP_ID',
  'KAFKA_TLS',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_USERNAME',
  'KAFKA_TOPIC_PREFIX',
  'DELIVERY_GROUP_ID',
];

function shared(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(sharedNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function withLoopback(networks: string | undefined): string {
  return [networks, '127.0.0.1/32'].filter(Boolean).join(',');
}
