import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Approval } from '../shared/client.ts';
import { isOverdue } from './approvals.queries.ts';

const signs = { open: '…', approved: '✓', rejected: '✗', expired: '⌛', cancelled: '–' } as const;

/** The state in words and as a sign, so that no colour has to say it. */
export function ApprovalState({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals');
  const { state } = approval;
  return (
    <Group gap="xs" component="span">
      <Badge variant="default" leftSection={<span aria-hidden>{signs[state]}</span>}>
        {t(`states.${state}`)}
      </Badge>
      {isOverdue(approval) && (
        <Badge color="red.9" leftSection={<span aria-hidden>!</span>}>
          {t('overdue')}
        </Badge>
      )}
    </Group>
  );
}
