/**
 * Conditions, compiled. A tree of any depth becomes a flat list of leaf tests, each with the place to go on at when it
 * is true and when it is false, as compilers lay out short-circuit boolean expressions. One loop carries it out: no
 * recursion, no work for leaves that no longer matter. Children are laid out last to first, so every jump goes to a
 * smaller index and the loop always ends.
 */
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { PredicateCompiler, type PredicateTest } from './predicate-compiler.ts';
import { isSearch } from '../conditions/operators.ts';
import type { ConditionNode } from '../rules/rule.ts';

/** Tests that take no longer than a look at the clock or two. */
const maxCheapTests = 64;

/** A result of `Program.run`: below 0 it is final. */
export const accept = -1;
export const reject = -2;

export interface ConditionProgram {
  evaluate(context: RuntimeContext): boolean;
  /** Where `run` begins. */
  readonly entry: number;
  /**
   * Evaluates from a place until it is done or there is no more time, asked after each test.
   * @returns where to go on, or `accept` or `reject`
   */
  run(context: RuntimeContext, from: number, isOver: () => boolean): number;
  /** It may take long: it searches texts, or has many tests. */
  readonly isCostly: boolean;
  /** First segments of every field it reads. */
  readonly roots: ReadonlySet<string>;
}

/** A group whose children are being laid out. */
interface Frame {
  rules: readonly ConditionNode[];
  isAll: boolean;
  /** Children at and after this index are done. */
  done: number;
  onTrue: number;
  onFalse: number;
  /** Where the children laid out so far begin. */
  entry: number;
}

/**
 * @param leaves shared by programs that are evaluated together
 * @throws RangeError when the conditions hold what validation refuses: an unknown operator, an impossible pattern.
 */
export function compileConditions(root: ConditionNode, leaves = new PredicateCompiler()): ConditionProgram {
  const tests: PredicateTest[] = [];
  const jumps: number[] = [];
  const roots = new Set<string>();
  let searches = false;
  const stack: Frame[] = [];

  /** @returns where the node begins, or null when it is a group, whose frame has been pushed. */
  const enter = (from: ConditionNode, whenTrue: number, whenFalse: number): number | null => {
    let node = from;
    while ('not' in node) {
      [whenTrue, whenFalse] = [whenFalse, whenTrue];
      node = node.not;
    }
    if ('match' in node) {
      const isAll = node.match === 'all';
      stack.push({
        rules: node.rules,
        isAll,
        done: node.rules.length,
        onTrue: whenTrue,
        onFalse: whenFalse,
        entry: isAll ? whenTrue : whenFalse,
      });
      return null;
    }
    roots.add(node.field.split('.', 1)[0] ?? node.field);
    const test = leaves.compile(node);
    searches ||= isSearch(node.operator);
    // The same test right after this one would give the same answer: go on where it would.
    if (tests[whenTrue] === test) whenTrue = jumps[2 * whenTrue] ?? reject;
    if (tests[whenFalse] === test) whenFalse = jumps[2 * whenFalse + 1] ?? reject;
    jumps.push(whenTrue, whenFalse);
    return tests.push(test) - 1;
  };

  let entry = enter(root, accept, reject);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    if (entry !== null) frame.entry = entry;
    frame.done -= 1;
    const child = frame.rules[frame.done];
    if (child === undefined) {
      entry = frame.entry;
      stack.pop();
    } else if (frame.isAll) {
      entry = enter(child, frame.entry, frame.onFalse);
    } else {
      entry = enter(child, frame.onTrue, frame.entry);
    }
  }
  return new JumpProgram(tests, jumps, entry ?? accept, roots, searches || tests.length > maxCheapTests);
}

class JumpProgram implements ConditionProgram {
  readonly roots: ReadonlySet<string>;
  readonly #tests: readonly PredicateTest[];
  /** For each test, where to go on when it is true and when it is false. */
  readonly #jumps: readonly number[];
  readonly entry: number;
  readonly isCostly: boolean;

  constructor(
    tests: readonly PredicateTest[],
    jumps: readonly number[],
    entry: number,
    roots: ReadonlySet<string>,
    isCostly: boolean,
  ) {
    this.#tests = tests;
    this.#jumps = jumps;
    this.entry = entry;
    this.roots = roots;
    this.isCostly = isCostly;
  }

  evaluate(context: RuntimeContext): boolean {
    let at = this.entry;
    while (at >= 0) at = this.#next(context, at);
    return at === accept;
  }

  run(context: RuntimeContext, from: number, isOver: () => boolean): number {
    let at = from;
    while (at >= 0) {
      at = this.#next(context, at);
      if (isOver()) break;
    }
    return at;
  }

  #next(context: RuntimeContext, at: number): number {
    return this.#jumps[this.#tests[at]?.(context) === true ? 2 * at : 2 * at + 1] ?? reject;
  }
}
