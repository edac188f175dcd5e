import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FilterForm, TimeFilter } from '../shared/filter-form.tsx';
import { timeZone } from '../shared/when.tsx';
import { readRunsSearch, runStatuses, textFilters, timeFilters, waitReasons, type RunsSearch } from './runs-search.ts';

export function RunFilters({ search }: { search: RunsSearch }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  return (
    <FilterForm
      label={t('filters')}
      search={search}
      onApply={(given) => void navigate({ to: '/runs', search: readRunsSearch(given) })}
    >
      <NativeSelect
        name="status"
        label={t('status')}
        defaultValue={search.status ?? ''}
        data={[
          { value: '', label: t('anyStatus') },
          ...runStatuses.map((value) => ({ value, label: t(`statuses.${value}`) })),
        ]}
      />
      <NativeSelect
        name="waits_for"
        label={t('columns.waits')}
        defaultValue={search.waits_for ?? ''}
        data={[
          { value: '', label: t('anyWait') },
          ...waitReasons.map((value) => ({ value, label: t(`waits.${value}`) })),
        ]}
      />
      {textFilters.map((name) => (
        <TextInput key={name} name={name} label={t(`filter.${name}`)} defaultValue={search[name] ?? ''} />
      ))}
      {timeFilters.map((name) => (
        <TimeFilter key={name} name={name} label={t(`filter.${name}`, { zone: timeZone() })} value={search[name]} />
      ))}
    </FilterForm>
  );
}
