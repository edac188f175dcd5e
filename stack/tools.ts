import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that builds or runs a server, and how people get it. */
export interface Tool {
  readonly command: string;
  readonly title: string;
  readonly minimum: number;
  readonly purpose: string;
  /** Windows has none: there the servers run inside WSL 2. */
  readonly packages: { debian: string; macos: string };
  /** Arguments that print the version, and the expression that finds its deciding number. */
  readonly version: { args: string[]; pattern: RegExp };
}

export const tools = {
  go: {
    command: 'go',
    title: 'Go 1.25 or newer',
    minimum: 25,
    purpose: 'builds the Temporal server and the MongoDB-compatible store',
    packages: { debian: 'golang-go', macos: 'go' },
    version: { args: ['env', 'GOVERSION'], pattern: /go1\.(\d+)/ },
  },
  java: {
    command: 'java',
    title: 'Java 17 or newer',
    minimum: 17,
    purpose: 'runs the Kafka broker',
    packages: { debian: 'openjdk-17-jre-headless', macos: 'openjdk@17' },
    version: { args: ['-version'], pattern: /version "(\d+)/ },
  },
  maven: {
    command: 'mvn',
    title: 'Maven 3.6 or newer',
    minimum: 3,
    purpose: 'fetches the Kafka broker',
    packages: { debian: 'maven', macos: 'maven' },
    version: { args: ['-v'], pattern: /Maven (\d+)/ },
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

/** The full path of a program on the PATH, or `null`. */
export function onPath(command: string, env: NodeJS.ProcessEnv): string | null {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, command);
    if (folder && isProgram(file)) return file;
  }
  return null;
}

/** Java is also found where `JAVA_HOME` points, as its own tools do. */
export function javaProgram(env: NodeJS.ProcessEnv): string | null {
  const home = env['JAVA_HOME'] && join(env['JAVA_HOME'], 'bin', 'java');
  return home && isProgram(home) ? home : onPath('java', env);
}

/** Which of these tools are absent or too old, each with the version found (`null`: none). */
export async function missingTools(
  needed: readonly ToolName[],
  env: NodeJS.ProcessEnv,
): Promise<Map<ToolName, string | null>> {
  const missing = new Map<ToolName, string | null>();
  await Promise.all(
    needed.map(async (name) => {
      const tool = tools[name];
      const program = name === 'java' ? javaProgram(env) : onPath(tool.command, env);
      const found = program && (await versionOf(program, tool, env));
      if (!found || found.number < tool.minimum) missing.set(name, found ? found.text : null);
    }),
  );
  return missing;
}

async function versionOf(
  program: string,
  tool: Tool,
  env: NodeJS.ProcessEnv,
): Promise<{ text: string; number: number } | null> {
  try {
    const { stdout, stderr } = await run(program, tool.version.args, { env });
    const match = tool.version.pattern.exec(stdout + stderr);
    return match ? { text: match[0], number: Number(match[1]) } : null;
  } catch {
    // A program that cannot even print its version (macOS ships a `java` that only tells how to get one) is none.
    return null;
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
