/** A thing a process depends on. Readiness asks each of them with a real round trip. */
export interface HealthCheck {
  name: string;
  /** Resolves when the dependency answered, rejects with what is wrong. */
  check(signal: AbortSignal): Promise<void>;
}
