import { Button, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf, type RuleExplanation } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { useTools } from './editor-tools.ts';
import type { JsonObject } from './model/condition-tree.ts';
import { exampleEvent } from '../shared/rule/example-event.ts';
import { knownLoginQuery } from '../shared/rule/known-account.ts';
import { recentEventsQuery } from '../shared/rule/recent-events.ts';
import { PreviewOutcome } from './preview-outcome.tsx';

interface Props {
  rule: JsonObject;
  /** The rule as JSON. */
  json: string;
  trigger: string;
}

const sources = ['recent', 'id', 'written'] as const;
type Source = (typeof sources)[number];

/** What the rule, as it is typed, would do about one event: its texts filled in, and what its conditions saw. */
export function Preview({ rule, json, trigger }: Props) {
  const { t } = useTranslation('editor');
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('preview')}</summary>
      {isOpen && <Question key={trigger} rule={rule} json={json} trigger={trigger} />}
    </details>
  );
}

function Question({ rule, json, trigger }: Props) {
  const { t } = useTranslation('editor');
  const { registry } = useTools();
  const { data: ids = [] } = useQuery(recentEventsQuery(trigger));
  const source = registry.triggers.find(({ name }) => name === trigger)?.source ?? 'crm.events';
  const [chosen, setChosen] = useState<Source | null>(null);
  const from = chosen ?? (ids.length > 0 ? 'recent' : 'written');
  const [id, setId] = useState('');
  const { data: login = null } = useQuery(knownLoginQuery);
  const [typed, setTyped] = useState<string | null>(null);
  const written = typed ?? JSON.stringify(exampleEvent(trigger, source, login), null, 2);
  const eventId = from === 'recent' ? (ids.includes(id) ? id : (ids[0] ?? '')) : id.trim();
  const isJson = parses(written);
  const ask = useMutation({
    mutationFn: () => whatIf(from === 'written' ? { event: written, topic: source } : { eventId }, json),
  });
  const isReady = from === 'written' ? isJson : eventId !== '';
  return (
    <Stack gap="sm" pt="sm" align="flex-start">
      <Text size="sm">{t('previewHelp')}</Text>
      <NativeSelect
        label={t('previewSource')}
        value={from}
        onChange={({ currentTarget: { value } }) => {
          ask.reset();
          setChosen(sources.find((one) => one === value) ?? null);
        }}
        data={sources
          .filter((one) => one !== 'recent' || ids.length > 0)
          .map((one) => ({ value: one, label: t(`previewSources.${one}`) }))}
      />
      {from === 'recent' && (
        <NativeSelect
          label={t('previewRecent')}
          description={t('previewNone')}
          value={eventId}
          onChange={({ currentTarget }) => {
            ask.reset();
            setId(currentTarget.value);
          }}
          data={ids}
          maw="100%"
        />
      )}
      {from === 'id' && (
        <TextInput
          label={t('previewId')}
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          autoComplete="off"
        />
      )}
      {from === 'written' && (
        <Textarea
          w="100%"
          label={t('previewJson')}
          value={written}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          rows={8}
          spellCheck={false}
          {...(!isJson && { error: t('previewNotJson') })}
        />
      )}
      <Button size="xs" variant="default" onClick={() => ask.mutate()} disabled={!isReady || ask.isPending}>
        {t('previewRun')}
      </Button>
      {ask.error !== null && <FailureNote error={ask.error} />}
      <div role="status">
        {ask.data !== undefined && (
          <PreviewOutcome
            explanation={ask.data.rules.find((one) => isThis(one, rule))}
            rules={ask.data.rules}
            startsNothing={ask.data.starts_nothing}
            notes={ask.data.notes}
          />
        )}
      </div>
    </Stack>
  );
}

/** The draft is explained under its own id, and under that of no rule while it has none. */
function isThis({ rule_id }: RuleExplanation, rule: JsonObject): boolean {
  return rule_id === (typeof rule['id'] === 'string' ? rule['id'] : 'new');
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function whatIf(event: { event: string; topic: string } | { eventId: string }, rule: string) {
  const asked =
    'eventId' in event
      ? `"event_id":${JSON.stringify(event.eventId)}`
      : `"event":${event.event},"topic":${JSON.stringify(event.topic)}`;
  const bodySerializer = (): string => `{${asked},"rule":${rule}}`;
  return dataOf(api.POST('/api/workflow/what-if', { body: { event: {} }, bodySerializer }));
}
