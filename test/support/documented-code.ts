/** The code that documents have people copy, and processes that run it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param document file in `docs`
 * @param file name in the first line of the code
 * @throws Error when the document holds no such code
 */
export function documentedCode(document: string, file: string): string {
  const text = readFileSync(join(root, 'docs', document), 'utf8');
  const blocks = [...text.matchAll(/```(?:js|ts)\n(.*?)```/gs)].map(([, block]) => block!);
  const code = blocks.find((block) => block.startsWith(`// ${file}`));
  if (code === undefined) throw new Error(`docs/${document} holds no ${file}`);
  return code;
}

export interface DocumentedProgram {
  /** Lines so far. */
  printed: () => string[];
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
}

/**
 * Runs code in a folder that looks to it like that of signalbox, until the test is over.
 * @param files texts by name; the first is the program
 */
export function runDocumented(
  files: Record<string, string>,
  env: Record<string, string>,
  ...args: string[]
): DocumentedProgram {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-documented-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(root, 'dist', 'libs'), join(folder, 'libs'));
  const description = { type: 'module', imports: { '#libs/*.ts': './libs/*.js' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const [program] = Object.keys(files);
  const child = spawn(process.execPath, [join(folder, program!), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  });
  return { printed: () => printed.split('\n').filter((line) => line !== ''), ended };
}
