import './texts.ts';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BulkOperation } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { BulkOutcomes } from './bulk-outcomes.tsx';
import { BulkProgress } from './bulk-progress.tsx';
import { BulkStatus } from './bulk-status.tsx';
import { bulkQuery } from './bulk.queries.ts';
import { FilterText } from './filter-text.tsx';
import { StopBulk } from './stop-bulk.tsx';

const route = getRouteApi('/bulk-operations/$bulkId');

export function BulkPage() {
  const { bulkId } = route.useParams();
  const { data, error, refetch } = useQuery(bulkQuery(bulkId));
  return (
    <Stack>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <BulkView key={bulkId} operation={data} />}
    </Stack>
  );
}

function BulkView({ operation }: { operation: BulkOperation }) {
  const { t } = useTranslation('bulk');
  const search = route.useSearch();
  return (
    <>
      <PageTitle text={t('one', { command: t(`names.${operation.command}`) })} />
      <span role="status">
        <BulkStatus status={operation.status} />
      </span>
      <BulkProgress operation={operation} />
      {operation.finished_at === null && <StopBulk operation={operation} />}
      <BulkFacts operation={operation} />
      <BulkOutcomes operation={operation} search={search} />
    </>
  );
}

function BulkFacts({ operation }: { operation: BulkOperation }) {
  const { t } = useTranslation('bulk');
  const { id, filter, reason, brands, stopped_by, error } = operation;
  return (
    <Facts>
      <Fact name={t('filter')}>
        <FilterText filter={filter} />
      </Fact>
      <Fact name={t('brands')}>{brands !== null && <Untrusted text={brands.join(', ')} isClipped />}</Fact>
      <Fact name={t('reason')}>{reason !== null && <Untrusted text={reason} />}</Fact>
      <Fact name={t('columns.by')}>
        <Untrusted text={operation.by} isClipped />
      </Fact>
      <Fact name={t('until')}>
        <When at={operation.until} />
      </Fact>
      <Fact name={t('columns.created')}>
        <When at={operation.created_at} />
      </Fact>
      <Fact name={t('finished')}>
        <When at={operation.finished_at} />
      </Fact>
      <Fact name={t('stoppedBy')}>{stopped_by !== null && <Untrusted text={stopped_by} isClipped />}</Fact>
      <Fact name={t('columns.why')}>{error !== null && <Untrusted text={error} />}</Fact>
      <Fact name={t('id')}>
        <Untrusted text={id} /> <CopyButton value={id} what={t('id')} />
      </Fact>
    </Facts>
  );
}
