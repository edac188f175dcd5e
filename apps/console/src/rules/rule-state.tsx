import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RuleStatus } from './rules-search.ts';

const signs: Record<RuleStatus, string> = { active: '●', shadow: '◐', draft: '✎', inactive: '○', archived: '✕' };

/** A sign and a word: colour alone says nothing. */
export function RuleStatusLabel({ status }: { status: RuleStatus }) {
  const { t } = useTranslation('rules');
  return (
    <Badge variant="default" tt="none">
      {signs[status]} {t(`statuses.${status}`)}
    </Badge>
  );
}

const quietMs = 30 * 24 * 60 * 60 * 1000;

/** @param updatedAt since then it may have been another rule @param lastMatch null: it has no run */
export function isQuiet(status: RuleStatus, updatedAt: string, lastMatch: string | null): boolean {
  const before = Date.now() - quietMs;
  const isUsed = status === 'active' || status === 'shadow';
  return isUsed && Date.parse(updatedAt) < before && (lastMatch === null || Date.parse(lastMatch) < before);
}

export function QuietNote() {
  const { t } = useTranslation('rules');
  return <Text size="sm">⚠ {t('quiet')}</Text>;
}
