/** What is wrong with the `parameters` of an operation. Messages name parameters, never their values. */
import { InvalidInputError, PermanentError, type Problem } from '../errors/errors.ts';
import type { ProblemList } from '../errors/problem-list.ts';
import { shorten } from '../values/shorten.ts';

/** `invalid_input`: it is malformed; `invalid_parameter`: the process or the installation does not take it. */
export type ParameterProblemCode = 'invalid_input' | 'invalid_parameter';

/** Notes a problem of one parameter. @param member of its value, such as `.size`; `message` continues "parameter X …" */
export type Fail = (member: string, code: ParameterProblemCode, message: string) => void;

/** Parameters that are well-formed, and that the process or the installation does not take; lists each problem. */
export class InvalidParameterError extends PermanentError {
  readonly problems: Problem[];

  constructor(message: string, problems: Problem[]) {
    super('invalid_parameter', message);
    this.problems = problems;
  }
}

/** More than these are in the list alone. */
const shownProblems = 5;

/** @throws InvalidInputError when any is malformed, else InvalidParameterError; both list all problems */
export function throwProblems({ problems }: ProblemList): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, shownProblems).map(({ message }) => message);
  const more = problems.length > shown.length ? `; and ${problems.length - shown.length} more` : '';
  const message = `${shown.join('; ')}${more}`;
  if (problems.some(({ code }) => code === 'invalid_input')) throw new InvalidInputError(message, problems);
  throw new InvalidParameterError(message, problems);
}

/** @returns a function for the parameter of this name, at `path` such as `parameters[3].textValue` */
export function failing(problems: ProblemList, path: string, name: string): Fail {
  return (member, code, message) => {
    problems.add(`${path}${member}`, code, `parameter ${quoteName(name)} ${message}`);
  };
}

/** A name that a caller made up, as messages show it. */
export function quoteName(name: string): string {
  return JSON.stringify(shorten(name, 60));
}
