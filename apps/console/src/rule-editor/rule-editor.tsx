import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, type Session } from '../session/session.ts';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { ruleSentence } from '../shared/rule/rule-sentence.ts';
import { ruleWords, wordFor } from '../shared/rule/rule-words.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { ConflictPanel } from './conflict-panel.tsx';
import { FieldsContext, ProblemsContext, ToolsContext, type EditorTools, type ShownProblem } from './editor-tools.ts';
import { RuleForm } from './form/rule-form.tsx';
import { jumpTo } from './jump.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import type { Language } from './model/field-values.ts';
import { isWithin } from './model/problem-places.ts';
import { fieldsFor } from './model/trigger-fields.ts';
import { writeJson } from './model/write-json.ts';
import { nameOf } from './name-of.ts';
import { Preview } from './preview.tsx';
import { ProblemList } from './problem-list.tsx';
import type { Registry } from './rule-editor.queries.ts';
import { useEditing, type Start } from './use-editing.ts';
import { useLeaveWarning } from './use-leave-warning.ts';
import { useSaving } from './use-saving.ts';
import { useTouched } from './use-touched.ts';
import { useUndoKeys } from './use-undo-keys.ts';
import { useValidation } from './use-validation.ts';
import { ViewBar, type View } from './view-bar.tsx';

const YamlView = lazy(async () => ({ default: (await import('./yaml/yaml-view.tsx')).YamlView }));

export function RuleEditor({ start, registry }: { start: Start; registry: Registry }) {
  const { session } = useSession();
  return session === null ? null : <Editor start={start} registry={registry} session={session} />;
}

