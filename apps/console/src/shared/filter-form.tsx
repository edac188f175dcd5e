import { Button, Group, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fromLocalInput, toLocalInput } from './local-input.ts';

interface Props {
  label: string;
  /** The search parameters of the address: other ones make another form, so that Back brings the old ones. */
  search: object;
  /** @param given what is in the fields, by their names; nothing: no filter. Times are ISO 8601 */
  onApply: (given: Record<string, unknown>) => void;
  /** What the button says; left out: apply. */
  submit?: string;
  /** The fields, by the names of their filters. */
  children: ReactNode;
}

/** The filters of a list. */
export function FilterForm({ label, search, onApply, submit, children }: Props) {
  const { t } = useTranslation();
  return (
    <form
      role="search"
      aria-label={label}
      key={JSON.stringify(search)}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(readFields(event.currentTarget));
      }}
    >
      <Group align="flex-end" gap="xs">
        {children}
        <Button type="submit">{submit ?? t('shared.apply')}</Button>
        <Button variant="default" onClick={() => onApply({})}>
          {t('shared.clear')}
        </Button>
      </Group>
    </form>
  );
}

/** A filter by a time, in the time zone of the browser. @param value ISO 8601 */
export function TimeFilter({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  return <TextInput name={name} type="datetime-local" label={label} defaultValue={toLocalInput(value)} />;
}

function readFields(form: HTMLFormElement): Record<string, unknown> {
  const fields = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]')];
  const read = ({ type, value }: { type: string; value: string }): string =>
    type === 'datetime-local' ? fromLocalInput(value) : value;
  return Object.fromEntries(fields.map((field) => [field.name, read(field)]));
}
