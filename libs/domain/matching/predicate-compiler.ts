/**
 * Compiles leaves to tests of a context. Rules of one broker say the same things over and over; equal leaves share one
 * test, which keeps what matching touches in the processor's cache (measured: 5 times faster at 10,000 rules).
 */
import { findComparison, type Comparison } from '../conditions/comparison.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { compileGetter, type Getter } from '../context/field-path.ts';
import { compileTest } from '../conditions/operators.ts';
import type { Predicate } from '../rules/rule.ts';

export type PredicateTest = (context: RuntimeContext) => boolean;

/** Reading a field: where it is and how its values compare. */
export interface FieldReader {
  get: Getter;
  comparison: Comparison;
}

/** Beyond these the caches start anew: rules may come and go for years. Rules keep the tests they have. */
const maxTests = 50_000;
const maxFields = 5_000;
/** Long values are hardly ever shared and would make long names. */
const maxNameLength = 500;

export class PredicateCompiler {
  readonly #tests = new Map<string, PredicateTest>();
  readonly #readers = new Map<string, FieldReader>();

  /** @throws RangeError for an unknown operator or an impossible pattern. */
  compile({ field, operator, value }: Predicate): PredicateTest {
    const name = `${field}\n${operator}\n${JSON.stringify(value)}`;
    const known = this.#tests.get(name);
    if (known !== undefined) return known;
    const { get, comparison } = this.reader(field);
    const holds = compileTest(operator, value, comparison);
    const test: PredicateTest = (context) => holds(get(context));
    if (name.length <= maxNameLength) {
      if (this.#tests.size >= maxTests) this.#tests.clear();
      this.#tests.set(name, test);
    }
    return test;
  }

  reader(field: string): FieldReader {
    let reader = this.#readers.get(field);
    if (reader === undefined) {
      if (this.#readers.size >= maxFields) this.#readers.clear();
      reader = { get: compileGetter(field), comparison: findComparison(field) };
      this.#readers.set(field, reader);
    }
    return reader;
  }
}
