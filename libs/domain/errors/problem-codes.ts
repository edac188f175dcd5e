/** What can be wrong with a part of something that was written: stable codes, and what a text in any language needs beside them. */

export const problemCodes = [
  'required',
  'wrong_value',
  'wrong_type',
  'too_long',
  'too_many',
  'too_deep',
  'duplicate',
  'unknown_key',
  // Rules.
  'unknown_field',
  'unknown_operator',
  'unknown_action',
  'unknown_param',
  'unknown_trigger',
  'unsuited_operator',
  'action_disabled',
  'too_few_approvers',
  'wrong_reference',
  'text_too_long',
  'unsafe_value',
  'invalid_id',
  'duplicate_id',
  'contradicts_rule',
  'triggers_itself',
  'part_of_a_loop',
  // Records, queries and headers.
  'invalid_cursor',
  'position_too_old',
  'inexact_number',
  'invalid_input',
  'invalid_parameter',
  'invalid_name',
  'invalid_text',
  'username_taken',
  'unknown_user',
  'unknown_rule',
  'team_cycle',
  'secret_moved',
  // Events.
  'invalid_event',
  'forbidden_field',
  'not_json',
  'not_utf8',
  'duplicate_member',
  'unknown_topic',
  // The issues of zod, by its own names.
  'invalid_type',
  'invalid_value',
  'invalid_format',
  'invalid_key',
  'invalid_element',
  'invalid_union',
  'too_big',
  'too_small',
  'not_multiple_of',
  'unrecognized_keys',
  'custom',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** What would be right. `min`, `max`, `values` and `type` of the params belong to it. */
export const expectations = [
  'text',
  'filled_text',
  'one_line',
  'no_control_characters',
  'no_outer_spaces',
  'whole_number',
  'number',
  'boolean',
  'id',
  'object',
  'list',
  'action',
  'condition',
  'one_of',
  'at_least',
  'at_most',
  'from_to',
  'min_length',
  'max_length',
  'max_items',
  'scalar',
  'scalar_list',
  'number_or_date',
  'pair',
  'ordered_pair',
  'pattern',
  'no_value',
  'span',
  're_enroll',
  'window',
  'rule_id',
  'data_name',
  'data_item',
  'process_trigger',
  'no_process_trigger',
  'not_with_process',
  'http_url',
  'http_headers',
  'mail_address',
  'phone_number',
  'approvers',
] as const;

/** What keeps a text from being a pattern. */
export const patternFaults = [
  'too_long',
  'too_expensive',
  'missing_parenthesis',
  'missing_bracket',
  'unexpected_parenthesis',
  'duplicate_group',
  'invalid_group_name',
  'invalid_class',
  'invalid_escape',
  'unsupported_group',
  'nothing_to_repeat',
  'invalid_repetition',
  'invalid_count',
  'trailing_backslash',
] as const;

export type PatternFault = (typeof patternFaults)[number];

export type Expectation = (typeof expectations)[number];

/** The values that the message carries, by themselves. */
export interface ProblemParams {
  expected?: Expectation;
  /** What the issue is about: a field, a trigger, an action. */
  name?: string;
  operator?: string;
  /** Of a pattern, and the part of it that is wrong. */
  fault?: PatternFault;
  part?: string;
  /** Of a field, or of an item of a process. */
  type?: string;
  /** What may stand there. */
  values?: readonly string[];
  /** What is written, where it is at odds with `other_value` of another rule. */
  value?: string;
  other_value?: string;
  /** Names of other rules, in the order in which they follow one another. */
  rules?: readonly string[];
  min?: number;
  max?: number;
  /** How many there are. */
  count?: number;
}
