/** Runs `signalbox …` as people do: the compiled program in a process of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/apps/cli/main.js', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param more variables of the environment beyond the store's */
export async function signalbox(
  mongodbUri: string,
  args: string[],
  input = '',
  more: Record<string, string> = {},
): Promise<CliResult> {
  const env = { PATH: process.env['PATH'] ?? '', MONGODB_URI: mongodbUri, ...more };
  const child = spawn(process.execPath, [program, ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', (ended) => resolve(ended)),
  );
  return { code, stdout, stderr };
}
