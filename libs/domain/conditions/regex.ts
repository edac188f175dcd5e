/**
 * Patterns of rule authors. RE2 matches in time linear in the text; text and compiled pattern are bounded as well, as
 * linear time is their product.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { PatternFault, ProblemParams } from '../errors/problem-codes.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

export const regexLimits = {
  patternLength: ruleLimits.regex,
  /** Instructions of the compiled pattern: counted repetitions such as `.{0,900}` use them up. */
  programSize: 1000,
  /** Characters; a longer text matches no pattern. */
  textLength: 8192,
} as const;

/** A pattern that cannot be used: what is wrong, as a sentence, and as what a text in another language needs. */
export class RegexError extends RangeError {
  readonly params: Pick<ProblemParams, 'fault' | 'part' | 'count' | 'max'>;

  constructor(message: string, params: RegexError['params'], options?: ErrorOptions) {
    super(message, options);
    this.params = params;
  }
}

/** By the sentences of re2js, which has no codes. One without a code cannot come of so short a text. */
const syntaxFaults: Readonly<Record<string, PatternFault>> = {
  'missing closing )': 'missing_parenthesis',
  'missing closing ]': 'missing_bracket',
  'unexpected )': 'unexpected_parenthesis',
  'duplicate capture group name': 'duplicate_group',
  'invalid named capture': 'invalid_group_name',
  'invalid character class range': 'invalid_class',
  'invalid escape sequence': 'invalid_escape',
  'invalid or unsupported Perl syntax': 'unsupported_group',
  'missing argument to repetition operator': 'nothing_to_repeat',
  'invalid nested repetition operator': 'invalid_repetition',
  'invalid repeat count': 'invalid_count',
  'trailing backslash at end of expression': 'trailing_backslash',
};

/** @throws RegexError saying what is wrong with the pattern */
export function compileRegex(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const { length } = pattern;
  const { patternLength: max } = regexLimits;
  if (length > max) {
    const message = `the pattern has ${length} characters, at most ${max} are allowed`;
    throw new RegexError(message, { fault: 'too_long', count: length, max });
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    const message = `${(error as Error).message} (RE2 syntax: no lookaround, no backreferences)`;
    throw new RegexError(message, syntaxFault(error), { cause: error });
  }
  if (compiled.programSize() > regexLimits.programSize) {
    const message = 'the pattern is too expensive to run: use smaller counts in {n,m}';
    throw new RegexError(message, { fault: 'too_expensive' });
  }
  return (text) => text.length <= regexLimits.textLength && compiled.test(text);
}

function syntaxFault(error: unknown): RegexError['params'] {
  if (!(error instanceof RE2JSSyntaxException)) return {};
  const { error: sentence, input } = error as unknown as { error: string; input: string | null };
  const fault = Object.hasOwn(syntaxFaults, sentence) ? syntaxFaults[sentence] : undefined;
  return { ...(fault !== undefined && { fault }), ...(input !== null && { part: input }) };
}
