/** The recorded histories, one file each, in the JSON of protobufjs. */
import { temporal } from '@temporalio/proto';
import { readFile, readdir, writeFile } from 'node:fs/promises';

export type History = temporal.api.history.v1.IHistory;

const { History } = temporal.api.history.v1;
const folder = new URL('histories/', import.meta.url);

export async function recordedNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

export async function readHistory(name: string): Promise<History> {
  const json = JSON.parse(await readFile(new URL(`${name}.json`, folder), 'utf8')) as Record<string, unknown>;
  return History.fromObject(json);
}

export async function writeHistory(name: string, history: History): Promise<void> {
  const plain = History.toObject(History.fromObject(history), { longs: String, bytes: String, enums: String });
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(plain, withoutPlace, 1)}\n`);
}

/** Names of machines and paths are of no account to a replay. */
function withoutPlace(key: string, value: unknown): unknown {
  if (key === 'identity') return 'recorder';
  return key === 'stackTrace' ? '' : value;
}
