import { useTranslation } from 'react-i18next';
import { en } from '../texts.en.ts';
import type { ActionParam } from '../rule-editor.queries.ts';

type Known = keyof typeof en.params;
type KnownValue = keyof typeof en.paramValues;

/** What a parameter and its values are called; one that is not known here, as the registry describes it. */
export function useParamTexts(param: ActionParam): {
  label: string;
  hint: string;
  valueName: (value: string) => string;
  defaultText: string;
  /** What is taken where the parameter is left out, such as the manager of the customer. */
  leftOutText: string | undefined;
} {
  const { t } = useTranslation('editor');
  const valueName = (value: string): string =>
    Object.hasOwn(en.paramValues, value) ? t(`paramValues.${value as KnownValue}`) : value;
  const isKnown = Object.hasOwn(en.params, param.name);
  const name = isKnown ? t(`params.${param.name as Known}`) : param.name;
  const { default: standard } = param;
  const written = typeof standard === 'boolean' ? t(standard ? 'yes' : 'no') : valueName(String(standard));
  return {
    label: param.required ? name : `${name} ${t('optional')}`,
    hint: isKnown ? t(`hints.${param.name as Known}`) : param.description,
    valueName,
    leftOutText: Object.hasOwn(en.leftOuts, param.name)
      ? t(`leftOuts.${param.name as keyof typeof en.leftOuts}`)
      : undefined,
    defaultText: standard === undefined ? t('leftOut') : t('defaultValue', { value: written }),
  };
}
