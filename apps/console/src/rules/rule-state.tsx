import { Badge, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isAdministrator, type SessionState } from '../session/session.ts';
import type { RuleStatus } from './rules-search.ts';

const signs: Record<RuleStatus, string> = { active: '●', shadow: '◐', draft: '✎', inactive: '○', archived: '✕' };

/** Whether the session may change a rule: one of every brand is nothing for a session of some. */
export function mayWrite(state: SessionState, { brand }: { brand: string | null }): boolean {
  const brands = state.session?.brands ?? null;
  return isAdministrator(state) && (brands === null || (brand !== null && brands.includes(brand)));
}

/** A sign and a word: colour alone says nothing. */
export function RuleStatusLabel({ status }: { status: RuleStatus }) {
  const { t } = useTranslation('rules');
  return (
    <Badge variant="default">
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
