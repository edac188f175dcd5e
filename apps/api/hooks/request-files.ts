import type { RunData } from '#libs/domain/context/run-data.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import { deleteFiles, readParameters } from '#libs/files/read-parameters.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import type { ApiConfig } from '../api-config.ts';
import type { Parameters } from './ports.ts';

/** Parameters of operations, whose files go to the file store of the installation. */
export class RequestFiles implements Parameters {
  readonly #settings: ApiConfig['hooks'];
  readonly #store: FileStore;
  readonly #log: Pick<Logger, 'warn'>;

  constructor(store: FileStore, settings: ApiConfig['hooks'], log: Pick<Logger, 'warn'>) {
    this.#store = store;
    this.#settings = settings;
    this.#log = log;
  }

  read(items: readonly DataItem[], parameters: readonly unknown[]): Promise<RunData> {
    const { fileFolders: folders, maxFileBytes, maxDataBytes } = this.#settings;
    return readParameters(items, parameters, { files: this.#store, folders, maxFileBytes, maxDataBytes });
  }

  async discard(data: RunData): Promise<void> {
    try {
      await deleteFiles(this.#store, data);
    } catch (error) {
      this.#log.warn({ err: error }, 'files of an operation that was refused stay in the file store');
    }
  }
}
