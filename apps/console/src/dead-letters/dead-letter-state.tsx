import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LetterState } from './dead-letters-search.ts';

export function DeadLetterState({ state }: { state: LetterState }) {
  const { t } = useTranslation('deadLetters');
  return <Badge variant="default">{t(`states.${state}`)}</Badge>;
}
