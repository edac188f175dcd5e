import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { readRulesSearch, ruleStatuses, textFilters, type RulesSearch } from './rules-search.ts';

/** The filters of the address; another address makes another form, so that Back brings the old ones. */
export function RuleFilters({ search }: { search: RulesSearch }) {
  const { t } = useTranslation('rules');
  const navigate = useNavigate();
  return (
    <form
      role="search"
      aria-label={t('filters')}
      key={JSON.stringify(search)}
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to: '/rules', search: readRulesSearch(Object.fromEntries(new FormData(event.currentTarget))) });
      }}
    >
      <Group align="flex-end" gap="xs">
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
        <Button type="submit">{t('apply')}</Button>
        <Button variant="default" onClick={() => void navigate({ to: '/rules', search: {} })}>
          {t('clear')}
        </Button>
      </Group>
    </form>
  );
}
