import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { fromLocalInput, toLocalInput } from '../shared/local-input.ts';
import { timeZone } from '../shared/when.tsx';
import { readRunsSearch, runStatuses, textFilters, timeFilters, waitReasons, type RunsSearch } from './runs-search.ts';

/** The filters of the address; another address makes another form, so that Back brings the old ones. */
export function RunFilters({ search }: { search: RunsSearch }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const apply = (form: HTMLFormElement): void => {
    const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
    for (const name of timeFilters) given[name] = fromLocalInput(given[name] ?? '');
    void navigate({ to: '/runs', search: readRunsSearch(trimmed(given)) });
  };
  return (
    <form
      role="search"
      aria-label={t('filters')}
      key={JSON.stringify(search)}
      onSubmit={(event) => {
        event.preventDefault();
        apply(event.currentTarget);
      }}
    >
      <Group align="flex-end" gap="xs">
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
          <TextInput
            key={name}
            name={name}
            type="datetime-local"
            label={t(`filter.${name}`, { zone: timeZone() })}
            defaultValue={toLocalInput(search[name])}
          />
        ))}
        <Button type="submit">{t('apply')}</Button>
        <Button variant="default" onClick={() => void navigate({ to: '/runs', search: {} })}>
          {t('clear')}
        </Button>
      </Group>
    </form>
  );
}

function trimmed(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.trim()]));
}
