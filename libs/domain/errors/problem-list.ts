/** Collects every issue in something that was written, up to a sensible number. */
import type { Problem } from './errors.ts';
import type { ProblemCode, ProblemParams } from './problem-codes.ts';

/** More than anybody corrects in one go; keeps answers small when a document is wrong throughout. */
const maxProblems = 100;

export class ProblemList {
  readonly problems: Problem[] = [];

  /** @param path a function where making the text costs something */
  add(path: string | (() => string), code: ProblemCode, message: string, params?: ProblemParams): void {
    if (this.problems.length >= maxProblems) return;
    const place = typeof path === 'string' ? path : path();
    this.problems.push({ path: place, code, message, ...(params !== undefined && { params }) });
  }

  get isFull(): boolean {
    return this.problems.length >= maxProblems;
  }
}
