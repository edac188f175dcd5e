import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import type { ActionOutcome, LiveRun } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { ruleWords } from '../shared/rule/rule-words.ts';
import { sayError } from '../shared/said/said.ts';
import { SaidText } from '../shared/said/said-text.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { sayReport } from './action-report.de.ts';
import { EventDeliveries } from './event-deliveries.tsx';
import { runDeliveriesQuery, runEventsQuery } from './runs.queries.ts';

const signs = { completed: '✓', failed: '✗', skipped: '»', not_run: '–', running: '▸' } as const;

/** Each action with what became of it, in the order of the rule. */
export function RunActions({ actions }: { actions: ActionOutcome[] }) {
  const { t, i18n } = useTranslation('runs');
  const words = ruleWords(i18n.language).actions;
  const label = (type: string): string | undefined => (Object.hasOwn(words, type) ? words[type]?.label : undefined);
  const language = i18n.language;
  if (actions.length === 0) return <Text>{t('noActions')}</Text>;
  return (
    <ol className="timeline" aria-label={t('actions')}>
      {actions.map(({ index, type, status, attempts, started_at, finished_at, detail, report, error }) => (
        <li key={index}>
          <span aria-hidden>{signs[status]}</span> <b>{label(type) ?? type}</b>: {t(`outcomes.${status}`)}
          {attempts > 0 && `, ${t('attempts', { count: attempts })}`}
          {label(type) !== undefined && (
            <Text span size="sm" c="dimmed">
              {' '}
              {type}
            </Text>
          )}
          {started_at !== null && (
            <Text size="sm" c="dimmed">
              <When at={started_at} /> – <When at={finished_at} />
            </Text>
          )}
          {detail !== undefined && (
            <Text size="sm">
              <Untrusted text={sayReport(language, report, detail)} />
            </Text>
          )}
          {error !== undefined && (
            <Text component="div" size="sm">
              <b>{error.code}</b>: <SaidText said={sayError(language, error.code, error.message)} />
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}

export function RunInterventions({ interventions }: { interventions: NonNullable<LiveRun['interventions']> }) {
  const { t } = useTranslation('runs');
  if (interventions.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('interventions')}
      </Title>
      <ol className="timeline" aria-label={t('interventions')}>
        {interventions.map(({ what, by, reason, at }) => (
          <li key={`${what} ${at}`}>
            {t(`done.${what}`)}, <Untrusted text={by} />, <When at={at} />
            {reason !== null && (
              <Text size="sm">
                <Untrusted text={reason} />
              </Text>
            )}
          </li>
        ))}
      </ol>
    </Stack>
  );
}

/** What subscribers were told of the run, and for administrators what became of it. */
export function RunEvents({ runId }: { runId: string }) {
  const { t } = useTranslation('runs');
  const session = useSession();
  const { data, error } = useQuery(runEventsQuery(runId));
  const { data: deliveries = [] } = useQuery(runDeliveriesQuery(runId, isAdministrator(session)));
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('events')}
      </Title>
      {error !== null && <FailureNote error={error} />}
      {data?.length === 0 && <Text>{t('noEvents')}</Text>}
      {data !== undefined && data.length > 0 && (
        <ol className="timeline" aria-label={t('events')}>
          {data.map(({ id, type, time }) => (
            <li key={id}>
              {type}, <When at={time} />
              <EventDeliveries eventId={id} deliveries={deliveries} />
            </li>
          ))}
        </ol>
      )}
    </Stack>
  );
}
