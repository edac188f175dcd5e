import { Anchor, Group, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Original } from '../shared/said/said-text.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import type { ShownProblem } from './editor-tools.ts';
import { usePlaceName } from './use-place-name.ts';
import { useSaidProblem } from './use-problems.ts';
import type { Validation } from './use-validation.ts';

/** Longer lists are of no use to a person. */
const most = 50;

interface Props {
  validation: Validation;
  /** Places are named as the form names them, and not by their paths. */
  isForm: boolean;
  onJump: (path: string) => void;
}

/** All that is wrong or doubtful; each leads to its place. */
export function ProblemList({ validation, isForm, onJump }: Props) {
  const { t } = useTranslation('editor');
  const { problems, isCurrent, error } = validation;
  const errors = problems.filter(({ isWarning }) => !isWarning);
  const warnings = problems.filter(({ isWarning }) => isWarning);
  const counted = [
    ...(errors.length > 0 ? [t('unfinished', { count: errors.length })] : []),
    ...(warnings.length > 0 ? [t('warnings', { count: warnings.length })] : []),
  ].join(', ');
  const state =
    error !== null ? t('unchecked') : counted !== '' ? counted : isCurrent ? t('noProblems') : t('checking');
  return (
    <Stack component="section" aria-label={t('problems')} gap="xs">
      <Text role="status" fw={600}>
        {state}
      </Text>
      {problems.length > 0 && (
        <List size="sm" listStyleType="none">
          {[...errors, ...warnings].slice(0, most).map((problem) => (
            <List.Item key={`${problem.path} ${problem.code} ${problem.message}`}>
              <ProblemLink problem={problem} isForm={isForm} onJump={onJump} />
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}

function ProblemLink({ problem, isForm, onJump }: Omit<Props, 'validation'> & { problem: ShownProblem }) {
  const { t } = useTranslation('editor');
  const { text, original } = useSaidProblem()(problem);
  const placeName = usePlaceName();
  const { path, code, isWarning } = problem;
  const where = isForm ? placeName(path) : path;
  const sign = isWarning ? `⚠ ${t('warning')}` : code === 'required' ? `○ ${t('missing')}` : `✗ ${t('mistake')}`;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Text span size="sm" style={{ whiteSpace: 'nowrap' }}>
        {sign}
      </Text>
      <div>
        <Anchor component="button" type="button" size="sm" ta="start" onClick={() => onJump(path)}>
          <Untrusted text={`${where === '' ? '' : `${where}: `}${text}`} />
        </Anchor>
        <Original text={original} />
      </div>
    </Group>
  );
}
