import { useCallback, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { sayProblem, type Said } from '../shared/said/said.ts';
import { ProblemsContext, type ShownProblem } from './editor-tools.ts';
import { problemsIn, withoutPath } from './model/problem-places.ts';

export interface PlaceProblems {
  /** Undefined: there is none, or what is missing was not come to yet. */
  error: string | undefined;
  warning: string | undefined;
}

/** Says a problem in the language of the person. The place that it is shown at is left out of it. */
export function useSaidProblem(): (problem: ShownProblem) => Said {
  const { t, i18n } = useTranslation('editor');
  const { language } = i18n;
  return useCallback(
    (problem) =>
      problem.code === 'required' || problem.code === 'duplicate_id'
        ? { text: t(`codes.${problem.code}`), original: null }
        : sayProblem(language, problem, withoutPath(problem)),
    [t, language],
  );
}

/** @param except places within this one that show theirs themselves */
export function useProblemsAt(place: string, except: readonly string[] = []): PlaceProblems {
  const { all, isTouched } = useContext(ProblemsContext);
  const say = useSaidProblem();
  const here = problemsIn(all, place, except) as ShownProblem[];
  const shown = here.filter(({ code, isWarning }) => !isWarning && (code !== 'required' || isTouched(place)));
  const warnings = here.filter(({ isWarning }) => isWarning);
  const join = (problems: ShownProblem[]): string | undefined =>
    problems.length === 0
      ? undefined
      : problems
          .slice(0, 3)
          .map((problem) => say(problem).text)
          .join(' ');
  return { error: join(shown), warning: join(warnings) };
}
