/** The values of each part of a request that a policy's conditions can tell apart: all of them, and no more. */
import { describe, expect, it } from 'vitest'
import { format } from '../../../src/analyze/policy/address.ts'
import { type DimensionOptions, dimensionName, dimensionOf } from '../../../src/analyze/policy/dimension.ts'
import type { Atom, Dimension } from '../../../src/analyze/policy/values.ts'
import type { Json, JsonObject } from '../../../src/snapshot/model.ts'
import { ACCOUNT, conditionsOf, MEMBER, ORG, ORGANIZATION, STRANGER } from './parts.ts'

const OPTIONS: DimensionOptions = {
  account: ACCOUNT,
  organization: ORGANIZATION,
  buckets: new Map([
    ['ours', ACCOUNT],
    ['theirs', STRANGER],
  ]),
  accessPoints: [],
}

function made(
  block: JsonObject,
  options: Partial<DimensionOptions> = {},
): { dimension: Dimension; cut: boolean } {
  const cut = { happened: false }
  const conditions = conditionsOf(block)
  const name = dimensionName(conditions[0]?.key ?? '') ?? ''
  return { dimension: dimensionOf(name, conditions, { ...OPTIONS, ...options }, cut), cut: cut.happened }
}

/** A line a value: what it is called, whether only some can have it, whose it is, and the keys that come with it. */
function line({ label, open, owner, nameOnly, range, values }: Atom): string {
  const keys = [...values].map(([key, texts]) => `${key}=${texts.join('+')}`)
  const about = [
    open ? '' : 'closed',
    owner === undefined ? '' : `of ${owner}`,
    nameOnly ? 'by name' : '',
    range === undefined ? '' : `${format(range.version, range.low)}-${format(range.version, range.high)}`,
  ].filter((one) => one !== '')
  return [label === '' ? '-' : label, ...about, keys.length === 0 ? 'absent' : keys.join(' ')].join(' | ')
}

const lines = (block: JsonObject, options: Partial<DimensionOptions> = {}): string[] =>
  made(block, options).dimension.atoms.map(line)

/** Of one key: its values alone; `-` where it is absent. */
const values = (operator: string, key: string, wanted: Json): string[] =>
  made({ [operator]: { [key]: wanted } }).dimension.atoms.map((atom) =>
    atom.values.size === 0 ? '-' : [...atom.values.values()].map((texts) => texts.join('+')).join(' '),
  )
const labels = (operator: string, key: string, wanted: Json): string[] =>
  made({ [operator]: { [key]: wanted } }).dimension.atoms.map(
    ({ label, open }) => `${label}${open ? '' : ' closed'}`,
  )

