/** Gives runs their numbers: small, unique in the installation, for ever. Gaps mean nothing. */
export interface RunNumbers {
  /** @throws RetryableError `store_unavailable` */
  take(count: number): Promise<number[]>;
}
