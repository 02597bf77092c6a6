import { describe, expect, it } from 'vitest'
import { conceal, concealed, HIDDEN, holdsCredential, isPassword } from '../../src/snapshot/credentials.ts'

const letters = (count: number): string => 'Ab3'.repeat(count).slice(0, count)

describe('a credential in a text', () => {
  const credentials = [
    'AKIAIOSFODNN7EXAMPLE',
    'key ASIAIOSFODNN7EXAMPLE of the build',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----',
    `ghp_${letters(36)}`,
    `github_pat_${letters(60)}`,
    `glpat-${letters(20)}`,
    `xoxb-${letters(24)}`,
    `sk_live_${letters(24)}`,
    `AIza${letters(35)}`,
    `npm_${letters(36)}`,
    `SG.${letters(22)}.${letters(43)}`,
    `eyJ${letters(20)}.eyJ${letters(20)}.${letters(20)}`,
    'postgres://app:hunter2@db.internal/app',
    `aws_secret_access_key=${letters(40)}`,
    'password=hunter2',
    'Password: hunter2',
    'Password: hunter',
    'password=correct horse battery',
    'the password: correct-horse battery',
    '{"password": "hunter2"}',
  ]
  for (const text of credentials) {
    it(`is known by its format: ${text.slice(0, 24)}`, () => {
      expect(holdsCredential(text)).toBe(true)
      expect(conceal(text)).toContain(HIDDEN)
    })
  }

  const others = [
    'prod',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-password-AbCdEf',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'AKIA',
    'AIDAIOSFODNN7EXAMPLE',
    'see the password policy',
    'password rotation: weekly',
    'RDS master password: rotated every 30 days',
    'The admin password: stored in Vault',
    'password={{resolve:ssm-secure:db}}',
    'password: arn:aws:ssm:eu-west-1:123456789012:parameter/db',
    'postgres://app:<password>@db',
    'https://user@example.com/path',
    'https://example.com:8443/a@b',
    '2026-01-01T00:00:00Z',
    'secret-key-rotation',
    'eyJ is how it begins',
  ]
  for (const text of others) {
    it(`is not seen where there is none: ${text.slice(0, 40)}`, () => {
      expect(holdsCredential(text)).toBe(false)
      expect(conceal(text)).toBe(text)
    })
  }

  it('is hidden, and the words around it stay', () => {
    expect(conceal('old AKIAIOSFODNN7EXAMPLE, new AKIAI44QH8DHBEXAMPLE')).toBe(`old ${HIDDEN}, new ${HIDDEN}`)
  })
})

describe('a value whose name says password', () => {
  it('is one, unless it says where the password is or whether there is one', () => {
    for (const name of ['password', 'db_password', 'DB-Password', 'admin.pwd', 'dbPassword', 'DB_PASSWORD'])
      expect(isPassword(name, 'hunter2')).toBe(true)
    expect(isPassword('passwordPolicy', 'strict')).toBe(false)
    expect(isPassword('forgotpassword', 'hunter2')).toBe(false)
    expect(isPassword('rotate-password', 'weekly')).toBe(false)
    expect(isPassword('RequirePassword', 'always')).toBe(false)
    for (const value of ['arn:aws:ssm:…', '/db/password', '{{ssm}}', 'https://vault', 'true', '90', 'abc'])
      expect([value, isPassword('password', value)]).toEqual([value, false])
  })

  it('is hidden in tags of both spellings, whatever it looks like', () => {
    expect(concealed({ Owner: 'me', db_password: 'hunter2' })).toEqual({ Owner: 'me', db_password: HIDDEN })
    expect(concealed([{ Key: 'password', Value: 'hunter2' }])).toEqual([{ Key: 'password', Value: HIDDEN }])
    expect(concealed({ TagKey: 'password', TagValue: 'hunter2' })).toEqual({
      TagKey: 'password',
      TagValue: HIDDEN,
    })
  })
})

describe('what may be shown', () => {
  it('is everything else, as it was', () => {
    const value = { a: [1, true, null, 'x'], b: { Key: 'Name', Value: 'web' } }
    expect(concealed(value)).toEqual(value)
  })
})
