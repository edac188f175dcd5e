import type { Config } from '#libs/config/config.ts';
import type { FileStore } from '#libs/domain/hooks/file-store.ts';
import { createFolderStore } from './folder.store.ts';
import { createS3Store } from './s3.store.ts';

/** @param config of which the start of the process has checked that what belongs together is there */
export function createFileStore(config: Config['files']): FileStore & { close(): Promise<void> } {
  const { folder, s3Url: url, s3Bucket, s3Region: region, s3AccessKeyId, s3SecretAccessKey } = config;
  if (url === undefined) return { ...createFolderStore(folder), close: () => Promise.resolve() };
  return createS3Store({
    url,
    region,
    bucket: s3Bucket ?? '',
    accessKeyId: s3AccessKeyId ?? '',
    secretAccessKey: s3SecretAccessKey ?? '',
  });
}
