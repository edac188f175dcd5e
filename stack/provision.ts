import { buildFerretdb, buildTemporal } from './build/go.build.ts';
import { fetchKafka, fetchTestServer } from './build/maven.build.ts';
import { fetchPostgres, type PostgresProgram } from './build/postgres.build.ts';
import { missingTools, onPath, javaProgram, type ToolName } from './tools.ts';
import { MissingToolsError } from './missing-tools.message.ts';
import type { Report } from './progress.ts';

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
const toolsToBuild = { temporal: ['go'], kafka: ['java', 'maven'], mongodb: ['go'] } as const satisfies Record<
  ServerName,
  readonly ToolName[]
>;

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
 * @throws MissingToolsError when something has to be built and the machine lacks a tool for it
 */
export async function provision(options: ProvisionOptions = {}): Promise<Provisioned> {
  const { env = process.env, report = () => {}, only = serverNames, forTests = false } = options;
  const origins = new Map(only.map((server) => [server, originOf(server, env)]));
  const build = only.filter((server) => origins.get(server)?.from === 'build');
  const needed = new Set<ToolName>(build.flatMap((server) => toolsToBuild[server]));
  if (forTests) for (const tool of ['java', 'maven'] as const) needed.add(tool);
  const missing = await missingTools([...needed], env);
  if (missing.size > 0) throw new MissingToolsError(missing);

  const steps: Array<(context: BuildContext) => Promise<void>> = [];
  const result: Provisioned = {};
  for (const [server, origin] of origins) if (origin.from !== 'build') Object.assign(result, { [server]: origin });
  if (build.includes('temporal')) {
    steps.push(async (context) => void (result.temporal = { from: 'build', program: await buildTemporal(context) }));
  }
  if (build.includes('mongodb')) {
    let postgres: PostgresProgram;
    steps.push(async (context) => void (postgres = await fetchPostgres(context)));
    steps.push(
      async (context) => void (result.mongodb = { from: 'build', postgres, ferretdb: await buildFerretdb(context) }),
    );
  }
  if (build.includes('kafka')) {
    const java = javaProgram(env) as string;
    steps.push(async (context) => void (result.kafka = { from: 'build', java, libs: await fetchKafka(context) }));
  }
  if (forTests) steps.push(async (context) => void (result.testServer = await fetchTestServer(context)));

  for (const [index, step] of steps.entries()) await step({ env, report, position: `[${index + 1}/${steps.length}]` });
  return result;
}

/** What a build step is given. */
export interface BuildContext {
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  /** `[2/4]`, which step this is. */
  readonly position: string;
}

/**
 * The path of the time-skipping test server, for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 */
export async function testServerExecutable(
  options: { env?: NodeJS.ProcessEnv; report?: Report } = {},
): Promise<string> {
  const { testServer } = await provision({ ...options, only: [], forTests: true });
  return testServer as string;
}
