import { useCallback, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemsContext, type ShownProblem } from './editor-tools.ts';
import { problemsIn, withoutPath } from './model/problem-places.ts';

const codes = [
  'required',
  'wrong_value',
  'wrong_type',
  'too_long',
  'too_many',
  'too_deep',
  'duplicate',
  'unknown_field',
  'unknown_operator',
  'unknown_key',
  'unknown_action',
  'unknown_param',
  'wrong_reference',
  'unknown_reference',
  'unknown_trigger',
  'unsuited_operator',
  'action_disabled',
  'too_few_approvers',
] as const;

export interface PlaceProblems {
  /** Undefined: there is none, or what is missing was not come to yet. */
  error: string | undefined;
  warning: string | undefined;
}

/** Says a problem in the language of the person; what the server says in English comes behind it. */
export function useProblemText(): (problem: ShownProblem) => string {
  const { t } = useTranslation('editor');
  return useCallback(
    (problem) => {
      const code = codes.find((one) => one === problem.code);
      const said = withoutPath(problem);
      if (code === 'required') return t('codes.required');
      return code === undefined ? said : `${t(`codes.${code}`)} (${said})`;
    },
    [t],
  );
}

/** @param except places within this one that show theirs themselves */
export function useProblemsAt(place: string, except: readonly string[] = []): PlaceProblems {
  const { all, isTouched } = useContext(ProblemsContext);
  const text = useProblemText();
  const here = problemsIn(all, place, except) as ShownProblem[];
  const shown = here.filter(({ code, isWarning }) => !isWarning && (code !== 'required' || isTouched(place)));
  const warnings = here.filter(({ isWarning }) => isWarning);
  const join = (problems: ShownProblem[]): string | undefined =>
    problems.length === 0 ? undefined : problems.slice(0, 3).map(text).join(' ');
  return { error: join(shown), warning: join(warnings) };
}
