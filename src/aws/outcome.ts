/**
 * What a failed call means, decided here and nowhere else.
 * Sources: "Common errors" of each service's API reference, the EC2 "Error codes" page, the STS and S3 error lists.
 */

export interface AwsFailure {
  /** AWS's own code: `AccessDenied`, `UnauthorizedOperation`, `NoSuchBucketPolicy`. */
  readonly code: string
  readonly message: string
  /** HTTP status, where one was received. */
  readonly status?: number
}

export type FailureOutcome =
  | 'denied'
  | 'throttled'
  | 'unsupported'
  | 'not-enabled'
  | 'region-disabled'
  | 'error'
  | 'interrupted'
  | 'not-collected'

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AccessDeniedFault',
  'UnauthorizedOperation',
  'UnauthorizedException',
  'UnauthorizedAccess',
  'NotAuthorized',
  'NotAuthorizedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'KMSAccessDeniedException',
  'AllAccessDisabled',
  'Forbidden',
  'ForbiddenException',
])

const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'Throttled',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'SlowDown',
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'EC2ThrottledException',
])

const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'TokenRefreshRequired',
  'CredentialsProviderError',
  'TokenProviderError',
])

const BAD_CREDENTIALS = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'MissingAuthenticationToken',
  'InvalidToken',
])

const UNSUPPORTED = new Set([
  'InvalidAction',
  'UnknownOperationException',
  'UnsupportedOperation',
  'UnsupportedOperationException',
  'UnsupportedAPIEndpointException', // Organizations: "This action isn't available in the current Region"
  'NotImplemented',
  'MethodNotAllowed',
])

/** The codes by which a service says that nobody has turned it on: an answer, not a failure. */
const NOT_ENABLED = new Set([
  'AWSOrganizationsNotInUseException',
  'SubscriptionRequiredException',
  'OptInRequired',
])

const NOT_ENABLED_MESSAGE = /\b(is not enabled|not subscribed|is not activated|has not been enabled)\b/i

/** @returns how a ledger line names this failure. */
export function outcomeOf(failure: AwsFailure): FailureOutcome {
  const { code, message, status } = failure
  if (code === 'AbortError') return 'interrupted'
  if (NOT_ENABLED.has(code)) return 'not-enabled'
  // Macie and Security Hub say "AccessDenied" when they are simply off: the sentence tells the two apart.
  if ((DENIED.has(code) || code === 'InvalidAccessException') && NOT_ENABLED_MESSAGE.test(message))
    return 'not-enabled'
  if (DENIED.has(code)) return 'denied'
  if (THROTTLED.has(code) || status === 429) return 'throttled'
  if (UNSUPPORTED.has(code)) return 'unsupported'
  if (code === 'ENOTFOUND' && /\bgetaddrinfo\b/.test(message) && /amazonaws\.com/.test(message))
    return 'unsupported'
  if (status === 403 && !EXPIRED.has(code) && !BAD_CREDENTIALS.has(code)) return 'denied'
  return 'error'
}

/** The credentials ran out: no later call can succeed either. */
export const isExpired = (failure: AwsFailure): boolean => EXPIRED.has(failure.code)

/** AWS does not know these credentials at all, or there are none. */
export const isBadCredentials = (failure: AwsFailure): boolean => BAD_CREDENTIALS.has(failure.code)

/** Reads AWS's code and message out of whatever the SDK threw; never throws itself. */
export function failureOf(error: unknown): AwsFailure {
  if (typeof error !== 'object' || error === null) return { code: 'Unknown', message: String(error) }
  const seen = error as {
    name?: unknown
    Code?: unknown
    code?: unknown
    message?: unknown
    $metadata?: { httpStatusCode?: unknown }
    cause?: unknown
    errors?: unknown
  }
  const nested = Array.isArray(seen.errors) ? seen.errors[0] : undefined
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined
  const generic = new Set(['Error', 'UnknownError', 'Unknown', 'AggregateError', 'TypeError', 'SyntaxError'])
  const name = text(seen.name)
  const code =
    (name && !generic.has(name) ? name : undefined) ??
    text(seen.Code) ??
    text(seen.code) ??
    text((nested as { code?: unknown } | undefined)?.code) ??
    name ??
    'Unknown'
  const status = seen.$metadata?.httpStatusCode
  const message = text(seen.message) ?? text((nested as { message?: unknown } | undefined)?.message) ?? code
  return {
    code,
    message: (message.split('\n')[0] ?? '').slice(0, 500),
    ...(typeof status === 'number' ? { status } : {}),
  }
}
