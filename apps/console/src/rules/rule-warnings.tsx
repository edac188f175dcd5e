import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Problem, Rule, RuleWarnings as RuleWarningList } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { sayProblem } from '../shared/said/said.ts';
import { SaidText } from '../shared/said/said-text.tsx';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { warningsQuery } from './rules.queries.ts';

interface CountProps {
  /** Undefined: it is not known, or not yet. */
  warnings: RuleWarningList | undefined;
  /** Whether it was asked for in vain. */
  hasFailed: boolean;
}

/** For the list: how many there are. */
export function WarningCount({ warnings: found, hasFailed }: CountProps) {
  const { t } = useTranslation('rules');
  if (found === undefined) return hasFailed ? '?' : '–';
  const { errors, warnings } = found;
  const told = [
    ...(errors.length > 0 ? [`✗ ${t('errorCount', { count: errors.length })}`] : []),
    ...(warnings.length > 0 ? [`⚠ ${t('warningCount', { count: warnings.length })}`] : []),
  ];
  return <Text size="sm">{told.length === 0 ? t('noWarnings') : told.join(', ')}</Text>;
}

/** What is wrong with a rule as it is stored. */
export function RuleWarnings({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const { data, error, refetch } = useQuery(warningsQuery(rule));
  if (error !== null) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <>
      {!data.valid && <Text fw={700}>✗ {t('notValid')}</Text>}
      <Problems problems={data.errors} sign="✗" label={t('errors')} />
      <Problems problems={data.warnings} sign="⚠" label={t('warnings')} />
      {data.errors.length + data.warnings.length === 0 && <Text>✓ {t('noWarnings')}</Text>}
    </>
  );
}

interface ProblemsProps {
  problems: readonly Problem[];
  sign: string;
  label: string;
}

export function Problems({ problems, sign, label }: ProblemsProps) {
  const language = useLanguage();
  if (problems.length === 0) return null;
  return (
    <List aria-label={label} listStyleType="none" spacing="xs">
      {problems.map((problem) => (
        <List.Item key={`${problem.path} ${problem.code} ${problem.message}`}>
          {sign} <SaidText said={sayProblem(language, problem)} />
          {problem.path !== '' && (
            <Text size="sm" c="dimmed">
              <Untrusted text={problem.path} isClipped />
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  );
}
