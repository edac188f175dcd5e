import { Button, Group, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Editing } from './use-editing.ts';

export type View = 'form' | 'yaml';

interface Props {
  view: View;
  onView: (view: View) => void;
  editing: Editing;
  onUndo: () => void;
  onRedo: () => void;
}

/** Form or YAML, which has an Undo of its own. */
export function ViewBar({ view, onView, editing: { canUndo, canRedo }, onUndo, onRedo }: Props) {
  const { t } = useTranslation('editor');
  return (
    <Group justify="space-between">
      <SegmentedControl
        aria-label={t('views')}
        value={view}
        onChange={(next) => onView(next === 'yaml' ? 'yaml' : 'form')}
        data={[
          { value: 'form', label: t('form') },
          { value: 'yaml', label: t('yaml') },
        ]}
      />
      {view === 'form' && (
        <Group gap="xs" role="group" aria-label={t('history')}>
          <Button size="xs" variant="default" onClick={onUndo} disabled={!canUndo}>
            {t('undo')}
          </Button>
          <Button size="xs" variant="default" onClick={onRedo} disabled={!canRedo}>
            {t('redo')}
          </Button>
        </Group>
      )}
    </Group>
  );
}
