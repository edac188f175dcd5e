import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule, RuleVersion } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';
import { RuleChanges } from './rule-changes.tsx';
import { versionsQuery } from './rules.queries.ts';

interface Props {
  rule: Rule;
  /** Null: this person may not roll back. */
  onRolledBack: ((rule: Rule) => void) | null;
}

/** Who changed what of a rule, newest first. */
export function RuleVersions({ rule, onRolledBack }: Props) {
  const { t } = useTranslation('rules');
  const [cursor, setCursor] = useState<string | undefined>();
  const [asked, setAsked] = useState<number | null>(null);
  const { data, error, refetch } = useQuery(versionsQuery(rule.id, cursor));
  if (error !== null) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { versions, next_cursor } = data;
  return (
    <>
      <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('versions')}>
        {versions.map((one) => (
          <Paper component="li" withBorder p="sm" key={one.version}>
            <Version
              version={one}
              onRollBack={
                onRolledBack === null || one.version >= rule.version || one.deleted || rule.status === 'archived'
                  ? null
                  : () => setAsked(one.version)
              }
            />
          </Paper>
        ))}
      </Stack>
      <Group>
        {cursor !== undefined && (
          <Button size="xs" variant="default" onClick={() => setCursor(undefined)}>
            {t('newestVersions')}
          </Button>
        )}
        {next_cursor !== null && (
          <Button size="xs" variant="default" onClick={() => setCursor(next_cursor)}>
            {t('olderVersions')}
          </Button>
        )}
      </Group>
      {asked !== null && onRolledBack !== null && (
        <RollbackDialog
          key={asked}
          rule={rule}
          to={asked}
          onTaken={(written) => {
            setAsked(null);
            onRolledBack(written);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Version({ version, onRollBack }: { version: RuleVersion; onRollBack: (() => void) | null }) {
  const { t } = useTranslation('rules');
  const name = t('version', { version: version.version });
  return (
    <Stack gap={4} align="flex-start">
      <Text component="div">
        <b>{name}</b> · <When at={version.at} /> · <Untrusted text={version.by} />
        {version.deleted && ` · ${t('deleted')}`}
      </Text>
      <details>
        <summary>{t('changes.count', { count: version.changes.length })}</summary>
        <RuleChanges changes={version.changes} label={t('changes.of', { name })} />
      </details>
      {onRollBack !== null && (
        <Button size="compact-sm" variant="default" onClick={onRollBack}>
          {t('rollBackTo', { name })}
        </Button>
      )}
    </Stack>
  );
}
