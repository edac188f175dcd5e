import { Alert, Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../shared/client.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { RuleChanges } from './rule-changes.tsx';
import { versionQuery } from './rules.queries.ts';

/** Says that others have changed the rule, and what. */
export function NewerVersion({ newer, onShow }: { newer: Rule; onShow: () => void }) {
  const { t } = useTranslation('rules');
  const { data } = useQuery(versionQuery(newer.id, newer.version));
  return (
    <Alert role="alert" variant="default" title={`⚠ ${t('newer.title', { version: newer.version })}`}>
      <Stack gap="xs" align="flex-start">
        <span>
          {t('newer.by')} <Untrusted text={newer.updated_by} isClipped />, <When at={newer.updated_at} />.{' '}
          {t('newer.text')}
        </span>
        {data !== undefined && <RuleChanges changes={data.changes} label={t('newer.changes')} />}
        <Button size="xs" variant="default" onClick={onShow}>
          {t('newer.show')}
        </Button>
      </Stack>
    </Alert>
  );
}
