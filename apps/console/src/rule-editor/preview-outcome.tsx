import { Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { fromVerdicts } from '../explain/condition-node.ts';
import { ConditionTree } from '../explain/condition-tree.tsx';
import { WhatIfNotes } from '../explain/what-if-notes.tsx';
import { RuleActions } from '../rules/rule-actions.tsx';
import type { RuleExplanation, WhatIfNote } from '../shared/client.ts';
import { Untrusted } from '../shared/untrusted.tsx';

interface Props {
  /** Undefined: the rule has no part in the event. */
  explanation: RuleExplanation | undefined;
  /** Of all rules that were asked, for their names. */
  rules: readonly RuleExplanation[];
  /** No rule at all runs for such an event. */
  startsNothing: boolean;
  notes: readonly WhatIfNote[];
}

const verdicts = { runs: 'previewRuns', shadow: 'previewRuns', no_match: 'previewNot' } as const;

/** Whether the rule would run, what its conditions saw, and its actions with their texts filled in. */
export function PreviewOutcome({ explanation, rules, startsNothing, notes }: Props) {
  const { t } = useTranslation('editor');
  const verdict = explanation?.verdict ?? null;
  const known = verdict !== null && verdict in verdicts ? verdicts[verdict as keyof typeof verdicts] : 'previewOther';
  return (
    <Stack gap="xs">
      {verdict === 'stopped' ? (
        <HeldBack by={explanation?.stopped_by ?? ''} rules={rules} />
      ) : (
        <Text fw={600}>{t(startsNothing && known === 'previewRuns' ? 'previewLost' : known)}</Text>
      )}
      {explanation !== undefined && (
        <>
          <ConditionTree roots={fromVerdicts(explanation.conditions)} label={t('previewConditions')} />
          {Array.isArray(explanation.actions) && explanation.actions.length > 0 && (
            <RuleActions actions={explanation.actions} label={t('previewActions')} />
          )}
        </>
      )}
      <WhatIfNotes notes={notes} />
    </Stack>
  );
}

/** By which rule, and how this one comes first. */
function HeldBack({ by, rules }: { by: string; rules: readonly RuleExplanation[] }) {
  const { t } = useTranslation('editor');
  return (
    <>
      <Text fw={600}>
        {t('previewStopped')}{' '}
        <Link to="/rules/$ruleId" params={{ ruleId: by }} target="_blank">
          <Untrusted text={rules.find(({ rule_id }) => rule_id === by)?.rule_name ?? by} />
        </Link>
      </Text>
      <Text size="sm">{t('previewStoppedHelp')}</Text>
    </>
  );
}
