/**
 * What makes a rule a process: incoming webhooks start it by name, as a request. Several rules may be versions of one
 * process; each is a rule of its own with its own history. A process has the trigger `request.created`, and events of
 * Kafka never start it.
 */
export const requestTrigger = 'request.created';

/** The four types of request data, as incoming webhooks name them. */
export const dataTypes = ['TEXT', 'NUMERIC', 'DATETIME', 'FILE'] as const;
export type DataType = (typeof dataTypes)[number];

export interface DataItem {
  /** Conditions and texts of actions read it as `data.{name}`. */
  name: string;
  type: DataType;
  /** Whether a request cannot be created without it; absent: it can. */
  required?: boolean;
}

export interface ProcessDeclaration {
  /** By which callers start it; together with `version` unique among the rules that are not archived. */
  name: string;
  /** Whole number from 1 on. A request that names none gets the highest one in its state. */
  version: number;
  /** `test`: only requests that say so (`isTest`) find it. */
  state: 'active' | 'test';
  /** Whether incoming webhooks may start it (sub-process mode with public access). */
  public: boolean;
  /** Whose managers have rights on its requests; absent: none. */
  folder?: string;
  data: DataItem[];
  /** The TEXT item that holds the customer's id, and the NUMERIC one that holds the account's login. */
  customer?: string;
  login?: string;
}

export const processLimits = {
  name: 200,
  folder: 200,
  version: 1_000_000,
  dataItems: 100,
} as const;

/** No dot and no blank: the name is one step of a field path. */
export const dataNamePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
