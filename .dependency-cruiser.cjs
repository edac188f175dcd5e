// Who may import whom (ARCHITECTURE.md, "Folders"). A folder imports itself, what is listed for it here, and nothing
// else of ours. `packages` lists the npm packages and Node modules it may use; left out = any.
// Types count like values: knowing another folder's types is depending on it.

const folders = {
  'libs/domain': { imports: [], packages: ['re2js', 'mustache', 'libphonenumber-js', 'node:crypto'] },
  'libs/contracts': { imports: ['libs/domain'], packages: ['zod'] },
  'libs/config': { imports: [], packages: ['zod'] },
  'libs/matching': { imports: ['libs/domain'], packages: ['lru-cache'] },
  'libs/backtest': { imports: ['libs/contracts', 'libs/domain', 'libs/matching'], packages: [] },
  'libs/async': { imports: ['libs/domain', 'libs/telemetry'], packages: ['lru-cache', 'node:timers/promises'] },
  'libs/store': { imports: ['libs/async', 'libs/domain'] },
  'libs/kafka': { imports: ['libs/contracts', 'libs/domain', 'libs/telemetry'] },
  'libs/http': { imports: ['libs/domain'] },
  'libs/files': { imports: ['libs/async', 'libs/config', 'libs/domain'] },
  'libs/mail': { imports: ['libs/config', 'libs/domain'] },
  'libs/sms': { imports: ['libs/config', 'libs/domain', 'libs/http'] },
  'libs/lifecycle': {
    imports: ['libs/async', 'libs/contracts', 'libs/kafka', 'libs/store', 'libs/http', 'libs/domain', 'libs/telemetry'],
  },
  'libs/subscriptions': {
    imports: ['libs/async', 'libs/contracts', 'libs/domain', 'libs/http', 'libs/lifecycle', 'libs/telemetry'],
  },
  'libs/workflow-webhooks': { imports: ['libs/contracts', 'libs/domain'] },
  'libs/crm': { imports: ['libs/domain'], packages: [] },
  'libs/dead-letters': { imports: ['libs/contracts', 'libs/domain', 'libs/kafka'] },
  'libs/hooks': { imports: ['libs/domain', 'libs/store'] },
  'libs/directory': { imports: ['libs/async', 'libs/contracts', 'libs/domain', 'libs/store'] },
  'libs/telemetry': { imports: ['libs/domain'] },
  'libs/bootstrap': { imports: ['libs/telemetry'] },
  'temporal/contract': { imports: ['libs/domain'], packages: ['@temporalio/common', '@temporalio/workflow'] },
  'temporal/workflows': {
    imports: ['libs/domain', 'temporal/contract'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  // What processes outside of a worker ask of Temporal.
  'temporal/client': { imports: ['libs', 'temporal/contract'] },
  // What every process with a worker needs for it.
  'temporal/worker': { imports: ['libs/telemetry'] },
  'temporal/activities': { imports: ['libs', 'temporal/contract'] },
  'apps/ingress': { imports: ['libs', 'temporal'] },
  'apps/delivery': { imports: ['libs', 'temporal'] },
  'apps/worker': { imports: ['libs', 'temporal'] },
  'apps/api': { imports: ['libs', 'temporal'] },
  'apps/cli': { imports: ['libs', 'temporal'] },
  // It runs in a browser and knows of us what the description of the API says.
  'apps/console': { imports: [] },
  stack: { imports: [] },
  // What others build: by what libs offer, and with nothing of our processes.
  examples: { imports: ['libs'] },
};

// Which room of `libs/domain` imports which, from the lowest to the highest. `testing` is for tests.
const rooms = {
  crm: [],
  json: [],
  values: [],
  errors: ['values'],
  masking: ['json', 'values'],
  directory: ['crm', 'errors'],
  rules: ['errors', 'json'],
  access: ['directory', 'errors', 'json', 'masking', 'values'],
  events: ['directory', 'errors', 'rules', 'values'],
  approvals: ['access', 'json', 'values'],
  context: ['directory', 'events', 'json', 'rules', 'values'],
  hooks: ['approvals', 'context', 'directory', 'errors', 'json', 'rules', 'values'],
  conditions: ['context', 'errors', 'json', 'rules', 'values'],
  runs: ['context', 'events', 'rules'],
  subscriptions: ['errors', 'runs', 'values'],
  'workflow-webhooks': ['errors', 'values'],
  templates: ['context', 'errors', 'rules', 'values'],
  actions: ['approvals', 'context', 'directory', 'errors', 'json', 'rules', 'runs', 'templates', 'values'],
  admission: ['rules', 'runs', 'values'],
  analysis: ['conditions', 'context', 'directory', 'errors', 'json', 'rules', 'templates'],
  matching: ['actions', 'conditions', 'context', 'errors', 'events', 'masking', 'rules'],
  validation: ['actions', 'approvals', 'conditions', 'context', 'errors', 'events', 'json', 'rules', 'values'],
};

const ours = '^(apps|libs|temporal|stack|scripts|bench|examples|test)/';
const tests = '[.]spec[.]ts$';
const within = (folder) => `^${folder}/`;
const packagePath = (name) => (name.startsWith('node:') ? `^${name.slice(5)}$` : `^node_modules/${name}/`);

const arrows = Object.entries(folders).map(([folder, { imports }]) => ({
  name: `arrows-of-${folder.replace('/', '-')}`,
  comment: `${folder} imports ${imports.join(', ') || 'nothing'} of ours`,
  severity: 'error',
  from: { path: within(folder), pathNot: tests },
  to: { path: ours, pathNot: [folder, ...imports].map(within) },
}));

const roomArrows = Object.entries(rooms).map(([room, imports]) => ({
  name: `arrows-of-room-${room}`,
  comment: `libs/domain/${room} imports ${imports.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: within(`libs/domain/${room}`), pathNot: tests },
  to: { path: within('libs/domain'), pathNot: [room, ...imports].map((name) => within(`libs/domain/${name}`)) },
}));

const packages = Object.entries(folders)
  .filter(([, { packages: allowed }]) => allowed)
  .map(([folder, { packages: allowed }]) => ({
    name: `packages-of-${folder.replace('/', '-')}`,
    comment: `${folder} uses ${allowed.join(', ')} and no other package or Node module`,
    severity: 'error',
    from: { path: within(folder), pathNot: tests },
    to: { pathNot: [ours, ...allowed.map(packagePath)] },
  }));

module.exports = {
  forbidden: [
    ...arrows,
    ...roomArrows,
    {
      name: 'every-room-is-listed',
      comment: 'a new room of libs/domain says here what it imports',
      severity: 'error',
      from: {},
      to: {
        path: '^libs/domain/',
        pathNot: [...Object.keys(rooms), 'testing'].map((room) => within(`libs/domain/${room}`)),
      },
    },
    ...packages,
    {
      name: 'apps-are-imported-by-nobody',
      comment: 'apps wire processes together; what two of them need belongs into libs or temporal',
      severity: 'error',
      from: { pathNot: ['^apps/', '^test/', tests] },
      to: { path: '^apps/' },
    },
    {
      name: 'handlers-are-for-subscribers',
      comment: 'whoever publishes lifecycle events knows nobody who handles them: a handler is added without us',
      severity: 'error',
      from: { path: '^(apps|libs|temporal)/', pathNot: ['^libs/lifecycle/handlers/', tests] },
      to: { path: '^libs/lifecycle/handlers/' },
    },
    {
      name: 'no-cycles',
      comment: 'two files that need each other are one idea, or hide a third one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nest-only-in-apps-and-bootstrap',
      comment: 'what does the work is plain factories; the framework wires them',
      severity: 'error',
      from: { path: '^(libs|temporal)/', pathNot: ['^libs/(bootstrap|lifecycle)/', tests] },
      to: { path: '^node_modules/@nestjs/' },
    },
    {
      name: 'kafkajs-only-in-its-adapter',
      comment:
        'everything else speaks libs/kafka/ports.ts. Beside it: the benchmark, as a hand-written consumer and as a ' +
        "subscriber, and the two files by which tests act as somebody else's producer, consumer or operator",
      severity: 'error',
      from: {
        pathNot: [
          '^libs/kafka/kafkajs/',
          '^bench/(baseline/|observer[.]ts$)',
          '^test/support/(foreign-kafka|mutated/publish)[.]ts$',
        ],
      },
      to: { path: packagePath('kafkajs') },
    },
    {
      name: 'kafka-client-is-chosen-in-one-place',
      comment: 'only libs/kafka/client.ts knows which client speaks to the brokers',
      severity: 'error',
      from: { pathNot: ['^libs/kafka/(kafkajs/|client[.]ts$)'] },
      to: { path: '^libs/kafka/kafkajs/' },
    },
    {
      name: 'only-declared-packages',
      comment: 'a package that nobody declared is gone when another package stops needing it',
      severity: 'error',
      // Of the console, nothing but the bundle is there when it runs.
      from: { path: '^(apps|libs|temporal)/', pathNot: ['^apps/console/', tests] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^stack/node_modules/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.node'],
    },
  },
};
