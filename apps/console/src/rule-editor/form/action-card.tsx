import { Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { isObject } from '../model/condition-tree.ts';
import { canMoveAction, duplicateAction, moveAction, removeAction, setParam } from '../model/rule-edits.ts';
import type { EditorAction, OddAction } from '../model/rule-model.ts';
import { ruleWords } from '../../shared/rule/rule-words.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import type { ActionType } from '../rule-editor.queries.ts';
import { JsonField } from './json-field.tsx';
import { ParamField } from './param-field.tsx';
import { ProblemNote } from './problem-note.tsx';

interface Props {
  action: EditorAction | OddAction;
  index: number;
}

/** Few rules say anything about these. */
const rare: ReadonlySet<string> = new Set([
  'required',
  'forbid_initiator',
  'remind_before',
  'on_expire',
  'on_reject',
  'on_cancel',
  'on_error',
  'on_exception',
  'headers',
  'timeout_ms',
]);

export const ActionCard = memo(function ActionCard({ action, index }: Props) {
  const { t } = useTranslation('editor');
  const { registry, language, toYaml } = useTools();
  const place = `actions[${index}]`;
  const type = 'type' in action ? action.type : null;
  const known = registry.actions.find((one) => one.type === type);
  const label = (type === null ? undefined : ruleWords(language).actions[type]?.label) ?? type ?? '?';
  const name = t('action', { number: index + 1, what: label });
  return (
    <Fieldset component="fieldset" legend={<Untrusted text={name} />} data-node={action.id} data-place={place} p="sm">
      <Stack gap="sm">
        {'written' in action || known === undefined ? (
          <>
            <Text size="sm">{t('oddAction')}</Text>
            <Untrusted text={JSON.stringify('written' in action ? action.written : action) ?? ''} isClipped />
            <ProblemNote place={place} />
            <Button
              size="compact-xs"
              variant="default"
              data-control="first"
              onClick={toYaml}
              style={{ alignSelf: 'start' }}
            >
              {t('toYaml')}
            </Button>
          </>
        ) : (
          <ActionParams action={action} known={known} place={place} />
        )}
        <ActionChanges id={action.id} what={name} />
      </Stack>
    </Fieldset>
  );
});

function ActionParams({ action, known, place }: { action: EditorAction; known: ActionType; place: string }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const params = isObject(action.params) ? action.params : {};
  const names = known.params.map(({ name }) => name);
  const others = Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
  const isOpen = known.open_params === true || Object.keys(others).length > 0;
  const usual = known.params.filter(({ name }) => !rare.has(name));
  const rest = known.params.filter(({ name }) => rare.has(name));
  const field = (param: ActionType['params'][number]) => (
    <ParamField
      key={param.name}
      param={param}
      value={Object.hasOwn(params, param.name) ? params[param.name] : undefined}
      place={`${place}.params.${param.name}`}
      onChange={(value) =>
        tools.change((rule) => setParam(rule, action.id, param.name, value), { about: `${action.id} ${param.name}` })
      }
    />
  );
  const replaceOthers = (value: unknown): void => {
    const next = isObject(value) ? value : {};
    tools.change(
      (rule) => {
        const taken = Object.keys(others).reduce((one, name) => setParam(one, action.id, name, undefined), rule);
        return Object.entries(next).reduce((one, [name, member]) => setParam(one, action.id, name, member), taken);
      },
      { about: `${action.id} others` },
    );
  };
  return (
    <>
      {!known.runtime_enabled && <Text size="sm">{t('notExecuted')}</Text>}
      <ProblemNote place={place} except={names.map((name) => `${place}.params.${name}`)} />
      {usual.map(field)}
      {isOpen && (
        <JsonField
          label={t('unknownParams')}
          value={Object.keys(others).length === 0 ? undefined : others}
          place={`${place}.params`}
          onChange={replaceOthers}
        />
      )}
      {rest.length > 0 && (
        <details open={rest.some(({ name }) => Object.hasOwn(params, name)) ? true : undefined}>
          <summary>{t('rareParams')}</summary>
          <Stack gap="sm" pt="sm">
            {rest.map(field)}
          </Stack>
        </details>
      )}
    </>
  );
}

function ActionChanges({ id, what }: { id: string; what: string }) {
  const { t } = useTranslation('editor');
  const tools = useTools();
  const move = (direction: 'up' | 'down') => () => {
    const isPossible = canMoveAction(tools.current(), id, direction);
    tools.change((rule) => moveAction(rule, id, direction), {
      focus: { id, control: direction },
      said: t(isPossible ? `done.${direction}` : 'done.stays'),
    });
  };
  const button = { size: 'compact-xs', variant: 'default' } as const;
  return (
    <Group gap="xs" role="group" aria-label={t('changeWhat', { what })}>
      <Button {...button} data-control="up" onClick={move('up')}>
        {t('up')}
      </Button>
      <Button {...button} data-control="down" onClick={move('down')}>
        {t('down')}
      </Button>
      <Button
        {...button}
        data-control="duplicate"
        onClick={() => {
          const copy = duplicateAction(tools.current(), id);
          tools.change(() => copy.rule, { focus: { id: copy.id, control: 'duplicate' }, said: t('done.duplicate') });
        }}
      >
        {t('duplicate')}
      </Button>
      <Button
        {...button}
        aria-label={t('removeWhat', { what })}
        onClick={() =>
          tools.change((rule) => removeAction(rule, id), { focus: { id: 'add-action' }, said: t('done.remove') })
        }
      >
        {t('remove')}
      </Button>
    </Group>
  );
}
