/** Processes as incoming webhooks find them. */
import type { Rule } from '../rules/rule.ts';
import type { ProcessDeclaration } from '../rules/process.ts';

/** A version of a process: a rule with what makes it one, and the small number of its id. */
export interface Process {
  /** Unique, for ever: `Process:{number}`. A rule keeps it whatever becomes of it. */
  number: number;
  rule: Rule & { process: ProcessDeclaration };
}

export interface ProcessQuery {
  name?: string | undefined;
  number?: number | undefined;
  version?: number | undefined;
  isTest: boolean;
}

/** @throws RetryableError `store_unavailable` */
export interface Processes {
  /** Rules with the name, or the one with the number, whatever their status. */
  candidates(query: Pick<ProcessQuery, 'name' | 'number'>): Promise<Process[]>;
  /** In the order of name, version and id; archived ones are left out. */
  list(): Promise<Process[]>;
}

/** Why no process can be started. */
export type ProcessRefusal = 'not_found' | 'ambiguous';

/**
 * @param candidates as `Processes.candidates` gives them
 * @returns the active rule that is meant: that of the version, else that of the highest one
 */
export function chooseProcess(
  candidates: readonly Process[],
  { name, version, isTest }: ProcessQuery,
): Process | ProcessRefusal {
  const wanted = candidates.filter(({ rule: { status, process } }) => {
    const isNamed = (name ?? process.name) === process.name && (version ?? process.version) === process.version;
    return status === 'active' && isNamed && process.state === (isTest ? 'test' : 'active');
  });
  const highest = Math.max(...wanted.map(({ rule }) => rule.process.version));
  const [found, other] = wanted.filter(({ rule }) => rule.process.version === highest);
  if (found === undefined) return 'not_found';
  return other === undefined ? found : 'ambiguous';
}
