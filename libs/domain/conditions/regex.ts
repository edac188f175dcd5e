/**
 * Patterns of rule authors. RE2 matches in time linear in the text; text and compiled pattern are bounded as well, as
 * linear time is their product.
 */
import { RE2JS } from 're2js';
import { ruleLimits } from '../rules/rule-limits.ts';

export const regexLimits = {
  patternLength: ruleLimits.regex,
  /** Instructions of the compiled pattern: counted repetitions such as `.{0,900}` use them up. */
  programSize: 1000,
  /** Characters; a longer text matches no pattern. */
  textLength: 8192,
} as const;

/** @throws RangeError saying what is wrong with the pattern. */
export function compileRegex(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  if (pattern.length > regexLimits.patternLength) {
    throw new RangeError(
      `the pattern has ${pattern.length} characters, at most ${regexLimits.patternLength} are allowed`,
    );
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new RangeError(`${(error as Error).message} (RE2 syntax: no lookaround, no backreferences)`, {
      cause: error,
    });
  }
  if (compiled.programSize() > regexLimits.programSize) {
    throw new RangeError('the pattern is too expensive to run: use smaller counts in {n,m}');
  }
  return (text) => text.length <= regexLimits.textLength && compiled.test(text);
}
