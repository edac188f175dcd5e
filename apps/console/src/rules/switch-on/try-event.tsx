import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExplainedRule } from '../../explain/explained-rule.tsx';
import { WhatIfNotes } from '../../explain/what-if-notes.tsx';
import { api, dataOf, type Rule } from '../../shared/client.ts';
import { eventTopics, topicFor, type EventTopic } from '../../shared/rule/example-event.ts';
import { knownLoginQuery } from '../../shared/rule/known-account.ts';
import { recentEventsQuery } from '../../shared/rule/recent-events.ts';
import { FailureNote } from '../../shared/failure-note.tsx';
import { useWrite } from '../../shared/use-write.ts';
import { toDefinition } from '../rule-definition.ts';
import { readEvent, sampleEvent } from './sample-event.ts';

type Source = 'pasted' | 'recorded';
type AskedEvent = { event: Record<string, unknown>; topic: EventTopic } | { event_id: string };

/** What the rule would do about one event. Nothing is done. */
export function TryEvent({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const [source, setSource] = useState<Source>('pasted');
  const { data: login = null } = useQuery(knownLoginQuery);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? sampleEvent(rule, login);
  const [topic, setTopic] = useState<EventTopic>(() => topicFor(rule.trigger_event));
  const [eventId, setEventId] = useState('');
  const listId = useId();
  const recent = useQuery({ ...recentEventsQuery(rule.trigger_event), enabled: source === 'recorded' });
  const [mistake, setMistake] = useState<string | null>(null);
  const asked = useWrite((event: AskedEvent) => askWhatIf(rule, event));
  const ask = (): void => {
    setMistake(null);
    if (source === 'recorded') return asked.write({ event_id: eventId.trim() });
    try {
      asked.write({ event: readEvent(text), topic });
    } catch (error) {
      setMistake(error instanceof Error ? error.message : '');
    }
  };
  return (
    <form
      aria-label={t('try.form')}
      // What was said of another event is no answer about this one.
      onChange={() => asked.reset()}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <Stack gap="sm" align="stretch">
        <NativeSelect
          label={t('try.source')}
          value={source}
          onChange={({ currentTarget }) => setSource(currentTarget.value === 'recorded' ? 'recorded' : 'pasted')}
          data={[
            { value: 'pasted', label: t('try.pasted') },
            { value: 'recorded', label: t('try.recorded') },
          ]}
        />
        {source === 'recorded' ? (
          <>
            <TextInput
              label={t('try.eventId')}
              description={t('try.eventIdHelp')}
              list={listId}
              value={eventId}
              required
              maxLength={1024}
              onChange={({ currentTarget }) => setEventId(currentTarget.value)}
            />
            <datalist id={listId}>
              {recent.data?.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </datalist>
          </>
        ) : (
          <>
            <NativeSelect
              label={t('try.topic')}
              data={[...eventTopics]}
              value={topic}
              onChange={({ currentTarget }) =>
                setTopic(eventTopics.find((one) => one === currentTarget.value) ?? 'crm.events')
              }
            />
            <Textarea
              label={t('try.event')}
              description={t('try.eventHelp')}
              error={
                mistake === null ? null : (
                  <>
                    {t('try.noJson')} <span lang="en">{mistake}</span>
                  </>
                )
              }
              value={text}
              rows={9}
              spellCheck={false}
              styles={{ input: { fontFamily: 'monospace' } }}
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </>
        )}
        <Group>
          <Button type="submit" variant="default" loading={asked.isPending}>
            {t('try.ask')}
          </Button>
        </Group>
        {asked.error !== null && <FailureNote error={asked.error} />}
        <div role="status">{asked.data !== undefined && <Outcome answer={asked.data} ruleId={rule.id} />}</div>
      </Stack>
    </form>
  );
}

type Answer = Awaited<ReturnType<typeof askWhatIf>>;

function askWhatIf(rule: Rule, event: AskedEvent) {
  // Looked at as if it were switched on.
  const body = { ...event, rule: toDefinition(rule, rule.status === 'shadow' ? 'shadow' : 'active') };
  return dataOf(api.POST('/api/workflow/what-if', { body }));
}

/** First what this rule would do, then the others. */
function Outcome({ answer, ruleId }: { answer: Answer; ruleId: string }) {
  const { t } = useTranslation('rules');
  const mine = answer.rules.find(({ rule_id }) => rule_id === ruleId);
  const others = answer.rules.filter(({ rule_id }) => rule_id !== ruleId);
  return (
    <Stack gap="xs">
      {mine === undefined ? (
        <Text fw={700}>✗ {t('try.noPart')}</Text>
      ) : (
        <ExplainedRule rule={mine} rules={answer.rules} isOpen startsNothing={answer.starts_nothing} />
      )}
      <WhatIfNotes notes={answer.notes} />
      {others.length > 0 && (
        <details>
          <summary>{t('try.others', { count: others.length })}</summary>
          {others.map((one) => (
            <ExplainedRule key={one.rule_id} rule={one} rules={answer.rules} />
          ))}
        </details>
      )}
    </Stack>
  );
}
