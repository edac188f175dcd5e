import { List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { components } from '../shared/api-types.ts';
import { ruleWords, wordFor } from '../shared/rule/rule-words.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { useTools } from './editor-tools.ts';

export type Explanation = components['schemas']['RuleExplanation'];

/** Whether the rule would run, what its conditions saw, and its actions with their texts filled in. */
export function PreviewOutcome({
  explanation,
  notes,
}: {
  explanation: Explanation | undefined;
  notes: readonly string[];
}) {
  const { t } = useTranslation('editor');
  const verdicts = {
    runs: 'previewRuns',
    shadow: 'previewRuns',
    stopped: 'previewStopped',
    no_match: 'previewNot',
  } as const;
  const verdict = explanation?.verdict ?? null;
  const known = verdict !== null && verdict in verdicts ? verdicts[verdict as keyof typeof verdicts] : 'previewOther';
  return (
    <Stack gap="xs">
      <Text fw={600}>{t(known)}</Text>
      {explanation !== undefined && <Details explanation={explanation} />}
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          <Untrusted text={note} />
        </Text>
      ))}
    </Stack>
  );
}

function Details({ explanation: { actions, conditions } }: { explanation: Explanation }) {
  const { t } = useTranslation('editor');
  const { language } = useTools();
  const words = ruleWords(language);
  const leaves = conditions.filter(({ field }) => field !== undefined);
  const rendered = Array.isArray(actions)
    ? (actions as { type?: unknown; params?: Record<string, unknown>; issue?: unknown }[])
    : [];
  return (
    <>
      {leaves.length > 0 && (
        <List size="sm" aria-label={t('previewConditions')} listStyleType="none">
          {leaves.map(({ path, field = '', operator = '', seen, holds }) => (
            <List.Item key={path}>
              {holds ? '✓' : '✗'} {wordFor(words.fields, field)} {wordFor(words.operators, operator)}:{' '}
              {t(holds ? 'holds' : 'holdsNot')},{' '}
              <Untrusted text={t('seen', { value: JSON.stringify(seen ?? null) })} isClipped />
            </List.Item>
          ))}
        </List>
      )}
      <List size="sm" type="ordered" aria-label={t('previewActions')}>
        {rendered.map(({ type, params = {}, issue }, index) => (
          // The actions of one answer stay in their order.
          <List.Item key={index}>
            {words.actions[String(type)]?.label ?? String(type)}
            {Object.entries(params).map(([name, value]) => (
              <div key={name}>
                {name}: <Untrusted text={typeof value === 'string' ? value : JSON.stringify(value)} isClipped />
              </div>
            ))}
            {typeof issue === 'string' && (
              <div>
                ✗ <Untrusted text={issue} />
              </div>
            )}
          </List.Item>
        ))}
      </List>
    </>
  );
}
