// What the code inside Temporal's workflow sandbox can reach at run time, however many files away. The sandbox has no
// Node modules and replays old histories: a package that slips in breaks it or makes the bundle several times larger.
// Types are erased before it runs, so here they do not count.
const { options } = require('./.dependency-cruiser.cjs');

/** Of `libs/domain`: what a run has to know. Another one is a decision, since it goes into every bundle. */
const rooms = ['access', 'actions', 'approvals', 'directory', 'errors', 'json', 'masking', 'runs', 'values'];

module.exports = {
  forbidden: [
    {
      name: 'workflows-reach-only-pure-code',
      comment: 'only our own pure code and Temporal’s workflow packages',
      severity: 'error',
      from: { path: '^temporal/workflows/', pathNot: '[.]spec[.]ts$' },
      to: {
        reachable: true,
        pathNot: [
          '^temporal/(workflows|contract)/',
          `^libs/domain/(${rooms.join('|')})/`,
          // The form of request data alone: the rest of that room reads events and rules.
          '^libs/domain/context/run-data[.]ts$',
          '^node_modules/@temporalio/(workflow|common)/',
        ],
      },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
