import { describe, expect, it } from 'vitest'
import { failureOf, isExpired, outcomeOf } from '../../src/aws/outcome.ts'

const outcome = (code: string, message = '', status?: number) =>
  outcomeOf({ code, message, ...(status === undefined ? {} : { status }) })

describe('what a failed call means', () => {
  it.each([
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthorizationError',
    'ForbiddenException',
  ])('%s: denied', (code) => {
    expect(outcome(code, 'User: x is not authorized to perform: y')).toBe('denied')
  })

  it('a denial by a service control policy is a denial', () => {
    const message =
      'not authorized to perform: kms:ListKeys with an explicit deny in a service control policy'
    expect(outcome('AccessDeniedException', message)).toBe('denied')
  })

  it('Macie that is off says AccessDenied; its sentence tells the two apart', () => {
    expect(outcome('AccessDeniedException', 'Macie is not enabled.')).toBe('not-enabled')
    expect(
      outcome('AccessDeniedException', 'You are not authorized to perform: macie2:GetMacieSession'),
    ).toBe('denied')
  })

  it('an organization that is not in use and a hub that nobody subscribed to are answers', () => {
    expect(outcome('AWSOrganizationsNotInUseException')).toBe('not-enabled')
    expect(outcome('InvalidAccessException', 'Account 1 is not subscribed to AWS Security Hub')).toBe(
      'not-enabled',
    )
  })

  it.each(['ThrottlingException', 'RequestLimitExceeded', 'SlowDown', 'TooManyRequestsException'])(
    '%s: throttled',
    (code) => {
      expect(outcome(code)).toBe('throttled')
    },
  )

  it('an endpoint that does not exist in the Region is unsupported there', () => {
    expect(outcome('ENOTFOUND', 'getaddrinfo ENOTFOUND macie2.eu-north-9.amazonaws.com')).toBe('unsupported')
    expect(outcome('ENOTFOUND', 'getaddrinfo ENOTFOUND proxy.example')).toBe('error')
  })

  it('a call that Organizations does not offer in the partition is unsupported there, not denied', () => {
    const message = "This action isn't available in the current Region."
    expect(outcome('UnsupportedAPIEndpointException', message, 403)).toBe('unsupported')
  })

  it('expired credentials are an error of the run, not a denial', () => {
    expect(outcome('ExpiredTokenException', 'expired', 403)).toBe('error')
    expect(isExpired({ code: 'ExpiredToken', message: '' })).toBe(true)
  })

  it('whatever is not known is an error: it is never an answer', () => {
    expect(outcome('InternalFailure', '', 500)).toBe('error')
    expect(outcome('SyntaxError', 'Unexpected token <')).toBe('error')
    expect(outcome('ECONNRESET')).toBe('error')
  })
})

describe('reading what was thrown', () => {
  it('takes the code from the name, the Code or the code, and the first line of the message', () => {
    expect(failureOf(Object.assign(new Error('no\nsecret'), { name: 'AccessDenied' }))).toEqual({
      code: 'AccessDenied',
      message: 'no',
    })
    expect(failureOf(Object.assign(new Error('x'), { Code: 'NoSuchBucket' }))).toMatchObject({
      code: 'NoSuchBucket',
    })
    expect(
      failureOf(new AggregateError([Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })])),
    ).toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  it('survives anything', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, { message: 5 }])
      expect(failureOf(thrown).code).toBeTypeOf('string')
  })
})
