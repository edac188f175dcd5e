import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EventExplanation, RuleExplanation } from '../shared/client.ts';
import { RuleActions } from '../rules/rule-actions.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { fromVerdicts } from './condition-node.ts';
import { ConditionTree } from './condition-tree.tsx';
import './texts.ts';

type Run = EventExplanation['rules'][number]['run'];

interface Props {
  rule: RuleExplanation & { run?: Run };
  /** All that were asked about the event, for their names. */
  rules: readonly RuleExplanation[];
  isOpen?: boolean;
  /** No rule runs for the event, although this one may match. */
  startsNothing?: boolean;
}

const signs: Record<RuleExplanation['verdict'], string> = {
  runs: '✓',
  shadow: '◐',
  stopped: '⏸',
  no_match: '✗',
  not_in_use: '○',
  unusable: '⚠',
};

/** Why a rule runs, or does not. */
export function ExplainedRule({ rule, rules, isOpen = false, startsNothing = false }: Props) {
  const { t } = useTranslation('explain');
  const { rule_id, rule_name, version, verdict, stopped_by, run, conditions, actions, truncated } = rule;
  const doesSomething = verdict === 'runs' || verdict === 'shadow';
  return (
    <Paper withBorder p="sm" my="xs" component="article" aria-label={rule_name.slice(0, 100)}>
      <Stack gap="xs">
        <Group gap="xs">
          <Badge variant="default">
            {startsNothing && doesSomething
              ? `✗ ${t('startsNothing')}`
              : `${signs[verdict]} ${t(`verdicts.${verdict}`)}`}
          </Badge>
          <Link to="/rules/$ruleId" params={{ ruleId: rule_id }}>
            <Untrusted text={rule_name} isClipped />
          </Link>
          <Text size="sm">
            {version > 0 && t('version', { version })}
            {version > 0 && rule.order !== null && ' · '}
            {rule.order !== null && t('order', { order: rule.order })}
          </Text>
        </Group>
        {stopped_by !== null && (
          <Text>
            {t('stoppedBy')}{' '}
            <Link to="/rules/$ruleId" params={{ ruleId: stopped_by }}>
              <Untrusted text={rules.find((one) => one.rule_id === stopped_by)?.rule_name ?? stopped_by} isClipped />
            </Link>
          </Text>
        )}
        {verdict === 'not_in_use' && <Text>{rule.matches ? t('wouldMatch') : t('wouldNotMatch')}</Text>}
        {run != null && <WhatBecameOfIt run={run} />}
        <details open={isOpen}>
          <summary>{t('conditions')}</summary>
          <ConditionTree roots={fromVerdicts(conditions)} label={t('conditions')} />
          {truncated && <Text size="sm">… {t('truncated')}</Text>}
        </details>
        {doesSomething && (
          <details open={isOpen}>
            <summary>{t('actions')}</summary>
            <RuleActions actions={actions} label={t('actions')} />
          </details>
        )}
      </Stack>
    </Paper>
  );
}

const reasons = ['shadow', 'stop_after', 're_enroll', 'limit', 'discarded', 'released'] as const;

function WhatBecameOfIt({ run: { run_id, status, reason } }: { run: NonNullable<Run> }) {
  const { t } = useTranslation('explain');
  const known = reasons.find((one) => one === reason);
  return (
    <Text component="div">
      {t(`runs.${status}`)}{' '}
      {reason !== null && (known === undefined ? <Untrusted text={`(${reason})`} /> : t(`reasons.${known}`))}{' '}
      <Link to="/runs/$runId" params={{ runId: run_id }}>
        {t('toRun')}
      </Link>
    </Text>
  );
}
