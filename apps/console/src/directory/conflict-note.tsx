import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';
import { differingFields, toText, type AnyRecord } from './field-values.ts';
import type { Kind } from './kinds.ts';

interface Props {
  kind: Kind;
  /** As it was when the form was opened. */
  before: AnyRecord;
  now: AnyRecord;
  onGoOn: () => void;
  onTake: () => void;
}

/** Another writer was faster: what changed, and what can be done. Nothing that was typed is lost. */
export function ConflictNote({ kind, before, now, onGoOn, onTake }: Props) {
  const { t } = useTranslation('directory');
  const differing = differingFields(kind, before, now);
  return (
    <Alert role="alert" variant="default" title={`✗ ${t('conflict.title')}`}>
      <Stack gap="xs">
        <Text>{t(differing.length === 0 ? 'conflict.nothing' : 'conflict.text')}</Text>
        <ul>
          {differing.map(({ name }) => (
            <li key={name}>
              {t(`fields.${name}`)}: {t('conflict.was')} <Value value={before[name]} />, {t('conflict.isNow')}{' '}
              <Value value={now[name]} />
            </li>
          ))}
        </ul>
        <Group>
          <Button variant="default" onClick={onGoOn}>
            {t('conflict.over')}
          </Button>
          <Button variant="default" onClick={onTake}>
            {t('conflict.take')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Value({ value }: { value: unknown }) {
  const text = toText(value);
  return text === '' ? <>–</> : <Untrusted text={text.slice(0, 300)} isClipped />;
}
