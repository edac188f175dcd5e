import { Checkbox, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { runColumns, type RunColumn } from './run-columns.ts';

interface Props {
  shown: readonly RunColumn[];
  onToggle: (column: RunColumn) => void;
}

export function ColumnChoice({ shown, onToggle }: Props) {
  const { t } = useTranslation('runs');
  return (
    <details>
      <summary>{t('chooseColumns')}</summary>
      <Group role="group" aria-label={t('chooseColumns')} mt="xs">
        {runColumns.map((name) => (
          <Checkbox
            key={name}
            label={t(`columns.${name}`)}
            checked={shown.includes(name)}
            disabled={name === 'run'}
            onChange={() => onToggle(name)}
          />
        ))}
      </Group>
    </details>
  );
}
