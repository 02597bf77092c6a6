/** Every way in which a call may fail, in the words of each protocol. */
import type { Call } from './operation-of.ts'
import type { Fault } from './proxy.ts'

type Protocol = Call['protocol']

interface Words {
  readonly status: number
  readonly code: Readonly<Record<Protocol, string>>
  readonly message: string
}

const words = (all: string, others: Partial<Record<Protocol, string>>): Record<Protocol, string> => ({
  ec2: all,
  query: all,
  json: all,
  'rest-json': all,
  s3: all,
  s3control: all,
  ...others,
})

const DENIED = words('AccessDeniedException', {
  ec2: 'UnauthorizedOperation',
  query: 'AccessDenied',
  s3: 'AccessDenied',
  s3control: 'AccessDenied',
})

const ERRORS: Readonly<Record<string, Words>> = {
  'access denied': {
    status: 403,
    code: DENIED,
    message: 'User: arn:aws:iam::123456789012:user/test is not authorized to perform this action',
  },
  'denied by an SCP': {
    status: 403,
    code: DENIED,
    message:
      'User: arn:aws:iam::123456789012:user/test is not authorized, with an explicit deny in a service control policy',
  },
  'throttled to the end': {
    status: 400,
    code: words('ThrottlingException', {
      ec2: 'RequestLimitExceeded',
      query: 'Throttling',
      s3: 'SlowDown',
      s3control: 'SlowDown',
    }),
    message: 'Rate exceeded',
  },
  'expired token': {
    status: 400,
    code: words('ExpiredTokenException', {
      ec2: 'RequestExpired',
      query: 'ExpiredToken',
      s3: 'ExpiredToken',
      s3control: 'ExpiredToken',
    }),
    message: 'The security token included in the request is expired',
  },
}

/** By the name that the tests give it. */
export const FAULTS: Readonly<Record<string, (call: Call) => Fault>> = {
  ...Object.fromEntries(
    Object.entries(ERRORS).map(([name, { status, code, message }]) => [
      name,
      (call: Call): Fault => ({ kind: 'error', status, code: code[call.protocol], message }),
    ]),
  ),
  timeout: () => ({ kind: 'timeout' }),
  reset: () => ({ kind: 'reset' }),
  'malformed body': () => ({ kind: 'malformed' }),
}

export const denied = FAULTS['access denied'] as (call: Call) => Fault

/** The outcome that the ledger has to name. */
export const OUTCOME: Readonly<Record<string, string>> = {
  'access denied': 'denied',
  'denied by an SCP': 'denied',
  'throttled to the end': 'throttled',
  'expired token': 'error',
  timeout: 'error',
  reset: 'error',
  'malformed body': 'error',
  'second page': 'denied',
}

export const isLaterPage = (call: Call): boolean => /recorded-page-\d/.test(call.path + call.body)
