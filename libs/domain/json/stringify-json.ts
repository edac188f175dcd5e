/**
 * JSON without recursion. `JSON.parse` copes with any depth; `JSON.stringify` and `structuredClone` overflow the stack
 * a few thousand levels down, so whatever a person may nest at will is written here.
 */

export interface WriteOptions {
  /** Members in the order of their names: equal values give equal text. */
  sortKeys?: boolean;
}

/** What is being written: an array or object, and how far it is. */
interface Frame {
  value: unknown[] | Record<string, unknown>;
  /** Names still to be written; null for an array. */
  keys: string[] | null;
  next: number;
  /** Something was written before: a comma is due. */
  started: boolean;
}

/** @returns the text `JSON.stringify` gives for plain data (undefined members left out); `toJSON` is not asked. */
export function writeJson(root: unknown, { sortKeys = false }: WriteOptions = {}): string {
  const parts: string[] = [];
  const stack: Frame[] = [];
  const write = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      parts.push(JSON.stringify(value) ?? 'null');
    } else if (Array.isArray(value)) {
      parts.push('[');
      stack.push({ value, keys: null, next: 0, started: false });
    } else {
      const record = value as Record<string, unknown>;
      const keys = Object.keys(record);
      if (sortKeys) keys.sort();
      parts.push('{');
      stack.push({ value: record, keys, next: 0, started: false });
    }
  };
  write(root);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const { value, keys } = frame;
    if (keys === null) {
      const items = value as unknown[];
      if (frame.next === items.length) {
        parts.push(']');
        stack.pop();
        continue;
      }
      if (frame.next > 0) parts.push(',');
      write(items[frame.next++]);
    } else {
      const key = keys[frame.next++];
      if (key === undefined) {
        parts.push('}');
        stack.pop();
        continue;
      }
      const member = (value as Record<string, unknown>)[key];
      if (member === undefined) continue;
      parts.push(frame.started ? ',' : '', JSON.stringify(key), ':');
      frame.started = true;
      write(member);
    }
  }
  return parts.join('');
}
