import { Checkbox, NativeSelect, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { isObject, type JsonObject } from '../model/condition-tree.ts';
import { setMember } from '../model/rule-edits.ts';
import { useProblemsAt } from '../use-problems.ts';
import { notes } from './field-notes.tsx';
import { NumberField } from './number-field.tsx';
import { ProblemNote } from './problem-note.tsx';
import { SpanField } from './span-field.tsx';

/** Every time, once for each customer, or at most once in a time. */
export function ReEnrollField({ value }: { value: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const chosen = isObject(value)
    ? 'span'
    : value === 'once'
      ? 'once'
      : value === undefined || value === 'always'
        ? 'always'
        : 'odd';
  const set = (next: unknown, about?: string): void =>
    tools.change((rule) => setMember(rule, 're_enroll', next), about === undefined ? {} : { about });
  const problems = useProblemsAt('re_enroll');
  const starts: Record<string, unknown> = { once: 'once', span: { value: 7, unit: 'days' } };
  return (
    <>
      <NativeSelect
        data-place={chosen === 'span' ? undefined : 're_enroll'}
        label={t('reEnroll')}
        value={chosen}
        onChange={({ currentTarget }) => set(starts[currentTarget.value])}
        data={[
          ...(['always', 'once', 'span'] as const).map((one) => ({ value: one, label: t(`reEnrolls.${one}`) })),
          ...(chosen === 'odd' ? [{ value: 'odd', label: JSON.stringify(value) }] : []),
        ]}
        {...(chosen === 'span' ? {} : notes(problems))}
      />
      {chosen === 'span' && (
        <SpanField
          legend={t('reEnrollSpan')}
          value={value}
          place="re_enroll"
          onChange={(span) => set(span, 're_enroll')}
        />
      )}
    </>
  );
}

/** Short names of lengths of time, which the API reads, too. */
const named: Readonly<Record<string, JsonObject>> = {
  minute: { value: 1, unit: 'minutes' },
  hour: { value: 1, unit: 'hours' },
  day: { value: 1, unit: 'days' },
};

/** So many runs in a time, and further ones are held. */
export function LimitField({ value }: { value: unknown }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const isGiven = value !== undefined && value !== null;
  const limit = isObject(value) ? value : {};
  const per = typeof limit['per'] === 'string' ? (named[limit['per']] ?? limit['per']) : limit['per'];
  const set = (name: string, member: unknown): void =>
    tools.change((rule) => setMember(rule, 'limit', { ...limit, [name]: member }), { about: `limit.${name}` });
  return (
    <div data-place="limit">
      <Checkbox
        label={t('limit')}
        checked={isGiven}
        onChange={({ currentTarget: { checked } }) => {
          const start = { count: 100, per: { value: 1, unit: 'hours' }, on_exceed: 'hold' };
          tools.change((rule) => setMember(rule, 'limit', checked ? start : undefined));
        }}
      />
      <ProblemNote place="limit" except={['limit.count', 'limit.per']} />
      {isGiven && (
        <Stack gap="xs" pt="xs">
          <NumberField
            label={t('limitCount')}
            value={limit['count']}
            place="limit.count"
            onChange={(count) => set('count', count)}
          />
          <SpanField legend={t('limitPer')} value={per} place="limit.per" onChange={(span) => set('per', span)} />
        </Stack>
      )}
    </div>
  );
}
