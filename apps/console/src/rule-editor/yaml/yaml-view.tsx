import { Alert, Anchor, Box, Button, List, Stack, Text } from '@mantine/core';
import type { EditorView } from '@codemirror/view';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Original } from '../../shared/said/said-text.tsx';
import { useLanguage } from '../../shared/said/use-language.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import type { ShownProblem } from '../editor-tools.ts';
import { readRule } from '../model/rule-model.ts';
import { isSame } from '../model/rule-merge.ts';
import { readYaml, writeYaml } from '../model/rule-yaml.ts';
import { useSaidProblem } from '../use-problems.ts';
import type { Editing } from '../use-editing.ts';
import { createCodeEditor, select, showMarks } from './code-editor.ts';
import { sayYaml } from './say-yaml.ts';

interface Props {
  editing: Editing;
  problems: readonly ShownProblem[];
  /** Takes how a problem is gone to while this view is there; null: it is gone. */
  onJumpChange: (jump: ((path: string) => void) | null) => void;
}

/** The rule as text. What can be read is the rule at once; what cannot is kept until it is corrected or discarded. */
export function YamlView({ editing, problems, onJumpChange }: Props) {
  const { t } = useTranslation('editor');
  const say = useSaidProblem();
  const helpId = useId();
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const [text, setText] = useState(() => editing.text ?? writeYaml(editing.rule));
  const read = useMemo(() => readYaml(text), [text]);
  const language = useLanguage();
  const broken = useMemo(
    () =>
      'problems' in read
        ? read.problems.map(({ from, to, ...problem }) => ({ from, to, said: sayYaml(language, problem) }))
        : [],
    [read, language],
  );

  const type = (next: string): void => {
    setText(next);
    const found = readYaml(next);
    if ('problems' in found) editing.setText(next);
    else {
      editing.setText(null);
      if (!isSame(found.rule, editing.rule)) editing.change(() => readRule(found.rule), { about: 'yaml' });
    }
  };
  const latestType = useRef(type);
  useEffect(() => {
    latestType.current = type;
  });

  const begin = useRef({ text, label: t('yamlLabel') });
  useEffect(() => {
    if (parent.current === null) return undefined;
    const view = createCodeEditor({
      parent: parent.current,
      ...begin.current,
      describedBy: helpId,
      onChange: (next) => latestType.current(next),
    });
    editor.current = view;
    return () => {
      editor.current = null;
      view.destroy();
    };
  }, [helpId]);

  // From elsewhere: an undone change, or what was merged.
  useEffect(() => {
    const view = editor.current;
    if (view === null || editing.text !== null || 'problems' in read || isSame(read.rule, editing.rule)) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: writeYaml(editing.rule) } });
  }, [editing.rule, editing.text, read]);

  const marks = useMemo(
    () =>
      'problems' in read
        ? broken.map(({ said, from, to }) => ({ from, to, message: said.text, severity: 'error' as const }))
        : problems.map((problem) => {
            const [from, to] = read.places(problem.path);
            return {
              from,
              to,
              message: say(problem).text,
              severity: problem.isWarning ? ('warning' as const) : ('error' as const),
            };
          }),
    [read, broken, problems, say],
  );
  useEffect(() => {
    if (editor.current !== null) showMarks(editor.current, marks);
  }, [marks]);

  useEffect(() => {
    onJumpChange((path) => {
      if (editor.current === null || 'problems' in read) return;
      select(editor.current, ...read.places(path));
    });
    return () => onJumpChange(null);
  }, [onJumpChange, read]);

  const discard = (): void => {
    const whole = writeYaml(editing.rule);
    editing.setText(null);
    setText(whole);
    editor.current?.dispatch({ changes: { from: 0, to: editor.current.state.doc.length, insert: whole } });
  };
  return (
    <Stack gap="xs">
      <Text size="sm" id={helpId}>
        {t('yamlHelp')}
      </Text>
      <Box ref={parent} />
      {broken.length > 0 && (
        <Alert variant="default" role="alert" title={`✗ ${t('yamlBroken')}`}>
          <List size="sm" listStyleType="none">
            {broken.slice(0, 20).map(({ said, from, to }) => (
              <List.Item key={`${from} ${said.text}`}>
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  ta="start"
                  onClick={() => editor.current !== null && select(editor.current, from, to)}
                >
                  {t('line', { line: text.slice(0, from).split('\n').length })}: <Untrusted text={said.text} />
                </Anchor>
                <Original text={said.original} />
              </List.Item>
            ))}
          </List>
          <Button size="xs" variant="default" mt="xs" onClick={discard}>
            {t('yamlDiscard')}
          </Button>
        </Alert>
      )}
    </Stack>
  );
}
