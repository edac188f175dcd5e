import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from './runs-search.ts';

const signs = { running: '▸', paused: '‖', held: '◌', failed: '✗', completed: '✓', skipped: '»' } as const;

/** The status in words and as a sign, so that no colour has to say it. */
export function RunStatusLabel({ status }: { status: RunStatus }) {
  const { t } = useTranslation('runs');
  return (
    <Badge variant="default" leftSection={<span aria-hidden>{signs[status]}</span>}>
      {t(`statuses.${status}`)}
    </Badge>
  );
}
