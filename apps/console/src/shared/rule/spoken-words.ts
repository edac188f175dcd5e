/** What the parts of rules are called, for people. What has no name here is shown as the registry writes it. */
type Params = Record<string, unknown>;

/** Makes words of what a rule holds. */
export interface Speech {
  /** A number by the language, a text in quotes, a list with commas. */
  value: (value: unknown) => string;
  /** A length of time, such as 2 days; empty for what is none. */
  span: (span: unknown) => string;
  /** Who or what is meant by a number or a code: a manager, a status, a template. */
  name: (kind: 'manager' | 'team' | 'desk' | 'status' | 'template' | 'endpoint', value: unknown) => string;
  role: (role: string) => string;
  /** The beginning of a text in quotes. */
  text: (text: unknown) => string;
}

export interface RuleWords {
  /** Continues "When …". */
  triggers: Readonly<Record<string, string>>;
  anyTrigger: (name: string) => string;
  fields: Readonly<Record<string, string>>;
  operators: Readonly<Record<string, string>>;
  actions: Readonly<Record<string, { label: string; say: (params: Params, speech: Speech) => string }>>;
  anyAction: (type: string) => string;
  roles: Readonly<Record<string, string>>;
  units: Readonly<Record<string, readonly [one: string, more: string]>>;
  sentence: {
    when: (trigger: string, brand: string | null) => string;
    condition: (field: string, operator: string, value: string) => string;
    between: (field: string, low: string, high: string) => string;
    and: string;
    or: string;
    not: (inner: string) => string;
    always: string;
    never: string;
    onlyIf: (conditions: string) => string;
    next: string;
    nothing: string;
    odd: string;
    more: (count: number) => string;
    once: string;
    onceIn: (span: string) => string;
    limit: (count: string, span: string) => string;
    stopAfter: string;
  };
}
