import { Button, Group, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { fromLocalInput, toLocalInput } from '../shared/local-input.ts';
import { timeZone } from '../shared/when.tsx';
import { operationWords } from './audit-operation.tsx';
import { readAuditSearch, textFilters, timeFilters, type AuditSearch } from './audit-search.ts';

/** The filters of the address; another address makes another form, so that Back brings the old ones. */
export function AuditFilters({ search }: { search: AuditSearch }) {
  const { t } = useTranslation('audit');
  const navigate = useNavigate();
  const apply = (form: HTMLFormElement): void => {
    const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
    for (const name of timeFilters) given[name] = fromLocalInput(given[name] ?? '');
    void navigate({ to: '/audit', search: readAuditSearch(given) });
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
          <TextInput
            key={name}
            name={name}
            type="datetime-local"
            label={t(`filter.${name}`, { zone: timeZone() })}
            defaultValue={toLocalInput(search[name])}
          />
        ))}
        <Button type="submit">{t('apply')}</Button>
        <Button variant="default" onClick={() => void navigate({ to: '/audit', search: {} })}>
          {t('clear')}
        </Button>
      </Group>
    </form>
  );
}
