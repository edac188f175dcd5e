/** Every error code of the API: its status, and what it means. */
export interface ErrorEntry {
  status: number;
  meaning: string;
}

export const errorCatalog = {
  malformed_request: { status: 400, meaning: 'The body is not JSON.' },
  invalid_query: { status: 400, meaning: 'A query parameter is unknown or wrong; `details` names each.' },
  invalid_header: { status: 400, meaning: 'If-Match, Idempotency-Key or Last-Event-ID cannot be read.' },
  invalid_input: { status: 400, meaning: 'The cursor is not one that this list gave, or an id is malformed.' },
  no_session: { status: 401, meaning: 'There is no valid session token.' },
  access_denied: { status: 403, meaning: 'The session may not do this, or not for this brand.' },
  not_entitled: { status: 403, meaning: 'This person is not among those whom the run asks.' },
  four_eyes_required: { status: 403, meaning: 'The author of a rule cannot activate it (RULES_FOUR_EYES).' },
  not_found: { status: 404, meaning: 'There is nothing at this address.' },
  rule_not_found: { status: 404, meaning: 'There is no such rule for this session.' },
  version_not_found: { status: 404, meaning: 'There is no such version of the rule.' },
  run_not_found: { status: 404, meaning: 'There is no such run for this session.' },
  approval_not_found: { status: 404, meaning: 'There is no such approval for this session.' },
  customer_not_found: { status: 404, meaning: 'The directory has no such customer for this session.' },
  manager_not_found: { status: 404, meaning: 'The directory has no such manager for this session.' },
  task_not_found: { status: 404, meaning: 'There is no such task for this session.' },
  notification_not_found: { status: 404, meaning: 'There is no such notification for this session.' },
  api_key_not_found: { status: 404, meaning: 'There is no such API key for this session.' },
  subscription_not_found: { status: 404, meaning: 'There is no such webhook subscription for this session.' },
  webhook_not_found: { status: 404, meaning: 'There is no such workflow webhook for this session.' },
  webhook_key_not_found: { status: 404, meaning: 'The workflow webhook has no such key.' },
  application_not_found: { status: 404, meaning: 'There is no such incoming webhook application.' },
  backtest_not_found: { status: 404, meaning: 'There is no such backtest for this session.' },
  bulk_operation_not_found: { status: 404, meaning: 'There is no such bulk operation for this session.' },
  file_not_found: { status: 404, meaning: 'The data of the run holds no such file.' },
  record_not_found: { status: 404, meaning: 'The directory has no such record for this session.' },
  dead_letter_not_found: { status: 404, meaning: 'There is no such dead letter for this session.' },
  event_not_kept: { status: 404, meaning: 'Nothing is kept of such an event.' },
  version_conflict: { status: 409, meaning: 'It was changed since it was read: read it again.' },
  record_exists: { status: 409, meaning: 'The directory has a record that is told by the same.' },
  rule_archived: { status: 409, meaning: 'An archived rule cannot be changed.' },
  run_conflict: { status: 409, meaning: 'The run is not in a state for this.' },
  run_not_held: { status: 409, meaning: 'The run is not held.' },
  bulk_count_changed: { status: 409, meaning: 'More runs match than were expected: count them again.' },
  api_key_made: { status: 409, meaning: 'This request has made a key before, which is shown once.' },
  subscription_made: {
    status: 409,
    meaning: 'This request has made a subscription before, whose secret is shown once.',
  },
  application_made: {
    status: 409,
    meaning: 'This request has made an application before, whose token is shown once.',
  },
  not_resendable: { status: 409, meaning: 'The dead letter holds no whole message, or none of platform events.' },
  dead_letter_resent: { status: 409, meaning: 'The dead letter has been sent again before, or is being sent.' },
  resend_refused: { status: 409, meaning: 'Kafka refuses the message: it was not sent.' },
  subscription_not_active: { status: 409, meaning: 'The subscription is paused or disabled: resume it first.' },
  too_many_subscriptions: { status: 409, meaning: 'There are as many subscriptions as SUBSCRIPTIONS_MAX.' },
  webhook_exists: { status: 409, meaning: 'There is a workflow webhook of this id.' },
  too_many_keys: { status: 409, meaning: 'The workflow webhook has as many valid keys as it may: revoke one.' },
  too_many_rotations: { status: 409, meaning: 'The secret was rotated ten times within 24 hours.' },
  too_many_redeliveries: { status: 409, meaning: 'Ten redeliveries to this subscription are at work.' },
  not_subscribed: { status: 409, meaning: 'The subscription is not for this event.' },
  approval_conflict: { status: 409, meaning: 'The token is wrong or used, or this person has answered.' },
  approval_expired: { status: 410, meaning: 'The time to answer is over.' },
  position_too_old: {
    status: 410,
    meaning: 'Events behind this position are kept no longer; `details` names the position to go on from.',
  },
  too_large: {
    status: 413,
    meaning:
      'The body is larger than API_MAX_BODY_BYTES or WEBHOOK_MAX_BODY_BYTES, or a rule too large for a backtest.',
  },
  change_too_large: { status: 413, meaning: 'The rule is larger than the store takes in one change.' },
  unsupported_media_type: { status: 415, meaning: 'The body is in an unknown encoding.' },
  invalid_body: { status: 422, meaning: 'A member of the body is missing, unknown or wrong; `details` names each.' },
  invalid_rule: {
    status: 422,
    meaning: 'The rule is not valid; `details` names each issue by its path in the rule.',
  },
  invalid_event: { status: 422, meaning: 'The event would go to the dead letters; `details` says why.' },
  idempotency_key_reused: { status: 422, meaning: 'The Idempotency-Key has been used for another request.' },
  too_many_runs: { status: 422, meaning: 'More runs match than one bulk operation takes (BULK_RUNS_MAX).' },
  too_costly: { status: 422, meaning: 'The request takes more computing than API_COMPUTE_MS.' },
  start_refused: { status: 422, meaning: 'Temporal refuses the run for good.' },
  too_many_requests: {
    status: 429,
    meaning:
      'More than AUTH_FAILURES_PER_MINUTE, WRITES_PER_MINUTE, API_COMPUTE_PER_USER or the limit of a workflow webhook; Retry-After says in how many seconds.',
  },
  bad_request: { status: 400, meaning: 'The body is not one JSON object, or says a name twice.' },
  api_key_missing: { status: 401, meaning: 'There is no API key in Authorization or x-api-key.' },
  api_key_invalid: { status: 401, meaning: 'The API key is not one of this workflow, or there are several.' },
  session_token_missing: { status: 401, meaning: 'There is no session token in x-session-token.' },
  session_token_invalid: { status: 401, meaning: 'The session token is not one of this workflow.' },
  session_token_expired: { status: 401, meaning: 'The session token has ended: get another one.' },
  token_exchange_disabled: { status: 403, meaning: 'The workflow is disabled, or gives no session tokens.' },
  webhook_disabled: { status: 403, meaning: 'The workflow is disabled.' },
  origin_refused: { status: 403, meaning: 'The request comes from a page in a browser.' },
  method_not_allowed: { status: 405, meaning: 'The address takes POST alone.' },
  idempotency_conflict: { status: 409, meaning: 'Another event was reported under this idempotency key.' },
  invalid_payload: { status: 422, meaning: 'A member of the event is missing or wrong; `details` names each.' },
  forbidden_field: { status: 422, meaning: 'The event has a member that is called like a credential.' },
  unavailable: { status: 503, meaning: 'Kafka or the store is away: the same event may be sent again.' },
  internal_error: { status: 500, meaning: 'A fault in signalbox; its log says more.' },
  store_unavailable: { status: 503, meaning: 'The store is away: the same request may be sent again.' },
  temporal_unavailable: {
    status: 503,
    meaning: 'Temporal, or a worker for the run, is away. Nothing was done, and nothing will be: it may be sent again.',
  },
  outcome_unknown: {
    status: 503,
    meaning: 'Temporal did not answer in time: it may have been done. The same request may be sent again.',
  },
  kafka_unavailable: { status: 503, meaning: 'Kafka is away. Nothing was sent: the same request may be sent again.' },
  resend_unknown: {
    status: 503,
    meaning: 'No answer came in time: the message may have been sent, so it is never sent again.',
  },
  files_unavailable: { status: 503, meaning: 'The file store is away: the same request may be sent again.' },
  session_keys_unavailable: { status: 503, meaning: 'The keys of session tokens cannot be read (SESSION_JWKS_URL).' },
  rules_busy: { status: 503, meaning: 'Others kept changing rules: the same request may be sent again.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

/** Errors that operations of one kind have in common. */
const read = ['invalid_rule', 'too_costly'] as const satisfies ErrorCode[];
const written = [
  ...read,
  'version_conflict',
  'rule_archived',
  'change_too_large',
  'rules_busy',
] as const satisfies ErrorCode[];
export const ruleErrors = {
  read,
  written,
  changed: [...written, 'rule_not_found', 'four_eyes_required', 'invalid_header'],
  removed: ['rule_not_found', 'version_conflict', 'invalid_header', 'rules_busy'],
} as const satisfies Record<string, readonly ErrorCode[]>;

const commandErrors = ['temporal_unavailable', 'outcome_unknown', 'invalid_header'] as const satisfies ErrorCode[];
export const runErrors = ['run_not_found', 'run_conflict', ...commandErrors] as const satisfies ErrorCode[];
export const approvalErrors = [
  'approval_not_found',
  'approval_conflict',
  'approval_expired',
  'not_entitled',
  ...commandErrors,
] as const satisfies ErrorCode[];
