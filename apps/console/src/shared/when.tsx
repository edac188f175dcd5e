import { useTranslation } from 'react-i18next';

const format = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
} as const;

/** A time by the language and the time zone of the browser, which stands beside it. @param at ISO 8601; null = none */
export function When({ at }: { at: string | null }) {
  const { i18n } = useTranslation();
  if (at === null) return <>–</>;
  return (
    <time dateTime={at} title={at}>
      {new Intl.DateTimeFormat(localeFor(i18n.language), format).format(new Date(at))}
    </time>
  );
}

/** @param milliseconds null: it has not ended */
export function Duration({ milliseconds }: { milliseconds: number | null }) {
  const { i18n } = useTranslation();
  if (milliseconds === null) return <>–</>;
  const [value, unit] = scaled(milliseconds);
  const options = { style: 'unit', unit, maximumFractionDigits: 1 } as const;
  return <>{new Intl.NumberFormat(localeFor(i18n.language), options).format(value)}</>;
}

function scaled(milliseconds: number): [number, string] {
  if (milliseconds < 1000) return [milliseconds, 'millisecond'];
  if (milliseconds < 60_000) return [milliseconds / 1000, 'second'];
  if (milliseconds < 3_600_000) return [milliseconds / 60_000, 'minute'];
  return milliseconds < 86_400_000 ? [milliseconds / 3_600_000, 'hour'] : [milliseconds / 86_400_000, 'day'];
}

/** The browser's own variety of a language, such as en-GB, by which dates are written. */
export function localeFor(language: string): string {
  return navigator.languages.find((one) => one.split('-')[0] === language) ?? language;
}

/** Such as Europe/Berlin. */
export function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
