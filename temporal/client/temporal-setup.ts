/** What a Temporal namespace needs before runs can start in it: to exist, and to know the search attributes of runs. */
import { isGrpcServiceError, type OperatorService, type WorkflowService } from '@temporalio/client';
import { messageOf, RetryableError } from '#libs/domain/errors/errors.ts';
import { searchAttributes } from '#temporal/contract/names.ts';

/** What connections of clients and of workers have alike. */
export interface TemporalServices {
  readonly workflowService: Pick<WorkflowService, 'describeNamespace' | 'countWorkflowExecutions'>;
  readonly operatorService: Pick<OperatorService, 'listSearchAttributes' | 'addSearchAttributes'>;
}

type Attribute = (typeof searchAttributes)[keyof typeof searchAttributes];

/** Temporal's `IndexedValueType`. */
const typeNumbers: Record<Attribute['type'], number> = { KEYWORD: 2, INT: 3 };

const notFound = 5;
const permissionDenied = 7;
const unimplemented = 12;
const unauthenticated = 16;
const alreadyExists = 6;
const invalidArgument = 3;

/** Resolves when runs can start. @throws an error that says what is missing and how to mend it, or what gRPC says */
export async function checkNamespace(temporal: TemporalServices, namespace: string): Promise<void> {
  await describe(temporal, namespace);
  const missing = await missingAttributes(temporal, namespace);
  if (missing.length > 0) throw missingError(missing, namespace);
}

/**
 * The same, and adds what is missing where that is allowed.
 * @returns the names that were added
 */
export async function prepareNamespace(temporal: TemporalServices, namespace: string): Promise<string[]> {
  await describe(temporal, namespace);
  const missing = await missingAttributes(temporal, namespace);
  if (missing.length === 0) return [];
  try {
    const wanted = missing.map(({ name, type }) => [name, typeNumbers[type]] as const);
    await temporal.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(wanted) });
  } catch (error) {
    // Another process may have added them meanwhile.
    if (toCode(error) !== alreadyExists) throw missingError(missing, namespace, error);
  }
  return missing.map(({ name }) => name);
}

async function describe({ workflowService }: TemporalServices, namespace: string): Promise<void> {
  try {
    await workflowService.describeNamespace({ namespace });
  } catch (error) {
    const code = toCode(error);
    if (code === notFound) {
      throw notReady(
        `the Temporal namespace "${namespace}" does not exist; make it: temporal operator namespace create --namespace ${namespace}`,
        error,
      );
    }
    if (code === permissionDenied || code === unauthenticated) {
      throw notReady(
        `Temporal refuses the namespace "${namespace}" (${toReason(error)}); TEMPORAL_API_KEY has to be valid for it`,
        error,
      );
    }
    throw error;
  }
}

/** @throws an error when one of them has another type */
async function missingAttributes(temporal: TemporalServices, namespace: string): Promise<Attribute[]> {
  const wanted = Object.values(searchAttributes);
  let present: Record<string, unknown>;
  try {
    const { customAttributes, systemAttributes } = await temporal.operatorService.listSearchAttributes({ namespace });
    present = { ...systemAttributes, ...customAttributes };
  } catch (error) {
    const code = toCode(error);
    if (code !== permissionDenied && code !== unimplemented && code !== unauthenticated) throw error;
    return unsearchable(temporal, namespace);
  }
  for (const { name, type } of wanted) {
    const found = Object.hasOwn(present, name) ? present[name] : undefined;
    if (found !== undefined && found !== typeNumbers[type]) {
      throw notReady(
        `the search attribute ${name} of the Temporal namespace "${namespace}" has another type than ${type}: it has to be removed, then added as ${type}`,
      );
    }
  }
  return wanted.filter(({ name }) => !Object.hasOwn(present, name));
}

/** For servers that do not list them, such as Temporal Cloud: what a search cannot name is not there. */
async function unsearchable({ workflowService }: TemporalServices, namespace: string): Promise<Attribute[]> {
  const missing: Attribute[] = [];
  for (const attribute of Object.values(searchAttributes)) {
    const value = attribute.type === 'INT' ? '0' : "''";
    try {
      await workflowService.countWorkflowExecutions({ namespace, query: `${attribute.name} = ${value}` });
    } catch (error) {
      if (toCode(error) !== invalidArgument) throw error;
      missing.push(attribute);
    }
  }
  return missing;
}

function missingError(missing: Attribute[], namespace: string, cause?: unknown): RetryableError {
  const names = missing.map(({ name }) => name).join(', ');
  const options = missing.map(({ name, type }) => `--name ${name} --type ${typeName(type)}`).join(' ');
  const why = cause === undefined ? '' : `, and adding them is refused (${toReason(cause)})`;
  return notReady(
    `the Temporal namespace "${namespace}" does not know the search attributes ${names}${why}; add them: temporal operator search-attribute create --namespace ${namespace} ${options}`,
    cause,
  );
}

/** As Temporal's command line calls it. */
function typeName(type: Attribute['type']): string {
  return `${type[0]}${type.slice(1).toLowerCase()}`;
}

function notReady(message: string, cause?: unknown): RetryableError {
  return new RetryableError('temporal_not_ready', message, { cause });
}

function toCode(error: unknown): number | null {
  return isGrpcServiceError(error) ? error.code : null;
}

function toReason(error: unknown): string {
  return isGrpcServiceError(error) ? error.details : messageOf(error);
}
