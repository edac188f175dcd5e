import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from './texts.en.ts';

const parts = ['id', 'name', 'brand', 'status', 'priority', 'description', 'process'] as const;
const sections = { trigger_event: 'when', conditions: 'if', actions: 'do' } as const;

/** What the form calls the place of a path. What the form has no name for is named by its path. */
export function usePlaceName(): (path: string) => string {
  const { t } = useTranslation('editor');
  return useCallback(
    (path) => {
      const part = parts.find((one) => one === path);
      if (part !== undefined) return t(part);
      const section = Object.hasOwn(sections, path) ? sections[path as keyof typeof sections] : undefined;
      if (section !== undefined) return t(section);
      const [, condition, side] = /^conditions\.rules\[(\d+)\]\.(field|operator|value)$/.exec(path) ?? [];
      if (condition !== undefined)
        return `${t('condition', { number: Number(condition) + 1 })}, ${t(side as 'field' | 'operator' | 'value')}`;
      const [, action, param] = /^actions\[(\d+)\]\.params\.(\w+)$/.exec(path) ?? [];
      if (action !== undefined && param !== undefined && Object.hasOwn(en.params, param))
        return `${t('actionNumber', { number: Number(action) + 1 })}, ${t(`params.${param as keyof typeof en.params}`)}`;
      return path;
    },
    [t],
  );
}
