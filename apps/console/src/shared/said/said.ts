/** What the server says, in the language of the person: by its stable codes, never by reading its messages. */
import { de } from '../../i18n/de.ts';
import { errorTextsDe, runReasonsDe } from './error-texts.de.ts';
import { problemTextsDe, saysAll, type Problem } from './problem-texts.de.ts';

export interface Said {
  text: string;
  /** The server's own message, where the text may not say all of it. */
  original: string | null;
}

type Texts<Text> = Readonly<Record<string, Text>>;

const own = <Text>(texts: Texts<Text>, code: string): Text | null =>
  Object.hasOwn(texts, code) ? (texts[code] ?? null) : null;

/** @returns the text of an error's code, or null where there is none and the server's message stands for itself */
export function errorText(language: string, code: string): string | null {
  if (language !== 'de') return null;
  return own<string>(de.failures, code) ?? own(errorTextsDe, code);
}

/** What an error says: of a refused request, a run, an action or a dead letter. */
export function sayError(language: string, code: string, message: string | null): Said {
  const text = errorText(language, code);
  if (text === null) return { text: message ?? code, original: null };
  return { text, original: message };
}

/** Why a run is held, was skipped or ended early. @param note what the server says of it in English */
export function sayReason(language: string, reason: string, note: string | null): Said {
  const text = language === 'de' ? own(runReasonsDe, reason) : null;
  return text === null ? { text: note ?? reason, original: null } : { text, original: note };
}

/** What is wrong with a part of something that was written. @param message the server's, perhaps without its path */
export function sayProblem(language: string, problem: Problem, message = problem.message): Said {
  const text = language === 'de' ? own(problemTextsDe, problem.code) : null;
  if (text === null) return { text: message, original: null };
  return { text: text(problem.params ?? {}), original: saysAll(problem) ? null : message };
}