describe('a key that the caller sets at will', () => {
  it('is absent, has each text that is named, and one that is not', () => {
    expect(values('StringEquals', 'aws:Referer', ['a', 'b'])).toEqual(['-', 'a', 'b', 'any'])
    expect(values('StringLike', 'aws:Referer', ['a*', 'b'])).toEqual(['-', 'b', 'aany', 'other'])
  })

  it('is tried in both cases where case is ignored', () => {
    expect(values('StringEqualsIgnoreCase', 'aws:Referer', 'aB')).toEqual(['-', 'aB', 'ab', 'AB', 'any'])
  })

  it('that every request has is never absent', () => {
    expect(values('Bool', 'aws:SecureTransport', 'true')).toEqual(['true', 'false'])
  })

  it('that is true or false has no other value, however it is compared', () => {
    expect(values('StringEquals', 'aws:SecureTransport', 'yes')).toEqual(['true', 'false'])
    expect(values('Bool', 'aws:PrincipalTag/admin', 'true')).toEqual(['-', 'true', 'false'])
    expect(values('Null', 'aws:Referer', 'true')).toEqual(['-', 'any'])
  })

  it('is compared as a number at each border, between two, below and above', () => {
    expect(values('NumericLessThan', 's3:max-keys', ['10', '20', '10'])).toEqual([
      '-',
      '21',
      '10',
      '20',
      '15',
      '9',
    ])
    expect(values('NumericEquals', 's3:max-keys', '5')).toEqual(['-', '6', '5', '4'])
    expect(values('NumericEquals', 's3:max-keys', 'x')).toEqual(['-', 'any'])
  })

  it('is compared as a date at each border, in whole seconds around it', () => {
    expect(values('DateLessThan', 'aws:TokenIssueTime', '2026-01-01T00:00:00Z')).toEqual([
      '-',
      '2026-01-01T00:00:01.000Z',
      '2026-01-01T00:00:00.000Z',
      '2025-12-31T23:59:59.000Z',
    ])
    expect(values('DateLessThan', 'aws:TokenIssueTime', '99999999999999999')).toEqual(['-', 'any'])
  })

  it('is compared as an address by the blocks that are told apart', () => {
    expect(values('IpAddress', 'aws:Referer', '10.0.0.0/8')).toEqual([
      '-',
      '0.0.0.0',
      '10.0.0.0',
      '11.0.0.0',
      '::',
    ])
  })

  it('has the texts beside the numbers where it is compared as both', () => {
    const { dimension } = made({
      NumericLessThan: { 'aws:Referer': '3' },
      StringLike: { 'aws:Referer': 'x*' },
    })
    expect(dimension.atoms.map((atom) => atom.label)).toEqual(['', 'xany', 'any', '4', '3', '2'])
  })
})

describe('a key of several values', () => {
  it('has each value, and the longest lists within what the conditions ask for', () => {
    expect(values('ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'])).toEqual([
      '-',
      'any',
      'a',
      'b',
      'a+b',
      'a+b+any',
    ])
    expect(values('ForAnyValue:StringLike', 'aws:TagKeys', ['a*'])).toEqual([
      '-',
      'aany',
      'other',
      'aany+other',
    ])
    expect(values('Null', 'aws:TagKeys', 'true')).toEqual(['-', 'any'])
  })

  it('has the lists within two conditions at once', () => {
    const { dimension } = made({
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] },
      'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'c'] },
    })
    expect(dimension.atoms.map((atom) => atom.label)).toEqual([
      '',
      'b',
      'c',
      'a',
      'any',
      'a, b',
      'c, any',
      'b, c',
      'a, any',
      'a, b, c, any',
    ])
  })

  it('is cut where more than eight sets are asked for', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const asked = (count: number) => {
      const blocks = names
        .slice(0, count)
        .map((name) => ({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': name } }))
      const cut = { happened: false }
      dimensionOf('aws:tagkeys', conditionsOf(...blocks), OPTIONS, cut)
      return cut.happened
    }
    expect([asked(4), asked(5)]).toEqual([false, true])
  })
})

