import { absent, makeAll, type Artifact } from './build/artifact.ts';
import { ferretdb, temporal } from './build/go.build.ts';
import { kafka, testServer } from './build/maven.build.ts';
import { postgres, type PostgresProgram } from './build/postgres.build.ts';
import { join } from 'node:path';
import { MissingToolsError } from './missing-tools.message.ts';
import type { Report } from './progress.ts';
import { javaProgram, missingTools, onPath, type ToolName } from './tools.ts';

export type ServerName = 'temporal' | 'kafka' | 'mongodb';
export const serverNames = ['temporal', 'kafka', 'mongodb'] as const satisfies readonly ServerName[];

/** Where each server comes from: an address (nothing is started), a program on the PATH, or a build in the cache. */
export interface Provisioned {
  temporal?: { from: 'address'; address: string } | { from: 'path' | 'build'; program: string };
  kafka?: { from: 'address'; address: string } | { from: 'build'; java: string; libs: string };
  mongodb?:
    | { from: 'address'; address: string }
    | { from: 'path'; program: string }
    | { from: 'build'; ferretdb: string; postgres: PostgresProgram };
  /** The wrapper of the time-skipping test server, when asked for. */
  testServer?: string;
}

export interface ProvisionOptions {
  env?: NodeJS.ProcessEnv;
  report?: Report;
  /** Also the time-skipping test server. */
  forTests?: boolean;
  only?: readonly ServerName[];
}

/** What each server would come from, before anything is built. */
export type Origin = { from: 'address'; address: string } | { from: 'path'; program: string } | { from: 'build' };

const addressVariable = { temporal: 'TEMPORAL_ADDRESS', kafka: 'KAFKA_BROKERS', mongodb: 'MONGODB_URI' } as const;
const programName = { temporal: 'temporal', kafka: null, mongodb: 'mongod' } as const;
const artifactsOf: Record<ServerName, readonly Artifact[]> = {
  temporal: [temporal],
  kafka: [kafka],
  mongodb: [postgres, ferretdb],
};

/** The order for one server: its address in the environment, its program on the PATH, a build. */
export function originOf(server: ServerName, env: NodeJS.ProcessEnv): Origin {
  const address = env[addressVariable[server]]?.trim();
  if (address) return { from: 'address', address };
  const command = programName[server];
  const program = command && onPath(command, env);
  return program ? { from: 'path', program } : { from: 'build' };
}

/**
 * Makes every server available that has no address in the environment.
 *
 * @throws MissingToolsError when the machine lacks a tool to build or run one of them
 */
export async function provision(options: ProvisionOptions = {}): Promise<Provisioned> {
  const { env = process.env, report = () => {}, only = serverNames, forTests = false } = options;
  const origins = new Map(only.map((server) => [server, originOf(server, env)]));
  const built = only.filter((server) => origins.get(server)?.from === 'build');

  const toMake = absent([...built.flatMap((server) => artifactsOf[server]), ...(forTests ? [testServer] : [])], env);
  const tools = new Set<ToolName>(toMake.flatMap((artifact) => artifact.tools));
  // Java is needed at every start, not only the first time.
  if (built.includes('kafka') || forTests) tools.add('java');
  const missing = await missingTools([...tools], env);
  if (missing.size > 0) throw new MissingToolsError(missing);
  await makeAll(toMake, env, report);

  return {
    ...Object.fromEntries([...origins].filter(([, origin]) => origin.from !== 'build')),
    ...(built.includes('temporal') && { temporal: { from: 'build', program: temporal.program(env) } }),
    ...(built.includes('kafka') && {
      kafka: { from: 'build', java: javaProgram(env) as string, libs: join(kafka.folder(env), 'libs') },
    }),
    ...(built.includes('mongodb') && {
      mongodb: { from: 'build', ferretdb: ferretdb.program(env), postgres: postgres.program(env) },
    }),
    ...(forTests && { testServer: testServer.program(env) }),
  };
}

/**
 * The path of the time-skipping test server, for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 */
export async function testServerExecutable(
  options: { env?: NodeJS.ProcessEnv; report?: Report } = {},
): Promise<string> {
  const { testServer: program } = await provision({ ...options, only: [], forTests: true });
  return program as string;
}
