/** What the data of a request is now: what it was created with, and over that what was changed since. */
import type { FileReference, RunData, RunDataStore } from '#libs/domain/context/run-data.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { firstRunId, type RunRecord } from '#libs/domain/runs/run.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { RetryStore } from '#libs/store/runs/retry.repository.ts';
import { ApiError } from '../http/api.error.ts';
import type { DataItemView } from './run-data.schema.ts';

export interface RunDataPorts {
  inputs: Pick<RetryStore, 'inputOf'>;
  changes: Pick<RunDataStore, 'changes'>;
  versions: Pick<RuleVersions, 'get'>;
  files: Pick<FileStore, 'get'>;
}

export interface OpenedFile {
  reference: FileReference;
  size: number;
  content: AsyncIterable<Uint8Array>;
}

export class RunDataService {
  readonly #ports: RunDataPorts;

  constructor(ports: RunDataPorts) {
    this.#ports = ports;
  }

  /** Every item that its process declares, in that order. A run that is no request has none. */
  async list(run: RunRecord): Promise<DataItemView[]> {
    if (run.request === undefined) return [];
    const [version, data] = await Promise.all([
      this.#ports.versions.get(run.rule_id, run.rule_version),
      this.#dataOf(run),
    ]);
    const items = version?.rule?.process?.data ?? [];
    return items.map((item) => toView(item, data));
  }

  /** @throws ApiError 404 `file_not_found`, RetryableError `files_unavailable` */
  async openFile(run: RunRecord, name: string): Promise<OpenedFile> {
    const data = await this.#dataOf(run);
    const reference = Object.hasOwn(data, name) ? data[name] : undefined;
    const isFile = typeof reference === 'object' && reference !== null;
    const file = isFile ? await this.#ports.files.get(reference.file_id) : null;
    if (!isFile || file === null) {
      throw new ApiError(404, 'file_not_found', 'The data of this run holds no such file.');
    }
    return { reference, ...file };
  }

  async #dataOf(run: RunRecord): Promise<RunData> {
    const input = run.request === undefined ? null : await this.#ports.inputs.inputOf(run);
    if (input === null) return {};
    return { ...input.context.data, ...(await this.#ports.changes.changes(firstRunId(input))) };
  }
}

function toView({ name, type, required = false }: DataItem, data: RunData): DataItemView {
  const value = Object.hasOwn(data, name) ? (data[name] ?? null) : null;
  if (typeof value !== 'object' || value === null) return { name, type, required, value };
  const { file_id: _key, ...file } = value;
  return { name, type, required, value: file };
}
