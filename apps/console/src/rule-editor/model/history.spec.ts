import { describe, expect, it } from 'vitest';
import { record, redo, startHistory, undo, type History } from './history.ts';

const typed = (history: History<string>, text: string, at: number, about: string | null = 'name') =>
  record(history, text, about, at);

describe('history', () => {
  it('takes typing on in one place as one step', () => {
    let history = startHistory('');
    history = typed(history, 'a', 0);
    history = typed(history, 'ab', 500);
    history = typed(history, 'abc', 1900);
    expect(undo(history).present).toBe('');
    history = typed(history, 'abcd', 9000);
    expect(undo(history).present).toBe('abc');
    history = typed(history, 'abcd!', 9001, 'brand');
    expect(undo(history).present).toBe('abcd');
    history = typed(history, 'moved', 9002, null);
    history = typed(history, 'moved again', 9003, null);
    expect(undo(history).present).toBe('moved');
  });

  it('goes back and forth, and forgets what was undone when something else is done', () => {
    let history = startHistory('a');
    for (const next of ['b', 'c', 'd']) history = typed(history, next, 0, null);
    history = undo(undo(history));
    expect(history.present).toBe('b');
    expect(redo(history).present).toBe('c');
    expect(redo(redo(redo(history))).present).toBe('d');
    history = typed(history, 'x', 1, null);
    expect(redo(history)).toBe(history);
    expect(undo(undo(undo(history))).present).toBe('a');
  });

  it('does not go on with what was undone', () => {
    let history = typed(startHistory('a'), 'ab', 0);
    history = undo(history);
    history = typed(history, 'ac', 1);
    expect(undo(history).present).toBe('a');
  });

  it('keeps the latest steps, and none for nothing', () => {
    let history = startHistory(0);
    expect(record(history, 0, null, 0)).toBe(history);
    for (let step = 1; step <= 300; step += 1) history = record(history, step, null, 0);
    for (let step = 0; step < 300; step += 1) history = undo(history);
    expect(history.present).toBe(100);
  });
});
