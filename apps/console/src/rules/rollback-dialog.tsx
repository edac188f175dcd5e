import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import type { Rule } from '../shared/client.ts';
import { useRuleWrite } from './use-rule-write.ts';
import { rollbackImpactQuery } from './rules.queries.ts';
import { RuleChanges } from './rule-changes.tsx';

interface Props {
  rule: Rule;
  /** The version whose content comes back. */
  to: number;
  onTaken: (rule: Rule) => void;
  onClose: () => void;
}

/** Shows what would be different from now, and asks. */
export function RollbackDialog({ rule, to, onTaken, onClose }: Props) {
  const { t } = useTranslation('rules');
  const { data } = useQuery(rollbackImpactQuery(rule, to));
  const { write, isPending, error } = useRuleWrite(rule.id, onTaken);
  return (
    <AskDialog
      title={t('rollBackTo', { name: t('version', { version: to }) })}
      text={t('rollBackText', { to, status: t(`statuses.${rule.status}`) })}
      confirm={t('rollBack')}
      isPending={isPending}
      error={error}
      onConfirm={() => write({ rollBackTo: to, version: rule.version })}
      onClose={onClose}
    >
      {data !== undefined && <RuleChanges changes={data.changes} label={t('rollBackChanges')} />}
    </AskDialog>
  );
}
