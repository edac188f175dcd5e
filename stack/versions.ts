/**
 * The versions of every server the system runs on, in one place.
 *
 * The lock files beside this one (`go.mod`, `package-lock.json`, `kafka/pom.xml`,
 * `temporal-test-server/pom.xml`) are what is really built; `versions.spec.ts` keeps the two equal.
 */
export const versions = {
  /** Temporal's command line, which contains the server. Later ones hold a `replace` line and cannot be built as a dependency. */
  temporalCli: '1.5.1',
  /** The Temporal server inside that command line. */
  temporalServer: '1.29.1',
  kafka: '4.1.0',
  ferretdb: '1.24.0',
  /** The npm package whose major and minor version are PostgreSQL's own. */
  embeddedPostgres: '18.4.0-beta.17',
  /** S3-compatible storage for tests. */
  versitygw: '1.8.0',
  temporalTestServer: '1.38.0',
  /** MongoDB of the Docker installation; the embedded store answers to the subset both understand. */
  mongodb: '8.0.13',
} as const;
