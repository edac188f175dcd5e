import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FilterForm, TimeFilter } from '../shared/filter-form.tsx';
import { timeZone } from '../shared/when.tsx';
import {
  readRunsSearch,
  runStatuses,
  textFilters,
  timeFilters,
  waitReasons,
  type RunsSearch,
  type RunStatus,
} from './runs-search.ts';

/** The API counts runs that wait for people among the paused ones, and those that wait for a time among the running. */
function filterWord(status: RunStatus) {
  return status === 'paused' || status === 'running'
    ? (`alsoWaiting.${status}` as const)
    : (`statuses.${status}` as const);
}

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
          ...runStatuses.map((value) => ({ value, label: t(filterWord(value)) })),
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
