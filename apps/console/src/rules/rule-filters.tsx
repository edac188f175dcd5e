import { NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { FilterForm } from '../shared/filter-form.tsx';
import { readRulesSearch, ruleStatuses, textFilters, type RulesSearch } from './rules-search.ts';

export function RuleFilters({ search }: { search: RulesSearch }) {
  const { t } = useTranslation('rules');
  const navigate = useNavigate();
  return (
    <FilterForm
      label={t('filters')}
      search={search}
      onApply={(given) => void navigate({ to: '/rules', search: readRulesSearch(given) })}
    >
      {textFilters.map((name) => (
        <TextInput
          key={name}
          name={name}
          label={t(`filter.${name}`)}
          defaultValue={search[name] ?? ''}
          maxLength={200}
        />
      ))}
      <NativeSelect
        name="status"
        label={t('status')}
        defaultValue={search.status ?? ''}
        data={[
          { value: '', label: t('anyStatus') },
          ...ruleStatuses.map((value) => ({ value, label: t(`statuses.${value}`) })),
        ]}
      />
    </FilterForm>
  );
}
