import './texts.ts';
import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFilters } from '../runs/runs-search.ts';
import { bulkCommandsFor, type BulkCommand } from './bulk.queries.ts';
import { BulkDialog } from './bulk-dialog.tsx';

/** What an administrator may do to all runs that the filter finds, on whatever page they are. */
export function BulkCommands({ filters }: { filters: RunFilters }) {
  const { t } = useTranslation('bulk');
  const [asked, setAsked] = useState<BulkCommand | null>(null);
  return (
    <Group gap="xs" role="group" aria-label={t('all')}>
      {bulkCommandsFor(filters).map((command) => (
        <Button key={command} size="xs" variant="default" onClick={() => setAsked(command)}>
          {t(`commands.${command}`)}
        </Button>
      ))}
      <Link to="/bulk-operations">{t('list')}</Link>
      {asked !== null && <BulkDialog command={asked} filters={filters} onClose={() => setAsked(null)} />}
    </Group>
  );
}
