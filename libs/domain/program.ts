/**
 * Conditions, compiled. A tree of any depth becomes a flat list of leaf tests, each with the place to go on at when it
 * is true and when it is false, as compilers lay out short-circuit boolean expressions. One loop carries it out: no
 * recursion, no work for leaves that no longer matter. Children are laid out last to first, so every jump goes to a
 * smaller index and the loop always ends.
 */
import { comparisonOf, type Comparison } from './comparison.ts';
import type { RuntimeContext } from './context.ts';
import { compileGetter, type Getter } from './field-path.ts';
import { compileTest } from './operators.ts';
import type { ConditionNode, Leaf } from './rule.ts';

const accept = -1;
const reject = -2;

export type LeafTest = (context: RuntimeContext) => boolean;

export interface Program {
  evaluate(context: RuntimeContext): boolean;
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

/** @throws RangeError when the conditions hold what validation refuses: an unknown operator, an impossible pattern. */
export function compileConditions(root: ConditionNode): Program {
  const tests: LeafTest[] = [];
  const onTrue: number[] = [];
  const onFalse: number[] = [];
  const leaves = new LeafCompiler();
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
    onTrue.push(whenTrue);
    onFalse.push(whenFalse);
    return tests.push(leaves.compile(node)) - 1;
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
  return new JumpProgram(tests, onTrue, onFalse, entry ?? accept, leaves.roots);
}

class JumpProgram implements Program {
  readonly roots: ReadonlySet<string>;
  readonly #tests: readonly LeafTest[];
  readonly #onTrue: Int32Array;
  readonly #onFalse: Int32Array;
  readonly #entry: number;

  constructor(
    tests: readonly LeafTest[],
    onTrue: readonly number[],
    onFalse: readonly number[],
    entry: number,
    roots: ReadonlySet<string>,
  ) {
    this.#tests = tests;
    this.#onTrue = Int32Array.from(onTrue);
    this.#onFalse = Int32Array.from(onFalse);
    this.#entry = entry;
    this.roots = roots;
  }

  evaluate(context: RuntimeContext): boolean {
    let at = this.#entry;
    while (at >= 0) at = (this.#tests[at]?.(context) === true ? this.#onTrue[at] : this.#onFalse[at]) ?? reject;
    return at === accept;
  }
}

/** Compiles leaves; the reading of a field is shared by all leaves on it. */
class LeafCompiler {
  readonly roots = new Set<string>();
  readonly #fields = new Map<string, { get: Getter; comparison: Comparison }>();

  compile({ field, operator, value }: Leaf): LeafTest {
    let known = this.#fields.get(field);
    if (known === undefined) {
      known = { get: compileGetter(field), comparison: comparisonOf(field) };
      this.#fields.set(field, known);
      this.roots.add(field.split('.', 1)[0] ?? field);
    }
    const { get, comparison } = known;
    const test = compileTest(operator, value, comparison);
    return (context) => test(get(context));
  }
}
