import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { ApiFailure } from '../shared/client.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { sayProblem, type Said } from '../shared/said/said.ts';
import { SaidText } from '../shared/said/said-text.tsx';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { useWrite } from '../shared/use-write.ts';
import { ConflictNote } from './conflict-note.tsx';
import { addRecord, changesOf, readRecord, replaceRecord, type ShownRecord } from './directory.queries.ts';
import { EndpointFields } from './endpoint-fields.tsx';
import { initialSecrets, toSecretFields } from './endpoint-secrets.ts';
import { initialValues, isSecret, toRecord, toText, type AnyRecord } from './field-values.ts';
import { FormField } from './form-field.tsx';
import { fieldsFor, isOpen, type Kind } from './kinds.ts';
import { TemplatePreview } from './template-preview.tsx';

interface Props {
  kind: Kind;
  /** Null: a new one is made. */
  stored: ShownRecord | null;
  onSaved: (saved: ShownRecord) => void;
  onClose: () => void;
}

export function RecordForm({ kind, stored, onSaved, onClose }: Props) {
  const { t } = useTranslation('directory');
  const language = useLanguage();
  /** What the form changes: after a conflict another state than the one it was opened with. */
  const [base, setBase] = useState(stored);
  const [values, setValues] = useState(() => initialValues(kind, stored?.record ?? null));
  const [secrets, setSecrets] = useState(() => initialSecrets(stored?.record ?? null));
  const [asked, setAsked] = useState<AnyRecord | null>(null);
  const [newer, setNewer] = useState<ShownRecord | null>(null);
  const record = (): AnyRecord => ({
    ...toRecord(kind, values, base?.record ?? null),
    ...(kind === 'endpoints' && toSecretFields(secrets, base === null)),
  });
  const save = useWrite(
    async (given: AnyRecord) => {
      try {
        return await (base === null ? addRecord(kind, given) : replaceRecord(kind, base.id, given, base.version));
      } catch (error) {
        const isConflict = error instanceof ApiFailure && error.code === 'version_conflict';
        if (isConflict && base !== null) setNewer(await readRecord(kind, base.id));
        // The form says what has to be mended.
        if (isConflict || (error instanceof ApiFailure && error.details.length > 0)) setAsked(null);
        throw error;
      }
    },
    { onTaken: onSaved, changes: changesOf(kind) },
  );
  const begin = (from: ShownRecord, anew: boolean): void => {
    setBase(from);
    setNewer(null);
    save.reset();
    if (!anew) return;
    setValues(initialValues(kind, from.record));
    setSecrets(initialSecrets(from.record));
  };
  const fields = fieldsFor(kind, values['channel']);
  const issues = save.error instanceof ApiFailure ? save.error.details : [];
  const saidOf = (name: string): Said | null => {
    const issue = issues.find(({ path }) => nameIn(path) === name);
    return issue === undefined ? null : sayProblem(language, issue, issue.message.slice(0, 500));
  };
  const errorOf = (name: string): string | null => saidOf(name)?.text ?? null;
  const shownUrl = base === null ? null : toText(base.record['url']);
  const others = issues.filter(({ path }) => !fields.some(({ name }) => name === nameIn(path)));

  return (
    <form
      aria-label={t('form')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(record());
      }}
    >
      <Stack gap="sm">
        {isOpen(kind) && base !== null && <Text size="sm">{t('emptyStays')}</Text>}
        {fields
          .filter(({ type }) => !isSecret(type))
          .map((field) => (
            <FormField
              key={field.name}
              field={field}
              value={values[field.name] ?? ''}
              error={errorOf(field.name)}
              isNew={base === null}
              onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
            />
          ))}
        {kind === 'endpoints' && (
          <EndpointFields
            secrets={secrets}
            shownUrl={shownUrl}
            isSigned={base?.record['signed'] === true}
            errorOf={errorOf}
            onChange={setSecrets}
          />
        )}
        {kind === 'templates' && <TemplatePreview template={record()} />}
        {newer !== null && base !== null && (
          <ConflictNote
            kind={kind}
            before={base.record}
            now={newer.record}
            onGoOn={() => begin(newer, false)}
            onTake={() => begin(newer, true)}
          />
        )}
        {issues.length > 0 && (
          <Alert role="alert" variant="default" title={`✗ ${t('wrong')}`}>
            <ul>
              {others.map((issue) => (
                <li key={`${issue.path} ${issue.message}`}>
                  <Untrusted text={issue.path.slice(0, 500)} />:{' '}
                  <SaidText said={sayProblem(language, issue, issue.message.slice(0, 500))} />
                </li>
              ))}
              {fields.flatMap(({ name }) => {
                const said = saidOf(name);
                return said === null ? [] : [<Issue key={name} name={t(`fields.${name}`)} said={said} />];
              })}
            </ul>
          </Alert>
        )}
        {save.error !== null && newer === null && issues.length === 0 && asked === null && (
          <FailureNote error={save.error} />
        )}
        <Group>
          <Button type="submit" disabled={newer !== null}>
            {t('save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
      {asked !== null && (
        <AskDialog
          title={t('ask')}
          text={t('askText')}
          confirm={t('save')}
          isPending={save.isPending}
          error={save.error}
          onConfirm={() => save.write(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </form>
  );
}

function Issue({ name, said }: { name: string; said: Said }) {
  return (
    <li>
      {name}: <SaidText said={said} />
    </li>
  );
}

/** `record.headers.X-Key`, `record.brands[1]` → `headers`, `brands`. */
function nameIn(path: string): string {
  return /^(?:record|template)\.([a-z_]+)/.exec(path)?.[1] ?? path;
}
