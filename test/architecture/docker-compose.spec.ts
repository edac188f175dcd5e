/** `docker-compose.yml` and `Dockerfile` held against what they have to agree with, since few read them and fewer run them. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configVariables, loadConfig } from '#libs/config/config.ts';
import { searchAttributes } from '#temporal/contract/names.ts';
import { nodeOptions } from '../../scripts/start/app.process.ts';
import { temporalServer } from '../../stack/servers/temporal.server.ts';
import { versions } from '../../stack/versions.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  read_only?: boolean;
  tmpfs?: string[];
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const { services } = compose;

function service(name: string): Service {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

const apps = ['api', 'ingress', 'worker', 'delivery'] as const;
type App = (typeof apps)[number];

/** What Compose would put in place of `${NAME:-default}` and `${NAME:?message}`. */
function environmentOf(app: App): Record<string, string> {
  const given: Record<string, string> = { SESSION_SECRET: 'x'.repeat(32) };
  const entries = Object.entries(service(app).environment ?? {}).map(([name, value]) => [
    name,
    value.replace(
      /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g,
      (_, variable: string, fallback = '') => given[variable] ?? fallback,
    ),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('images', () => {
  it('have the versions of the embedded servers', () => {
    expect(service('temporal').image).toBe(`temporalio/auto-setup:${versions.temporalServer}`);
    expect(service('temporal-setup').image).toBe(service('temporal').image);
    expect(service('kafka').image).toBe(`apache/kafka:${versions.kafka}`);
    expect(service('mongodb').image).toBe(`mongo:${versions.mongodb}`);
    const ui = /ui-server\/v2 v(\S+)/.exec(read('stack/go.mod'))?.[1];
    expect(service('temporal-ui').image).toBe(`temporalio/ui:${ui}`);
  });

  it('name an exact version each, so that tomorrow brings the same ones', () => {
    const foreign = Object.values(services).filter(({ build }) => build === undefined);
    const images = foreign.map(({ image }) => image);
    images.push(...read('Dockerfile').match(/(?<=^FROM )\S+/gm)!);
    // PostgreSQL's versions have two numbers.
    for (const image of images) expect(image).toMatch(/:v?\d+\.\d+\.\d+(-slim)?$|^postgres:\d+\.\d+$/);
  });
});

describe('containers', () => {
  it.each(Object.keys(services))('%s gains no rights and has no more than it needs', (name) => {
    const { cap_drop, cap_add = [], security_opt } = service(name);
    expect(cap_drop).toEqual(['ALL']);
    expect(security_opt).toEqual(['no-new-privileges:true']);
    const isStore = name === 'mongodb' || name === 'temporal-database';
    expect(cap_add).toEqual(isStore ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] : []);
  });

  it.each(apps)('%s writes nowhere but to /tmp', (app) => {
    expect(service(app)).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
  });
});

describe('processes', () => {
  it.each(apps)('%s is given variables that exist, with values that are right', (app) => {
    const environment = environmentOf(app);
    expect(configVariables).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(() => loadConfig(environment)).not.toThrow();
  });

  it.each(apps)('%s finds the servers under the names of their services', (app) => {
    const config = loadConfig(environmentOf(app));
    const hosts = [config.temporal.address, ...config.kafka.brokers, new URL(config.store.uri).host];
    for (const host of hosts) expect(Object.keys(services)).toContain(host.split(':')[0]);
    expect(service('kafka').environment?.['KAFKA_ADVERTISED_LISTENERS']).toContain(`//${config.kafka.brokers[0]}`);
  });

  it.each(apps)('%s runs a program that is built, listens for others and is asked whether it is ready', (app) => {
    const { command, build, healthcheck } = service(app);
    expect(build).toBe('.');
    expect(command).toEqual(['node', ...nodeOptions(app), `dist/apps/${app}/main.js`]);
    expect(existsSync(join(root, `apps/${app}/main.ts`))).toBe(true);
    const config = loadConfig(environmentOf(app));
    expect(config.process.bindAddress).toBe('0.0.0.0');
    expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${config[app].port}/health/ready`);
  });

  it.each(apps)('%s starts when its servers are there', (app) => {
    expect(service(app).depends_on).toEqual({
      'temporal-setup': { condition: 'service_completed_successfully' },
      kafka: { condition: 'service_healthy' },
      mongodb: { condition: 'service_healthy' },
    });
  });

  it('never share a secret that stands in the file, and give it to the API alone', () => {
    for (const name of ['SESSION_SECRET', 'WEBHOOK_TOKEN_SECRET']) {
      expect(service('api').environment?.[name]).toBe(`\${${name}:-}`);
      for (const app of ['ingress', 'worker', 'delivery']) expect(service(app).environment).not.toHaveProperty(name);
    }
  });

  it('check sessions by public keys where their settings are given', () => {
    for (const name of ['SESSION_JWKS_URL', 'SESSION_ISSUER', 'SESSION_AUDIENCE'])
      expect(service('api').environment?.[name]).toBe(`\${${name}:-}`);
  });
});

describe('ports', () => {
  it('are the defaults of the configuration, on this machine only', () => {
    const defaults = loadConfig({});
    const published = (name: string) => service(name).ports?.[0];
    for (const app of apps) expect(published(app)).toBe(`127.0.0.1:${defaults[app].port}:${defaults[app].port}`);
    expect(published('temporal')).toBe(`${defaults.temporal.address}:7233`);
    expect(published('temporal-ui')).toBe(`${new URL(defaults.temporal.uiUrl).host}:8080`);
    expect(published('kafka')).toBe(`${defaults.kafka.brokers[0]}:9092`);
    expect(published('mongodb')).toBe(`${new URL(defaults.store.uri).host}:27017`);
    for (const { ports: all = [] } of Object.values(services))
      for (const port of all) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(service('temporal-database').ports).toBeUndefined();
  });
});

describe('order of start', () => {
  const needed = Object.values(services).flatMap(({ depends_on = {} }) => Object.entries(depends_on));

  it('waits only for services that can tell whether they are healthy', () => {
    const waitedFor = needed.filter(([, { condition }]) => condition === 'service_healthy');
    for (const [name] of waitedFor) expect(service(name).healthcheck, name).toBeDefined();
  });

  it('waits for the end only of services that end', () => {
    const waitedFor = needed.filter(([, { condition }]) => condition !== 'service_healthy');
    for (const [name] of waitedFor) expect(service(name).restart, name).toMatch(/^on-failure/);
  });
});

describe('servers', () => {
  it('keep their state in named volumes', () => {
    const used = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0]!));
    expect(used.filter((source) => !source.startsWith('.')).sort()).toEqual(Object.keys(compose.volumes).sort());
    for (const file of used.filter((source) => source.startsWith('.'))) expect(existsSync(join(root, file))).toBe(true);
  });

  it('keep what they acknowledged: MongoDB is a replica set that its own health check makes', () => {
    const { command, healthcheck } = service('mongodb');
    expect(command).toEqual(['--replSet', 'rs0', '--bind_ip_all']);
    const script = healthcheck?.test.at(-1) ?? '';
    const member = /rs\.initiate\((.*?)\); quit/.exec(script)?.[1];
    expect(member).toBe("{ _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] }");
    for (const app of apps)
      expect(environmentOf(app)['MONGODB_URI']).toBe('mongodb://mongodb:27017/signalbox?replicaSet=rs0');
  });

  it('make no topic of a mistyped name', () => {
    expect(service('kafka').environment?.['KAFKA_AUTO_CREATE_TOPICS_ENABLE']).toBe('false');
  });

  it('know the search attributes of runs', () => {
    const script = service('temporal-setup').command?.join('\n') ?? '';
    const registered = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [
      name,
      type?.toUpperCase(),
    ]);
    expect(registered).toEqual(Object.values(searchAttributes).map(({ name, type }) => [name, type]));
  });

  it('give Temporal the settings that the embedded one gets', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'signalbox-compose-'));
    try {
      const { args } = await temporalServer({ program: 'temporal', stateDir, port: 7233, uiPort: null }).prepare();
      const embedded = args.filter((_, at) => args[at - 1] === '--dynamic-config-value');
      const file = parse(read('docker/temporal.dynamic-config.yaml')) as Record<string, { value: unknown }[]>;
      expect(Object.entries(file).map(([name, [entry]]) => `${name}=${String(entry?.value)}`)).toEqual(embedded);
    } finally {
      await rm(stateDir, { recursive: true });
    }
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');
  const copied = lines.flatMap((line) => {
    const [, from, sources] = /^COPY (--from=\S+ )?(.+) \S+$/.exec(line) ?? [];
    return sources === undefined || from !== undefined ? [] : sources.split(' ');
  });

  it('copies what exists and what .dockerignore lets through', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(ignored).toContain(`!${path}`);
    }
  });

  it('compiles every folder the processes are made of', () => {
    expect(copied).toEqual(expect.arrayContaining(['apps', 'libs', 'temporal', 'scripts', 'tsconfig.json']));
  });

  it('runs without the rights of root, on a Node the package accepts, with a C library Temporal’s core knows', () => {
    expect(lines).toContain('USER node');
    for (const image of lines.filter((line) => line.startsWith('FROM ')))
      expect(image).toMatch(/^FROM node:2[2-9]\.\d+\.\d+-slim/);
  });
});
