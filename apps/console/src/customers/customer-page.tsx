import '../crm/texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ViewLinks } from '../crm/view-links.tsx';
import { ApiFailure } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { CustomerFacts } from './customer-facts.tsx';
import { CustomerRecords } from './customer-records.tsx';
import { customerViews } from './customer-search.ts';
import { customerQuery } from './customer.queries.ts';

const route = getRouteApi('/customers/$customerId');

export function CustomerPage() {
  const { t } = useTranslation('crm');
  const { customerId } = route.useParams();
  const search = route.useSearch();
  const { brand, view = 'tasks' } = search;
  return (
    <Stack>
      <PageTitle text={t('customer', { id: customerId })} />
      <KnownCustomer id={customerId} brand={brand} />
      <ViewLinks views={customerViews} current={view} search={brand === undefined ? {} : { brand }} />
      <CustomerRecords key={view} view={view} customerId={customerId} search={search} />
    </Stack>
  );
}

/** Runs may be about a customer whom the directory does not know. */
function KnownCustomer({ id, brand }: { id: string; brand: string | undefined }) {
  const { t } = useTranslation('crm');
  const { data, error, refetch } = useQuery(customerQuery(id, brand));
  if (data !== undefined) return <CustomerFacts customer={data} />;
  if (error instanceof ApiFailure && error.code === 'customer_not_found') return <Text>{t('notInDirectory')}</Text>;
  // That something is loading is said once, by the list below.
  return error === null ? null : <FailureNote error={error} onRetry={() => void refetch()} />;
}
