import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { drawSecret, type HeaderValue, type Secrets } from './endpoint-secrets.ts';

interface Props {
  secrets: Secrets;
  /** The address as it is shown; null: there is none yet. */
  shownUrl: string | null;
  isSigned: boolean;
  errorOf: (name: string) => string | null;
  onChange: (secrets: Secrets) => void;
}

/** Address, headers and secret of an endpoint: what is set is not shown, and stays where nothing is given. */
export function EndpointFields({ secrets, shownUrl, isSigned, errorOf, onChange }: Props) {
  const { t } = useTranslation('directory');
  const change = (some: Partial<Secrets>): void => onChange({ ...secrets, ...some });
  const signings = [...(isSigned ? (['keep'] as const) : []), ...(['new', 'none'] as const)];
  return (
    <Stack gap="sm">
      <TextInput
        name="url"
        type="url"
        label={t('fields.url')}
        description={shownUrl === null ? t('endpoint.urlNew') : t('endpoint.urlIs', { host: shownUrl })}
        required={shownUrl === null}
        autoComplete="off"
        value={secrets.url}
        error={errorOf('url')}
        onChange={({ currentTarget }) => change({ url: currentTarget.value })}
      />
      <Headers headers={secrets.headers} error={errorOf('headers')} onChange={(headers) => change({ headers })} />
      <NativeSelect
        label={t('endpoint.signing')}
        value={secrets.signing}
        data={signings.map((value) => ({ value, label: t(`endpoint.${value}`) }))}
        onChange={({ currentTarget }) => {
          const signing = signings.find((one) => one === currentTarget.value);
          if (signing !== undefined) change({ signing });
        }}
      />
      {secrets.signing === 'new' && (
        <Group align="flex-end" gap="xs">
          <TextInput
            name="secret"
            label={t('endpoint.secret')}
            description={t('endpoint.secretHint')}
            autoComplete="off"
            required
            value={secrets.secret}
            error={errorOf('secret')}
            onChange={({ currentTarget }) => change({ secret: currentTarget.value })}
            style={{ flexGrow: 1 }}
          />
          <Button variant="default" onClick={() => change({ secret: drawSecret() })}>
            {t('endpoint.draw')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface HeadersProps {
  headers: HeaderValue[];
  error: string | null;
  onChange: (headers: HeaderValue[]) => void;
}

function Headers({ headers, error, onChange }: HeadersProps) {
  const { t } = useTranslation('directory');
  const replace = (at: number, some: Partial<HeaderValue>): void =>
    onChange(headers.map((one, index) => (index === at ? { ...one, ...some } : one)));
  return (
    <Stack component="fieldset" gap="xs" m={0} p="sm">
      <legend>{t('fields.headers')}</legend>
      {headers.map(({ name, value, isSet }, index) => {
        const number = index + 1;
        return (
          // The rows have no other name than their place.
          <Group key={index} align="flex-end" gap="xs">
            <TextInput
              label={t('endpoint.header', { number })}
              value={name}
              readOnly={isSet}
              autoComplete="off"
              onChange={({ currentTarget }) => replace(index, { name: currentTarget.value })}
            />
            <TextInput
              label={t('endpoint.value', { number })}
              {...(isSet && { description: t('endpoint.valueIsSet') })}
              value={value}
              autoComplete="off"
              onChange={({ currentTarget }) => replace(index, { value: currentTarget.value })}
            />
            <Button variant="default" onClick={() => onChange(headers.filter((_, at) => at !== index))}>
              {t('endpoint.removeHeader', { number })}
            </Button>
          </Group>
        );
      })}
      {error !== null && <div role="alert">✗ {error}</div>}
      <Group>
        <Button variant="default" onClick={() => onChange([...headers, { name: '', value: '', isSet: false }])}>
          {t('endpoint.addHeader')}
        </Button>
      </Group>
    </Stack>
  );
}
