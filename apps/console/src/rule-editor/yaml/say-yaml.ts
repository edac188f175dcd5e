import type { Said } from '../../shared/said/said.ts';
import type { YamlProblem } from '../model/rule-yaml.ts';
import { yamlTextsDe } from './yaml-texts.de.ts';

/** What is wrong with the text of a rule. The parser's own words may say more, such as which character is missing. */
export function sayYaml(language: string, { code, message }: Pick<YamlProblem, 'code' | 'message'>): Said {
  return language === 'de' ? { text: yamlTextsDe[code], original: message } : { text: message, original: null };
}
