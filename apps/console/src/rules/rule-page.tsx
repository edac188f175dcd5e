import './texts.ts';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { RuleView } from './rule-view.tsx';
import { ruleQuery } from './rules.queries.ts';

const route = getRouteApi('/rules/$ruleId');

export function RulePage() {
  const { ruleId } = route.useParams();
  const { data, error, refetch } = useQuery(ruleQuery(ruleId));
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <RuleView key={ruleId} latest={data} />}
    </Stack>
  );
}
