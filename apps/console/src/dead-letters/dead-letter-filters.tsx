import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FilterForm } from '../shared/filter-form.tsx';
import { letterFilters, letterStates, readDeadLettersSearch, type DeadLettersSearch } from './dead-letters-search.ts';

export function DeadLetterFilters({ search }: { search: DeadLettersSearch }) {
  const { t } = useTranslation('deadLetters');
  const navigate = useNavigate();
  return (
    <FilterForm
      label={t('filters')}
      search={search}
      onApply={(given) => void navigate({ to: '/dead-letters', search: readDeadLettersSearch(given) })}
    >
      <NativeSelect
        name="state"
        label={t('state')}
        defaultValue={search.state ?? ''}
        data={[
          { value: '', label: t('anyState') },
          ...letterStates.map((value) => ({ value, label: t(`states.${value}`) })),
        ]}
      />
      {letterFilters.map((name) => (
        <TextInput key={name} name={name} label={t(`filter.${name}`)} defaultValue={search[name] ?? ''} />
      ))}
    </FilterForm>
  );
}
