import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FilterForm, TimeFilter } from '../shared/filter-form.tsx';
import { timeZone } from '../shared/when.tsx';
import { operationWords } from './audit-operation.tsx';
import { readAuditSearch, textFilters, timeFilters, type AuditSearch } from './audit-search.ts';

export function AuditFilters({ search }: { search: AuditSearch }) {
  const { t } = useTranslation('audit');
  const navigate = useNavigate();
  return (
    <FilterForm
      label={t('filters')}
      search={search}
      onApply={(given) => void navigate({ to: '/audit', search: readAuditSearch(given) })}
    >
      {textFilters.map((name) => (
        <TextInput key={name} name={name} label={t(`filter.${name}`)} defaultValue={search[name] ?? ''} />
      ))}
      <TextInput
        name="operation"
        label={t('filter.operation')}
        defaultValue={search.operation ?? ''}
        list="audit-operations"
      />
      <datalist id="audit-operations">
        {Object.keys(operationWords).map((operation) => (
          <option key={operation}>{operation}</option>
        ))}
      </datalist>
      {timeFilters.map((name) => (
        <TimeFilter key={name} name={name} label={t(`filter.${name}`, { zone: timeZone() })} value={search[name]} />
      ))}
    </FilterForm>
  );
}
