import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { letterFilters, letterStates, readDeadLettersSearch, type DeadLettersSearch } from './dead-letters-search.ts';

/** The filters of the address; another address makes another form, so that Back brings the old ones. */
export function DeadLetterFilters({ search }: { search: DeadLettersSearch }) {
  const { t } = useTranslation('deadLetters');
  const navigate = useNavigate();
  return (
    <form
      role="search"
      aria-label={t('filters')}
      key={JSON.stringify(search)}
      onSubmit={(event) => {
        event.preventDefault();
        const given = Object.fromEntries(new FormData(event.currentTarget));
        void navigate({ to: '/dead-letters', search: readDeadLettersSearch(given) });
      }}
    >
      <Group align="flex-end" gap="xs">
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
        <Button type="submit">{t('apply')}</Button>
        <Button variant="default" onClick={() => void navigate({ to: '/dead-letters', search: {} })}>
          {t('clear')}
        </Button>
      </Group>
    </form>
  );
}
