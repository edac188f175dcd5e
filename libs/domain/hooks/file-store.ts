/** Where the files of requests lie. Keys are made by signalbox: letters, digits, dashes and slashes. */
export interface FileStore {
  /** Durable once it resolves; a repetition with the same content is harmless. @throws RetryableError `files_unavailable` */
  put(key: string, content: Uint8Array, contentType: string): Promise<void>;
  /** @returns null when there is no such file. @throws RetryableError `files_unavailable` */
  get(key: string): Promise<{ size: number; content: AsyncIterable<Uint8Array> } | null>;
  /** One that does not exist is as good as deleted. @throws RetryableError `files_unavailable` */
  delete(key: string): Promise<void>;
}
