/** Dotted paths into the runtime context, read by own members only: nothing inherited can be reached. */
import { ruleLimits } from '../rules/rule-limits.ts';
import type { RuntimeContext } from './evaluation-context.ts';

// Control characters, unpaired surrogates and white space have no place in a name.
const segment = /^[^\p{Cc}\p{Cs}\s.]+$/u;

/** @returns whether the text is a path: names joined by dots. Any name will do: nothing inherited is ever looked at. */
export function isFieldPath(path: string): boolean {
  if (path.length > ruleLimits.fieldPath) return false;
  return path.split('.').every((name) => segment.test(name));
}

export type Getter = (context: RuntimeContext) => unknown;

/** Splits the path once; the getter returns undefined wherever something on the way is missing. */
export function compileGetter(path: string): Getter {
  const names = path.split('.');
  if (!isFieldPath(path)) return () => undefined;
  const [first = '', second] = names;
  if (second === undefined) return (context) => own(context, first);
  if (names.length === 2) return (context) => own(own(context, first), second);
  return (context) => {
    let value: unknown = context;
    for (const name of names) value = own(value, name);
    return value;
  };
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
