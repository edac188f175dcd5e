/** Addresses of the real servers a test run uses, and names that no other test has. */
import { randomBytes } from 'node:crypto';

export interface Servers {
  /** host:port */
  temporal: string;
  /** host:port of each broker */
  kafka: string[];
  /** URI without a database name; each test appends its own. */
  mongodb: string;
}

/** @param environment by default what `servers.global.ts` has set before any test file is loaded */
export function servers(environment: Record<string, string | undefined> = process.env): Servers {
  const read = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: run the tests with npm test`);
    return value;
  };
  return {
    temporal: read('TEMPORAL_ADDRESS'),
    kafka: read('KAFKA_BROKERS').split(','),
    mongodb: read('MONGODB_URI').replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+).*$/, '$1'),
  };
}

/** A name for a topic, task queue, group or database that no other test uses; letters, digits and dashes. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

/** URI of a database of the test's own. */
export function databaseUri(name: string, at: Servers = servers()): string {
  return `${at.mongodb}/${name}`;
}