describe('a key that others than the caller set', () => {
  it('of a service’s own resource is not everybody’s', () => {
    const context = 'kms:EncryptionContext:aws:sns:topicArn'
    const topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:news`
    expect(labels('StringEquals', context, [topic, 'word'])).toEqual([
      '',
      'arn:aws:sns:eu-west-1:111122223333:news closed',
      'word',
      'any',
    ])
    expect(labels('StringEquals', 'kms:EncryptionContextKeys', topic)).toEqual([
      '',
      'arn:aws:sns:eu-west-1:111122223333:news',
      'any',
      'arn:aws:sns:eu-west-1:111122223333:news, any',
    ])
  })

  it('of an Alexa skill is the skill’s', () => {
    expect(labels('StringEquals', 'lambda:EventSourceToken', ['skill'])).toEqual(['', 'skill closed', 'any'])
  })

  it('of a mount target is of a VPC', () => {
    expect(labels('Bool', 'elasticfilesystem:AccessedViaMountTarget', 'true')).toEqual([
      '',
      'true closed',
      'false',
    ])
  })
})

describe('the service that a request comes through', () => {
  it('is none, any, or the one that is named', () => {
    expect(lines({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })).toEqual([
      '- | aws:viaawsservice=false',
      'any.us-east-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=any.amazonaws.com aws:calledviafirst=any.amazonaws.com aws:calledvialast=any.amazonaws.com kms:viaservice=any.us-east-1.amazonaws.com',
      's3.eu-west-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=s3.amazonaws.com aws:calledviafirst=s3.amazonaws.com aws:calledvialast=s3.amazonaws.com kms:viaservice=s3.eu-west-1.amazonaws.com',
      'any | aws:viaawsservice=true aws:calledvia=any aws:calledviafirst=any aws:calledvialast=any kms:viaservice=any',
    ])
    expect(lines({ Bool: { 'aws:ViaAWSService': 'true' } })).toEqual([
      '- | aws:viaawsservice=false',
      'any.us-east-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=any.amazonaws.com aws:calledviafirst=any.amazonaws.com aws:calledvialast=any.amazonaws.com kms:viaservice=any.us-east-1.amazonaws.com',
    ])
  })

  it('is the first and the last of a chain of them', () => {
    expect(lines({ StringEquals: { 'aws:CalledViaFirst': 'a.amazonaws.com' } })).toEqual([
      '- | aws:viaawsservice=false',
      'any.us-east-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=any.amazonaws.com aws:calledviafirst=any.amazonaws.com aws:calledvialast=any.amazonaws.com kms:viaservice=any.us-east-1.amazonaws.com',
      'a.amazonaws.com | aws:viaawsservice=true aws:calledvia=a.amazonaws.com aws:calledviafirst=a.amazonaws.com aws:calledvialast=a.amazonaws.com kms:viaservice=a.amazonaws.com',
      'any | aws:viaawsservice=true aws:calledvia=a.amazonaws.com+any aws:calledviafirst=a.amazonaws.com aws:calledvialast=any kms:viaservice=any',
      'a.amazonaws.com | aws:viaawsservice=true aws:calledvia=any+a.amazonaws.com aws:calledviafirst=any aws:calledvialast=a.amazonaws.com kms:viaservice=a.amazonaws.com',
      'any | aws:viaawsservice=true aws:calledvia=any aws:calledviafirst=any aws:calledvialast=any kms:viaservice=any',
    ])
  })

  it('has no star in its name', () => {
    expect(lines({ StringEquals: { 'kms:ViaService': ['*.amazonaws.com', 'a b'] } })).toEqual([
      '- | aws:viaawsservice=false',
      'any.us-east-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=any.amazonaws.com aws:calledviafirst=any.amazonaws.com aws:calledvialast=any.amazonaws.com kms:viaservice=any.us-east-1.amazonaws.com',
      'any | aws:viaawsservice=true aws:calledvia=any aws:calledviafirst=any aws:calledvialast=any kms:viaservice=any',
    ])
    expect(lines({ StringEquals: { 'aws:CalledVia': '*.amazonaws.com' } })).toEqual([
      '- | aws:viaawsservice=false',
      'any.us-east-1.amazonaws.com | aws:viaawsservice=true aws:calledvia=any.amazonaws.com aws:calledviafirst=any.amazonaws.com aws:calledvialast=any.amazonaws.com kms:viaservice=any.us-east-1.amazonaws.com',
      'any | aws:viaawsservice=true aws:calledvia=any aws:calledviafirst=any aws:calledvialast=any kms:viaservice=any',
    ])
  })
})

describe('for whose resource a service asks', () => {
  it('is the own account’s, a named one’s, and a stranger’s', () => {
    expect(lines({ StringEquals: { 'aws:SourceAccount': [STRANGER, MEMBER, 'no account'] } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:777788889999:any | closed | of 777788889999 | aws:sourceaccount=777788889999 aws:sourcearn=arn:aws:any:us-east-1:777788889999:any',
      'arn:aws:any:us-east-1:222233334444:any | closed | of 222233334444 | aws:sourceaccount=222233334444 aws:sourcearn=arn:aws:any:us-east-1:222233334444:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
    ])
  })

  it('is any account’s that a pattern leaves open', () => {
    expect(lines({ StringLike: { 'aws:SourceAccount': '7*' } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:777777777777:any | of anyone | aws:sourceaccount=777777777777 aws:sourcearn=arn:aws:any:us-east-1:777777777777:any',
      'arn:aws:any:us-east-1:877777777777:any | of anyone | aws:sourceaccount=877777777777 aws:sourcearn=arn:aws:any:us-east-1:877777777777:any',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
    ])
  })

  it('is a resource that is named, or another of its account', () => {
    const arn = `arn:aws:sns:eu-west-1:${STRANGER}:news`
    expect(lines({ ArnEquals: { 'aws:SourceArn': arn } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:sns:eu-west-1:777788889999:news | closed | of 777788889999 | aws:sourceaccount=777788889999 aws:sourcearn=arn:aws:sns:eu-west-1:777788889999:news',
      'arn:aws:any:us-east-1:777788889999:any | closed | of 777788889999 | aws:sourceaccount=777788889999 aws:sourcearn=arn:aws:any:us-east-1:777788889999:any',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
    ])
    expect(lines({ ArnEquals: { 'aws:SourceArn': `arn:aws:any:us-east-1:${ACCOUNT}:any` } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:111122223333:any-other | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any-other aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
    ])
  })

  it('is a resource that a pattern takes, of each account', () => {
    expect(lines({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:news-?' } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:sns:us-east-1:111122223333:news-x | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:sns:us-east-1:111122223333:news-x aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:sns:us-east-1:999999999999:news-x | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:sns:us-east-1:999999999999:news-x',
    ])
    expect(lines({ ArnLike: { 'aws:SourceArn': ['arn:aws:sns:*', 'arn:*:s*:*:*:x'] } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:::111122223333: | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:::111122223333: aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s::111122223333:x | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s::111122223333:x aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:::999999999999: | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:::999999999999:',
      'arn:aws:s::999999999999:x | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s::999999999999:x',
    ])
    expect(lines({ StringLike: { 'aws:SourceArn': 'arn:aws:sns' } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
    ])
  })

  it('is a bucket, whose ARN names no account: its owner’s where it is known, by name alone where not', () => {
    expect(
      lines({
        ArnLike: { 'aws:SourceArn': ['arn:aws:s3:::ours', 'arn:aws:s3:::theirs', 'arn:aws:s3:::other'] },
      }),
    ).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::ours | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::ours aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::other | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::other aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:s3:::other | closed | of anyone | by name | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s3:::other',
      'arn:aws:s3:::any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s3:::any',
    ])
    expect(lines({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::log*' } }, { buckets: undefined })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::logany | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::logany aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:s3:::logany | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s3:::logany',
      'arn:aws:s3:::any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s3:::any',
    ])
    expect(lines({ StringLike: { 'aws:SourceArn': '*' } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:s3:::any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:s3:::any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:s3:::any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:s3:::any',
    ])
  })

  it('is in an organization that is named, in another, or in none', () => {
    expect(lines({ StringEquals: { 'aws:SourceOrgID': [ORG, 'o-zzzzzzzzzz', 'o-short'] } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-a1b2c3d4e5 | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-zzzzzzzzzz | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-zzzzzzzzzz aws:sourceorgpaths=o-zzzzzzzzzz/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-anyoneelse aws:sourceorgpaths=o-anyoneelse/any/',
    ])
    expect(lines({ StringLike: { 'aws:SourceOrgID': 'o-z*' } })).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-oooooooooo | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-oooooooooo aws:sourceorgpaths=o-oooooooooo/any/',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-zooooooooo | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-zooooooooo aws:sourceorgpaths=o-zooooooooo/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-anyoneelse aws:sourceorgpaths=o-anyoneelse/any/',
    ])
    expect(
      lines({ StringLike: { 'aws:SourceOrgPaths': ['o-zzzzzzzzzz/r-abcd/*', 'o-zzzzzzzzzz/r-abcd'] } }),
    ).toEqual([
      '- | absent',
      'arn:aws:any:us-east-1:111122223333:any | closed | of 111122223333 | aws:sourceaccount=111122223333 aws:sourcearn=arn:aws:any:us-east-1:111122223333:any aws:sourceorgid=o-a1b2c3d4e5 aws:sourceorgpaths=o-a1b2c3d4e5/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-zzzzzzzzzz | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-zzzzzzzzzz aws:sourceorgpaths=o-zzzzzzzzzz/r-abcd/',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-zzzzzzzzzz | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-zzzzzzzzzz aws:sourceorgpaths=o-zzzzzzzzzz/r-abcd/any/',
      'arn:aws:any:us-east-1:999999999999:any | closed | of o-zzzzzzzzzz | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-zzzzzzzzzz aws:sourceorgpaths=o-zzzzzzzzzz/any/',
      'arn:aws:any:us-east-1:999999999999:any | of anyone | aws:sourceaccount=999999999999 aws:sourcearn=arn:aws:any:us-east-1:999999999999:any aws:sourceorgid=o-anyoneelse aws:sourceorgpaths=o-anyoneelse/any/',
    ])
  })
})

describe('where a request comes from', () => {
  it('is each block of the internet that is told apart, without the private ranges', () => {
    const found = lines({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } })
    expect(found).toEqual([
      '- | absent',
      '1.0.0.0 | 1.0.0.0-9.255.255.255 | aws:sourceip=1.0.0.0',
      '11.0.0.0 | 11.0.0.0-100.63.255.255 | aws:sourceip=11.0.0.0',
      '100.128.0.0 | 100.128.0.0-126.255.255.255 | aws:sourceip=100.128.0.0',
      '128.0.0.0 | 128.0.0.0-169.253.255.255 | aws:sourceip=128.0.0.0',
      '169.255.0.0 | 169.255.0.0-172.15.255.255 | aws:sourceip=169.255.0.0',
      '172.32.0.0 | 172.32.0.0-192.167.255.255 | aws:sourceip=172.32.0.0',
      '198.51.100.7 | 192.169.0.0-203.0.112.255 | aws:sourceip=198.51.100.7',
      '203.0.113.7 | 203.0.113.0-203.0.113.255 | aws:sourceip=203.0.113.7',
      '203.0.114.0 | 203.0.114.0-223.255.255.255 | aws:sourceip=203.0.114.0',
      '100:: | 100::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff | aws:sourceip=100::',
      '2001:db8:: | 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff | aws:sourceip=2001:db8::',
      '2001:db9:: | 2001:db9::-fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | aws:sourceip=2001:db9::',
      'fe00:: | fe00::-fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff | aws:sourceip=fe00::',
      'fec0:: | fec0::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff | aws:sourceip=fec0::',
    ])
  })

  it('is a VPC or endpoint that is named, and another', () => {
    expect(lines({ StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpce-1', 'x'] } })).toEqual([
      '- | absent',
      'vpc-1 | closed | aws:sourcevpc=vpc-1',
      'vpc-0any | aws:sourcevpc=vpc-0any',
    ])
    expect(lines({ StringLike: { 'aws:SourceVpce': ['vpce-1*', 'vpce-2'] } })).toEqual([
      '- | absent',
      'vpce-2 | closed | aws:sourcevpce=vpce-2',
      'vpce-1any | aws:sourcevpce=vpce-1any',
      'vpce-any | aws:sourcevpce=vpce-any',
      'vpce-0any | aws:sourcevpce=vpce-0any',
    ])
    expect(
      lines({
        StringEquals: { 'aws:SourceVpcArn': [`arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc/vpc-1`, 'vpc-2'] },
      }),
    ).toEqual([
      '- | absent',
      'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1 | closed | aws:sourcevpcarn=arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
      'arn:aws:ec2:us-east-1:999999999999:vpc/vpc-0any | aws:sourcevpcarn=arn:aws:ec2:us-east-1:999999999999:vpc/vpc-0any',
    ])
    expect(lines({ ArnLike: { 'aws:SourceVpcArn': `arn:aws:ec2:*:${ACCOUNT}:vpc/*` } })).toEqual([
      '- | absent',
      'arn:aws:ec2:any | aws:sourcevpcarn=arn:aws:ec2:any',
      'arn:aws:ec2:any:111122223333:vpc/any | aws:sourcevpcarn=arn:aws:ec2:any:111122223333:vpc/any',
      'arn:aws:ec2:us-east-1:999999999999:vpc/vpc-0any | aws:sourcevpcarn=arn:aws:ec2:us-east-1:999999999999:vpc/vpc-0any',
    ])
  })

  it('is an endpoint of an account or organization that is named, and of another', () => {
    expect(lines({ StringEquals: { 'aws:VpceAccount': [STRANGER, '1'] } })).toEqual([
      '- | absent',
      '777788889999 | closed | aws:vpceaccount=777788889999',
      '999999999999 | aws:vpceaccount=999999999999',
    ])
    expect(lines({ StringLike: { 'aws:VpceAccount': '12*' } })).toEqual([
      '- | absent',
      '111111111111 | aws:vpceaccount=111111111111',
      '121111111111 | aws:vpceaccount=121111111111',
      '999999999999 | aws:vpceaccount=999999999999',
    ])
    expect(lines({ StringEquals: { 'aws:VpceOrgID': [ORG, 'o-1'] } })).toEqual([
      '- | absent',
      'o-a1b2c3d4e5 | closed | aws:vpceorgid=o-a1b2c3d4e5',
      'o-anyoneelse | aws:vpceorgid=o-anyoneelse',
    ])
    expect(lines({ StringLike: { 'aws:VpceOrgID': 'o-*' } })).toEqual([
      '- | absent',
      'o-oooooooooo | aws:vpceorgid=o-oooooooooo',
      'o-anyoneelse | aws:vpceorgid=o-anyoneelse',
    ])
    expect(
      lines({ 'ForAnyValue:StringLike': { 'aws:VpceOrgPaths': [`${ORG}/*`, 'o-zzzzzzzzzz/r-1/'] } }),
    ).toEqual([
      '- | absent',
      'o-zzzzzzzzzz/r-1/ | closed | aws:vpceorgpaths=o-zzzzzzzzzz/r-1/',
      'o-oooooooooo/ | aws:vpceorgpaths=o-oooooooooo/',
      'o-a1b2c3d4e5/* | closed | aws:vpceorgpaths=o-a1b2c3d4e5/',
      'o-anyoneelse/r-any/ | aws:vpceorgpaths=o-anyoneelse/r-any/',
    ])
    expect(lines({ 'ForAnyValue:StringLike': { 'aws:VpceOrgPaths': 'o-*/r-1/*' } })).toEqual([
      '- | absent',
      'o-oooooooooo/ | aws:vpceorgpaths=o-oooooooooo/',
      'o-oooooooooo/r-1/ | aws:vpceorgpaths=o-oooooooooo/r-1/',
      'o-anyoneelse/r-any/ | aws:vpceorgpaths=o-anyoneelse/r-any/',
    ])
  })

  it('is any private address inside a VPC', () => {
    expect(lines({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } })).toEqual([
      '- | absent',
      '0.0.0.0 | aws:vpcsourceip=0.0.0.0',
      '10.0.0.0 | aws:vpcsourceip=10.0.0.0',
      '11.0.0.0 | aws:vpcsourceip=11.0.0.0',
      ':: | aws:vpcsourceip=::',
    ])
  })
})

describe('a claim of a token', () => {
  const GITHUB = 'token.actions.githubusercontent.com'

  it('that fixes its owner is not everybody’s', () => {
    expect(
      labels('StringLike', `${GITHUB}:sub`, ['repo:corp/*', 'repo:*', 'repo:corp/app:ref:main']),
    ).toEqual(['', 'repo:corp/app:ref:main closed', 'repo:corp/any closed', 'repo:any', 'any'])
    expect(labels('StringLike', `${GITHUB}:sub`, 'repo:corp*')).toEqual(['', 'repo:corpany', 'any'])
    expect(labels('StringLike', 'app.terraform.io:sub', 'organization:corp:*')).toEqual([
      '',
      'organization:corp:any closed',
      'any',
    ])
  })

  it('that says nothing of who it is for is everybody’s', () => {
    expect(labels('StringEquals', `${GITHUB}:aud`, 'sts.amazonaws.com')).toEqual([
      '',
      'sts.amazonaws.com',
      'any',
    ])
    expect(labels('StringEquals', `${GITHUB}:environment`, 'prod')).toEqual(['', 'prod', 'any'])
    expect(labels('StringEquals', `${GITHUB}:repository`, 'corp/app')).toEqual(['', 'corp/app closed', 'any'])
    expect(labels('StringLike', `${GITHUB}:repository`, 'corp/*')).toEqual(['', 'corp/any', 'any'])
  })

  it('that names an identity pool or an application ties it, where its provider says so', () => {
    expect(labels('StringEquals', 'cognito-identity.amazonaws.com:aud', 'pool')).toEqual([
      '',
      'pool closed',
      'any',
    ])
    expect(labels('ForAnyValue:StringLike', 'cognito-identity.amazonaws.com:amr', 'authenticated')).toEqual([
      '',
      'authenticated',
      'any',
      'authenticated, any',
    ])
    expect(labels('StringEquals', 'accounts.google.com:aud', 'app')).toEqual(['', 'app', 'any'])
    expect(labels('StringEquals', 'www.amazon.com:user_id', 'me')).toEqual(['', 'me closed', 'any'])
    expect(labels('StringEquals', 'graph.facebook.com:id', 'me')).toEqual(['', 'me closed', 'any'])
  })

  it('of one’s own provider is its identities’ alone anyhow', () => {
    expect(labels('StringEquals', 'login.corp.example:sub', 'me')).toEqual(['', 'me', 'any'])
    expect(labels('StringEquals', 'SAML:aud', 'https://signin.aws.amazon.com/saml')).toEqual([
      '',
      'https://signin.aws.amazon.com/saml',
      'any',
      'https://signin.aws.amazon.com/saml, any',
    ])
  })
})

describe('the access point that a request goes through', () => {
  const POINT = {
    arn: `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/web`,
    account: ACCOUNT,
    policy: undefined,
    blocks: null,
  }

  it('is none, one that is there, one that the own account or a stranger could make', () => {
    expect(lines({ StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } })).toEqual([
      '- | absent',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
    ])
    expect(
      lines(
        { StringEquals: { 's3:DataAccessPointAccount': [STRANGER] } },
        { accessPoints: [POINT, { ...POINT, arn: `${POINT.arn}-2`, vpc: 'vpc-1' }] },
      ),
    ).toEqual([
      '- | absent',
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/web | of accessPoint:0 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:111122223333:accesspoint/web s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/web-2 | of accessPoint:1 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:111122223333:accesspoint/web-2 s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
    ])
  })

  it('is one that an ARN names, in its Region', () => {
    expect(
      lines({ ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:eu-west-1:${STRANGER}:accesspoint/app` } }),
    ).toEqual([
      '- | absent',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:eu-west-1:777788889999:accesspoint/app | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:777788889999:accesspoint/app s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:eu-west-1:777788889999:accesspoint/app | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:777788889999:accesspoint/app s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:eu-west-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:eu-west-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:eu-west-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:eu-west-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:eu-west-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
    ])
    expect(lines({ ArnLike: { 's3:DataAccessPointArn': `arn:aws:s3:*:${STRANGER}:*` } })).toEqual([
      '- | absent',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:777788889999:accesspoint/any | closed | of 777788889999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:777788889999:accesspoint/any s3:dataaccesspointaccount=777788889999 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
    ])
  })

  it('is of any account that a pattern leaves open', () => {
    expect(lines({ StringLike: { 's3:DataAccessPointAccount': '5*' } })).toEqual([
      '- | absent',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:111122223333:accesspoint/any | closed | of 111122223333 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:111122223333:accesspoint/any s3:dataaccesspointaccount=111122223333 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:555555555555:accesspoint/any | of 555555555555 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:555555555555:accesspoint/any s3:dataaccesspointaccount=555555555555 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:555555555555:accesspoint/any | of 555555555555 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:555555555555:accesspoint/any s3:dataaccesspointaccount=555555555555 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:755555555555:accesspoint/any | of 755555555555 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:755555555555:accesspoint/any s3:dataaccesspointaccount=755555555555 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:755555555555:accesspoint/any | of 755555555555 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:755555555555:accesspoint/any s3:dataaccesspointaccount=755555555555 s3:accesspointnetworkorigin=VPC',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=Internet',
      'arn:aws:s3:us-east-1:999999999999:accesspoint/any | of 999999999999 | s3:dataaccesspointarn=arn:aws:s3:us-east-1:999999999999:accesspoint/any s3:dataaccesspointaccount=999999999999 s3:accesspointnetworkorigin=VPC',
    ])
  })
})

describe('a dimension', () => {
  it('has the keys that belong together in one, any other key alone, and none that never varies', () => {
    const names = [
      'aws:sourceaccount',
      'aws:sourcearn',
      'kms:viaservice',
      'aws:calledvia',
      's3:dataaccesspointarn',
      'aws:referer',
      'accounts.google.com:sub',
      'aws:sourceip',
      'aws:principalarn',
      'aws:resourceaccount',
      'aws:currenttime',
      'nobody:knows',
    ]
    expect(names.map((name) => dimensionName(name) ?? null)).toEqual([
      'source',
      'source',
      'via',
      'via',
      'accessPoint',
      'aws:referer',
      'accounts.google.com:sub',
      'aws:sourceip',
      null,
      null,
      null,
      null,
    ])
  })

  it('says which of its values is the absent one, which are there, and whether some are not everybody’s', () => {
    const shape = ({ absent, limited, all, present, none }: Dimension) => ({
      absent,
      limited,
      all,
      present,
      none,
    })
    expect(shape(made({ StringEquals: { 'aws:Referer': 'a' } }).dimension)).toEqual({
      absent: 0,
      limited: false,
      all: [0, 1, 2],
      present: [1, 2],
      none: [0],
    })
    expect(shape(made({ Bool: { 'aws:SecureTransport': 'true' } }).dimension)).toEqual({
      absent: -1,
      limited: false,
      all: [0, 1],
      present: [0, 1],
      none: [-1],
    })
    expect(shape(made({ StringEquals: { 'aws:SourceVpc': 'vpc-1' } }).dimension)).toEqual({
      absent: 0,
      limited: true,
      all: [0, 1, 2],
      present: [1, 2],
      none: [0],
    })
    expect(made({ StringEquals: { 'kms:ViaService': 'a.b.amazonaws.com' } }).dimension.absent).toBe(-1)
    expect(made({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }).dimension.absent).toBe(0)
    expect(made({ StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } }).dimension.absent).toBe(0)
  })
})
