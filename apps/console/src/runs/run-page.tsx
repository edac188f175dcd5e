import './texts.ts';
import { Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import type { LiveRun } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { sayError } from '../shared/said/said.ts';
import { SaidText } from '../shared/said/said-text.tsx';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { RunActions, RunEvents, RunInterventions } from './run-timeline.tsx';
import { RunControls } from './run-controls.tsx';
import { RunInput } from './run-input.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunStatusLabel } from './run-status.tsx';
import { approvalsOfRunQuery, runQuery } from './runs.queries.ts';

const route = getRouteApi('/runs/$runId');

export function RunPage() {
  const { runId } = route.useParams();
  const { data, error, refetch } = useQuery(runQuery(runId));
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <RunView key={runId} run={data} />}
    </Stack>
  );
}

function RunView({ run }: { run: LiveRun }) {
  const { t } = useTranslation('runs');
  const session = useSession();
  const language = useLanguage();
  return (
    <>
      <PageTitle text={run.rule_name} />
      <Group>
        <span role="status">
          <RunStatusLabel run={run} />
        </span>
        {run.error !== null && (
          <Text component="div">
            <b>{run.error.code}</b>: <SaidText said={sayError(language, run.error.code, run.error.message)} />
          </Text>
        )}
      </Group>
      {isAdministrator(session) && <RunControls run={run} />}
      {run.paused_by !== null && (
        <Text>
          {t('pausedBy')} <Untrusted text={run.paused_by} />
        </Text>
      )}
      <WaitsFor runId={run.run_id} />
      <RunFacts run={run} />
      <Title order={2} size="h4">
        {t('actions')}
      </Title>
      <RunActions actions={run.actions} />
      <RunInterventions interventions={run.interventions ?? []} />
      <RunEvents runId={run.run_id} />
      <RunInput runId={run.run_id} />
    </>
  );
}

/** The people it waits for, and the way to their answer. */
function WaitsFor({ runId }: { runId: string }) {
  const { t } = useTranslation('runs');
  const { data = [] } = useQuery(approvalsOfRunQuery(runId));
  return data.map(({ token, title, action }) => (
    <Text key={action}>
      {t('waitsFor')}{' '}
      {token === null ? (
        <Untrusted text={title} isClipped />
      ) : (
        <Link to="/approvals/$token" params={{ token }}>
          <Untrusted text={title} isClipped />
        </Link>
      )}
    </Text>
  ));
}