function Editor({ start, registry, session }: { start: Start; registry: Registry; session: Session }) {
  const { t, i18n } = useTranslation('editor');
  const language: Language = i18n.language === 'de' ? 'de' : 'en';
  const editing = useEditing(start, `${session.role} ${session.userId}`);
  const { present, rule, change, current, isChanged } = editing;
  const [view, setView] = useState<View>(editing.text === null ? 'form' : 'yaml');
  const [isAsked, setAsked] = useState(false);
  const [touched, touch] = useTouched();
  const [wasRefused, setRefused] = useState(false);
  const json = useMemo(() => writeJson(rule), [rule]);
  const validation = useValidation(json);
  const save = useSaving(start.ruleId, json, editing);
  const isTaken = save.takenId !== undefined && save.takenId === rule['id'];
  const found = useMemo(
    () => (isTaken ? [duplicateId, ...validation.problems] : validation.problems),
    [isTaken, validation.problems],
  );

  const tools = useMemo(
    (): EditorTools => ({ registry, language, current, change, toYaml: () => setView('yaml') }),
    [registry, language, current, change],
  );
  const trigger = typeof present.head['trigger_event'] === 'string' ? present.head['trigger_event'] : '';
  const process = present.head['process'];
  const fields = useMemo(() => {
    const known = registry.triggers.find(({ name }) => name === trigger) ?? null;
    const words = ruleWords(language).fields;
    const all = fieldsFor(registry.fields, trigger, known, process);
    return { trigger: known, fields: all.map((field) => ({ ...field, label: wordFor(words, field.path) })) };
  }, [registry, language, trigger, process]);
  const problems = useMemo(
    () => ({
      all: found,
      isTouched: (place: string) =>
        wasRefused || [...touched].some((one) => isWithin(one, place) || isWithin(place, one)),
    }),
    [found, touched, wasRefused],
  );

  const yamlJump = useRef<((path: string) => void) | null>(null);
  const setYamlJump = useCallback((jump: ((path: string) => void) | null): void => {
    yamlJump.current = jump;
  }, []);
  const jump = useCallback((path: string): void => (yamlJump.current ?? jumpTo)(path), []);
  const isYamlBroken = editing.text !== null && view === 'yaml';

  useEffect(() => {
    if (isTaken) jump(duplicateId.path);
  }, [isTaken, jump]);

  const trySave = (): void => {
    setRefused(true);
    const first = validation.isCurrent ? found.find(({ isWarning }) => !isWarning) : undefined;
    if (isYamlBroken) editing.setSaid(t('yamlStay'));
    else if (first !== undefined) {
      editing.setSaid(t('correctFirst'));
      jump(first.path);
    } else if (isLive(rule['status'])) setAsked(true);
    else save.send(rule['id']);
  };
  const undo = (): void => {
    editing.undo();
    editing.setSaid(t('done.undo'));
  };
  const redo = (): void => {
    editing.redo();
    editing.setSaid(t('done.redo'));
  };
  useUndoKeys(view === 'form', undo, redo);
  useLeaveWarning(isChanged);

  const name = typeof rule['name'] === 'string' && rule['name'].trim() !== '' ? rule['name'] : t('unnamed');
  const isNew = start.ruleId === '';
  return (
    <ToolsContext value={tools}>
      <FieldsContext value={fields}>
        <ProblemsContext value={problems}>
          <Stack onBlur={touch}>
            <PageTitle text={isNew ? t('newTitle') : t('editTitle', { name })} />
            {editing.isRestored && (
              <Alert variant="default" title={t('restored')}>
                <Button size="xs" variant="default" onClick={editing.discard}>
                  {t('discard')}
                </Button>
              </Alert>
            )}
            {!editing.hasRoom && <Text size="sm">⚠ {t('noRoom')}</Text>}
            {save.conflict !== null && (
              <ConflictPanel
                key={save.conflict.version}
                base={editing.base}
                mine={rule}
                theirs={save.conflict}
                onMerged={(merged, { version, rule: theirs }) => {
                  editing.rebase(version, theirs, merged);
                  editing.setSaid(t('merged'));
                  save.reset();
                }}
              />
            )}
            <ViewBar
              view={view}
              onView={(next) => {
                if (isYamlBroken && next === 'form') editing.setSaid(t('yamlStay'));
                else setView(next);
              }}
              editing={editing}
              onUndo={undo}
              onRedo={redo}
            />
            {view === 'form' ? (
              <RuleForm rule={present} isNew={isNew} />
            ) : (
              <Suspense fallback={<Loading />}>
                <YamlView editing={editing} problems={found} onJumpChange={setYamlJump} />
              </Suspense>
            )}
            {trigger !== '' && (
              <Paper withBorder p="md" component="section" aria-label={t('inWords')}>
                <Text fw={600}>{t('inWords')}</Text>
                <Untrusted text={ruleSentence(rule, language, nameOf(registry))} />
              </Paper>
            )}
            <Preview rule={rule} json={json} trigger={trigger} />
            <ProblemList validation={{ ...validation, problems: found }} isForm={view === 'form'} onJump={jump} />
            {save.error !== null && <FailureNote error={save.error} />}
            {save.isGone && (
              <Group>
                <Text>{t('conflictGone')}</Text>
                <Button variant="default" onClick={save.sendAsNew}>
                  {t('saveNew')}
                </Button>
              </Group>
            )}
            <Group className="save-bar">
              <Button onClick={trySave} disabled={save.isPending}>
                {save.isPending ? t('saving') : t(rule['status'] === 'draft' ? 'saveDraft' : 'save')}
              </Button>
              <div role="status">{editing.said}</div>
            </Group>
          </Stack>
          {isAsked && (
            <AskDialog
              title={t('activeTitle')}
              text={t(isLive(editing.base.rule?.['status'] ?? 'draft') ? 'activeText' : 'activateText')}
              confirm={t('saveActive')}
              isPending={save.isPending}
              error={null}
              onConfirm={() => {
                setAsked(false);
                save.send(rule['id']);
              }}
              onClose={() => setAsked(false)}
            />
          )}
          <LeaveDialog isChanged={() => isChanged && save.isUnsaved()} onLeave={editing.forget} />
        </ProblemsContext>
      </FieldsContext>
    </ToolsContext>
  );
}

/** As the API refuses it when the rule is saved; the form has its own words for it. */
const duplicateId: ShownProblem = { path: 'id', code: 'duplicate_id', message: 'is taken', isWarning: false };

/** A rule that says nothing of its status is active. */
function isLive(status: unknown): boolean {
  return status === 'active' || status === undefined;
}
