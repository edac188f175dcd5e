/** From the `parameters` of an operation to data of a request, with its files in the file store. */
import type { FileReference, RunData } from '#libs/domain/context/run-data.ts';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { ProblemList } from '#libs/domain/errors/problem-list.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import { isFileName, type FileDraft } from '#libs/domain/hooks/file-value.ts';
import { throwProblems, type Fail } from '#libs/domain/hooks/parameter-problems.ts';
import { parseParameters, type ParsedFile } from '#libs/domain/hooks/parameters.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { newFileKey } from './file-key.ts';
import { openSource, type SourceFile } from './file-source.ts';

export interface ParameterOptions {
  files: FileStore;
  /** Absolute paths of folders below which files may be named by their address. */
  folders: readonly string[];
  /** Of one file. */
  maxFileBytes: number;
  /** Of all data together as JSON: values, and what is said of files. */
  maxDataBytes: number;
}

/**
 * Everything is checked before the first file is stored, and no file stays when one cannot be stored.
 *
 * @param items what the process declares
 * @param parameters what stands under `parameters`; left out or null: none
 * @returns what was given: a reference for each file
 * @throws InvalidInputError (`invalid_input`) or InvalidParameterError (`invalid_parameter`), which list all problems
 * @throws RetryableError `files_unavailable`
 */
export async function readParameters(
  items: readonly DataItem[],
  parameters: unknown,
  { files, folders, maxFileBytes, maxDataBytes }: ParameterOptions,
): Promise<RunData> {
  const problems = new ProblemList();
  const parsed = parseParameters(items, parameters, maxFileBytes, problems);
  const found: FoundFile[] = [];
  try {
    for (const file of parsed.files) {
      const one = await find(file, folders, maxFileBytes);
      if (one !== null) found.push(one);
    }
    // Unlike an object that is filled, this takes any name for a name.
    const data: RunData = Object.fromEntries([
      ...parsed.values,
      ...found.map(({ name, reference }) => [name, reference] as const),
    ]);
    if (Buffer.byteLength(writeJson(data)) > maxDataBytes) {
      const message = `parameters must not take more than ${maxDataBytes} bytes together as JSON, without the contents of files (HOOKS_MAX_DATA_BYTES)`;
      problems.add('parameters', 'invalid_parameter', message);
    }
    throwProblems(problems);
    await storeAll(files, found, problems);
    return data;
  } finally {
    await Promise.all(found.map((file) => file.close()));
  }
}

/** For data of a request that is not created after all. @throws RetryableError `files_unavailable` */
export async function deleteFiles(files: FileStore, data: RunData): Promise<void> {
  const keys = Object.values(data).flatMap((value) =>
    typeof value === 'object' && value !== null ? [value.file_id] : [],
  );
  const kept = await deleteAll(files, keys);
  if (kept > 0) throw new RetryableError('files_unavailable', `${kept} files cannot be deleted now`);
}

interface FoundFile {
  name: string;
  reference: FileReference;
  fail: Fail;
  read: SourceFile['read'];
  close: SourceFile['close'];
}

/** @returns null when there is no such file, which `fail` was told */
async function find(
  { name, draft, fail }: ParsedFile,
  folders: readonly string[],
  maxFileBytes: number,
): Promise<FoundFile | null> {
  const { source } = draft;
  if ('content' in source) {
    const { content } = source;
    const reference = refer(draft, draft.name ?? '', content.length);
    return { name, fail, reference, read: () => Promise.resolve(content), close: () => Promise.resolve() };
  }
  const file = await openSource(source.url, folders);
  if (file === null) {
    fail(
      '.url',
      'invalid_parameter',
      'must have the url of a file that can be read below a folder of HOOKS_FILE_FOLDERS',
    );
    return null;
  }
  const issue = sourceIssue(draft, file, maxFileBytes);
  if (issue === null) return { ...file, name, fail, reference: refer(draft, draft.name ?? file.name, file.size) };
  fail(issue.member, 'invalid_parameter', issue.message);
  await file.close();
  return null;
}

function sourceIssue(draft: FileDraft, file: SourceFile, maxFileBytes: number) {
  if (file.size > maxFileBytes) {
    return { member: '.url', message: `must hold at most ${maxFileBytes} bytes (HOOKS_MAX_FILE_BYTES)` };
  }
  if (draft.size !== null && draft.size !== file.size) {
    return { member: '.size', message: `must have a size of ${file.size}, which its file has` };
  }
  const hasName = draft.name !== null || isFileName(file.name);
  return hasName ? null : { member: '.name', message: 'must have a name: its address ends in none that can be kept' };
}

function refer({ contentType, description, updatedAt }: FileDraft, name: string, size: number): FileReference {
  return { file_id: newFileKey(), name, content_type: contentType, size, description, updated_at: updatedAt };
}

/** One after the other: only one of those that were named by their address is in memory. */
async function storeAll(files: FileStore, found: readonly FoundFile[], problems: ProblemList): Promise<void> {
  const keys: string[] = [];
  try {
    for (const { reference, fail, read } of found) {
      const content = await read();
      if (content === null) {
        fail('.url', 'invalid_parameter', 'names a file that was changed while it was read: send it again');
        throwProblems(problems);
      } else {
        // Also one that gets no answer may have been stored.
        keys.push(reference.file_id);
        await files.put(reference.file_id, content, reference.content_type);
      }
    }
  } catch (error) {
    const kept = await deleteAll(files, keys);
    if (kept === 0) throw error;
    const message = `${messageOf(error)}; ${kept} files of the request may be left in it`;
    throw new RetryableError('files_unavailable', message, { cause: error });
  }
}

/** @returns how many of them may be there still */
async function deleteAll(files: FileStore, keys: readonly string[]): Promise<number> {
  const outcomes = await Promise.allSettled(keys.map((key) => files.delete(key)));
  return outcomes.filter(({ status }) => status === 'rejected').length;
}
