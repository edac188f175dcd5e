import { useState } from 'react';

/**
 * What a person types, beside the value that it means: "5." and "5,000" stay as they are typed. A value that comes from
 * elsewhere, such as by Undo, is written anew.
 */
export function useTyped<Value>(
  value: Value,
  write: (value: Value) => string,
  read: (text: string) => Value,
  onChange: (value: Value) => void,
): [text: string, type: (text: string) => void] {
  const [typed, setTyped] = useState(() => ({ text: write(value), value: write(value) }));
  const written = write(value);
  const text = typed.value === written ? typed.text : written;
  const type = (next: string): void => {
    const meant = read(next);
    setTyped({ text: next, value: write(meant) });
    onChange(meant);
  };
  return [text, type];
}
