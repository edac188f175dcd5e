import { Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ManagerLink } from '../crm/record-cells.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import type { Customer, CustomerAccount } from './customer.queries.ts';

const texts = ['country', 'language', 'email', 'kyc_status', 'kyc_current_level', 'risk_level'] as const;
const further = ['sales_status', 'retention_status', 'team_id', 'desk'] as const;

/** What the directory holds. */
export function CustomerFacts({ customer }: { customer: Customer }) {
  const { t } = useTranslation(['crm', 'app']);
  const { customer_id, brand, active, assigned_manager_id, more } = customer;
  return (
    <Stack>
      <Facts>
        <Fact name={t('facts.id')}>
          <Untrusted text={customer_id} /> <CopyButton value={customer_id} what={t('facts.id')} />
        </Fact>
        <Fact name={t('app:shared.brand')}>{brand !== null && <Untrusted text={brand} />}</Fact>
        {[...texts, ...further].map((name) => {
          const value = customer[name];
          return (
            <Fact key={name} name={t(`facts.${name}`)}>
              {value === null ? null : <Untrusted text={String(value)} isClipped />}
            </Fact>
          );
        })}
        <Fact name={t('facts.active')}>{active === null ? null : t(active ? 'yes' : 'no')}</Fact>
        <Fact name={t('facts.assigned_manager_id')}>
          {assigned_manager_id === null ? null : <ManagerLink id={assigned_manager_id} />}
        </Fact>
      </Facts>
      {Object.keys(more).length > 0 && (
        <details>
          <summary>{t('more')}</summary>
          <Code block className="untrusted" tabIndex={0}>
            {JSON.stringify(more, null, 2)}
          </Code>
        </details>
      )}
      <Title order={2} size="h4">
        {t('accounts')}
      </Title>
      <Accounts accounts={customer.accounts} />
    </Stack>
  );
}

function Accounts({ accounts }: Pick<Customer, 'accounts'>) {
  const { t } = useTranslation('crm');
  if (accounts === null) return <Text>{t('tooManyAccounts')}</Text>;
  if (accounts.length === 0) return <Text>{t('noAccounts')}</Text>;
  const columns: Column<CustomerAccount>[] = [
    { key: 'login', header: t('columns.login'), render: ({ login }) => login },
    {
      key: 'group',
      header: t('columns.group'),
      render: ({ group }) => <Untrusted text={group} isClipped />,
      maxWidth: '16rem',
    },
    { key: 'brand', header: t('columns.brand'), render: ({ brand }) => <Untrusted text={brand ?? '–'} isClipped /> },
    {
      key: 'frozen',
      header: t('columns.frozen'),
      render: ({ frozen, frozen_reason, frozen_at }) =>
        frozen ? (
          <>
            {t('yes')}: <Untrusted text={frozen_reason ?? ''} isClipped /> <When at={frozen_at} />
          </>
        ) : (
          t('no')
        ),
      maxWidth: '20rem',
    },
  ];
  return <DataTable label={t('accounts')} columns={columns} rows={accounts} rowKey={({ login }) => String(login)} />;
}
