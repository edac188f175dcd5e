/** What goes between the API and a thread that computes for it. */
import { isDeeperThan } from '#libs/domain/json/json-depth.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import type { Computation } from './computations.ts';

/** A value, or its JSON where it is nested too deep to be copied. */
export type Packed = { value: unknown } | { json: string };

export type ToThread =
  | { kind: 'compute'; name: Computation; input: Packed }
  /** Changes of the active rules, before a computation that reads them. */
  | { kind: 'rules'; put: Packed; removed: string[] };

export type FromThread = { ok: true; output: Packed } | { ok: false; message: string; stack: string | undefined };

/** Copying a value recurses, writing and reading JSON does not. Nothing but conditions nests deeper than this. */
const maxDepth = 200;

export function pack(value: unknown): Packed {
  return isDeeperThan(value, maxDepth) ? { json: writeJson(value) } : { value };
}

export function unpack(packed: Packed): unknown {
  return 'json' in packed ? (JSON.parse(packed.json) as unknown) : packed.value;
}

export function unpackRules(packed: Packed): Rule[] {
  return unpack(packed) as Rule[];
}
