/** A text that may refer to what the event says: `{{` opens a list of fields, and so does a button. */
import { Box, Button, Text, Textarea, TextInput } from '@mantine/core';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useFields } from '../editor-tools.ts';
import { beginReference, complete, openReference, suggest } from '../model/reference-completion.ts';
import type { notes } from './field-notes.tsx';

interface Props {
  label: string;
  value: string;
  place: string;
  isLong: boolean;
  shown: ReturnType<typeof notes>;
  onChange: (text: string) => void;
}

/** More is of no use: typing on makes it shorter. */
const mostSuggestions = 50;

export function ReferenceField({ label, value, place, isLong, shown, onChange }: Props) {
  const { t } = useTranslation('editor');
  const listId = useId();
  const { fields } = useFields();
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const [open, setOpen] = useState<{ typed: string; at: number } | null>(null);
  const own = fields.filter(({ isOwn }) => isOwn);
  const found = open === null ? [] : suggest(own, open.typed).slice(0, mostSuggestions);
  const chosen = open === null ? undefined : found[Math.min(open.at, found.length - 1)];

  const look = (): void => {
    const { value: text, selectionStart } = input.current ?? { value: '', selectionStart: 0 };
    const reference = openReference(text, selectionStart ?? text.length);
    setOpen(reference === null ? null : { typed: reference.typed, at: 0 });
  };
  const put = (text: string, caret: number): void => {
    // The text is there at once: a key that is pressed before the caret stands would write elsewhere.
    flushSync(() => onChange(text));
    input.current?.focus();
    input.current?.setSelectionRange(caret, caret);
    look();
  };
  const take = (path: string): void => {
    const done = complete(value, input.current?.selectionStart ?? value.length, path);
    put(done.text, done.caret);
    setOpen(null);
  };
  const insert = (): void => {
    const begun = beginReference(value, input.current?.selectionStart ?? value.length);
    put(begun.text, begun.caret);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (open === null || found.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setOpen({ ...open, at: (open.at + step + found.length) % found.length });
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) take(chosen.path);
    else if (event.key === 'Escape') setOpen(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const isShown = open !== null && found.length > 0;
  const properties = {
    'data-place': place,
    label,
    value,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => {
      onChange(currentTarget.value);
      look();
    },
    onKeyDown,
    onClick: look,
    onBlur: () => setOpen(null),
    autoComplete: 'off',
    'aria-autocomplete': 'list',
    'aria-controls': isShown ? listId : undefined,
    'aria-activedescendant': isShown && chosen !== undefined ? `${listId}-${found.indexOf(chosen)}` : undefined,
    ...shown,
    // A reference that is just being chosen is not wrong yet.
    ...(isShown && { error: undefined }),
  } as const;
  return (
    <Box>
      {isLong ? (
        <Textarea {...properties} ref={input} rows={Math.min(10, Math.max(2, value.split('\n').length))} />
      ) : (
        <TextInput {...properties} ref={input} />
      )}
      <div role="status" className="visually-hidden">
        {isShown ? t('suggestions', { count: found.length }) : ''}
      </div>
      {isShown && (
        <div className="suggestions" role="listbox" id={listId} aria-label={t('fieldsFor', { name: label })}>
          {found.map(({ path, label: name }, index) => (
            <div
              key={path}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={path === chosen?.path}
              tabIndex={-1}
              // The text keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onPointerUp={() => take(path)}
            >
              <Text span size="sm">
                {name}
              </Text>{' '}
              <Text span size="xs" c="dimmed">
                {path}
              </Text>
            </div>
          ))}
        </div>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        mt={4}
        aria-label={t('insertInto', { name: label })}
        onPointerDown={(event) => event.preventDefault()}
        onClick={insert}
      >
        {t('insertField')}
      </Button>
    </Box>
  );
}
