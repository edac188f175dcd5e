/** The workflow types of this system: every export is registered under its name. */
export { runRule } from './run-rule.workflow.ts';
