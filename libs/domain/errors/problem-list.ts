/** Collects every issue in something that was written, up to a sensible number. */
import type { Problem } from './errors.ts';

/** More than anybody corrects in one go; keeps answers small when a document is wrong throughout. */
const maxProblems = 100;

export class ProblemList {
  readonly problems: Problem[] = [];

  /** @param path a function where making the text costs something */
  add(path: string | (() => string), code: string, message: string): void {
    if (this.problems.length >= maxProblems) return;
    this.problems.push({ path: typeof path === 'string' ? path : path(), code, message });
  }

  get isFull(): boolean {
    return this.problems.length >= maxProblems;
  }
}
