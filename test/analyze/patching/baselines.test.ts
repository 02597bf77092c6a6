import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/snapshot/model.ts'
import { missing } from '../account.ts'
import { baseline, instance, node, said } from './build.ts'

const groups = (...names: readonly string[]): JsonObject => ({
  PatchGroups: names.map((PatchGroup) => ({ PatchGroup })),
})
const standard = baseline(
  'arn:aws:ssm:eu-west-1:1:patchbaseline/pb-aws',
  { DefaultBaseline: true },
  {
    id: 'arn:aws:ssm:eu-west-1:1:patchbaseline/pb-aws',
  },
)
const web = baseline('pb-web', groups('web'))

describe('the baseline of a node', () => {
  it('is that of its patch group, by a tag of the instance in either spelling', () => {
    for (const key of ['PatchGroup', 'Patch Group'])
      expect(said([node('i-1'), instance('i-1', {}, { [key]: 'web' }), web, standard])).toMatchObject({
        patchGroup: 'web',
        baseline: web.id,
        baselineBy: 'group',
      })
  })
  it('is that of the group for its own operating system', () => {
    const other = baseline('pb-ubuntu', { OperatingSystem: 'UBUNTU', ...groups('web') })
    expect(said([node('i-1'), instance('i-1', {}, { PatchGroup: 'web' }), other, standard])).toMatchObject({
      baseline: standard.id,
      baselineBy: 'default',
    })
  })
  it('is the default of its operating system without a group, or with one that nobody registered', () => {
    const facts = { patchGroup: '', baseline: standard.id, baselineBy: 'default' }
    expect(said([node('i-1'), instance('i-1'), web, standard])).toMatchObject(facts)
    expect(said([node('i-1'), instance('i-1', {}, { PatchGroup: 'lost' }), web, standard])).toMatchObject({
      ...facts,
      patchGroup: 'lost',
    })
    const nameless = baseline('pb-nameless', { PatchGroups: [{}] })
    expect(said([node('i-1'), instance('i-1'), nameless, standard])).toMatchObject(facts)
    // Its instance is gone, and its tags with it.
    expect(said([node('i-1'), standard])).toMatchObject({ ...facts, why: {} })
  })
  it('is none where its operating system has no default', () => {
    expect(said([node('i-1'), instance('i-1')])).toMatchObject({
      baseline: '',
      baselineBy: 'default',
      why: {},
    })
  })
  it('is a patch policy’s own, where one patches it', () => {
    const ComplianceSummaries = [
      { ComplianceType: 'Association', ExecutionSummary: { ExecutionType: 'Command' } },
      { ComplianceType: 'Patch', ExecutionSummary: { ExecutionType: 'PatchPolicy' } },
    ]
    const governed = node('i-1', { ComplianceSummaries })
    const tagged = instance('i-1', {}, { PatchGroup: 'web' })
    expect(said([governed, tagged, web, standard])).toMatchObject({ baseline: '', baselineBy: 'policy' })
    expect(said([standard, governed, tagged])).toMatchObject({ machines: [], groups: [] })
  })
  it('is not a patch policy’s for what else is compliant by one, or patched by a command', () => {
    const others = [
      { ComplianceType: 'Association', ExecutionSummary: { ExecutionType: 'PatchPolicy' } },
      { ComplianceType: 'Patch', ExecutionSummary: { ExecutionType: 'Command' } },
    ]
    const commanded = node('i-1', { ComplianceSummaries: others })
    expect(said([commanded, instance('i-1'), standard])).toMatchObject({ baselineBy: 'default' })
  })
  it('is not known where nobody can tell whether a patch policy patches it', () => {
    const operation = 'ssm:ListResourceComplianceSummaries'
    const untold = node('i-1', {}, { missing: { ComplianceSummaries: missing(operation) } })
    expect(said([untold, instance('i-1'), standard]).why).toMatchObject({ baseline: [operation] })
    expect(said([node('i-1'), instance('i-1'), standard], { uncalled: [operation] }).why['baseline']).toEqual(
      [operation],
    )
  })
  it('goes by a server’s own tags', () => {
    const server = node('mi-1', {}, { tags: { PatchGroup: 'web' } })
    expect(said([server, web, standard])).toMatchObject({ baseline: web.id })
    const unread = node('mi-1', {}, { missing: { Tags: missing('tag:GetResources') } })
    expect(said([unread, web]).why).toMatchObject({
      patchGroup: ['tag:GetResources'],
      baseline: ['tag:GetResources'],
      baselineBy: ['tag:GetResources'],
    })
  })
  it('is not known while registrations, baselines or the instance could not be read', () => {
    const tagged = instance('i-1', {}, { PatchGroup: 'web' })
    const unread = baseline(
      'pb-web',
      { PatchGroups: null },
      { missing: { PatchGroups: missing('ssm:DescribePatchGroups') } },
    )
    expect(said([node('i-1'), tagged, unread]).why['baseline']).toEqual(['ssm:DescribePatchGroups'])
    for (const place of [{ region: 'us-east-1' }, { account: '999999999999' }]) {
      const setting = { regions: ['eu-west-1', 'us-east-1'], accounts: ['123456789012', '999999999999'] }
      expect(said([node('i-1'), tagged, { ...unread, ...place }, standard], setting)).toMatchObject({
        baseline: standard.id,
        why: {},
      })
    }
    const denied = { denied: ['ssm:DescribePatchBaselines'] }
    expect(said([node('i-1'), tagged], denied).why['baseline']).toEqual(['ssm:DescribePatchBaselines'])
    expect(said([node('i-1')], { denied: ['ec2:DescribeInstances'] }).why).toMatchObject({
      running: ['ec2:DescribeInstances'],
      baseline: ['ec2:DescribeInstances'],
    })
  })
})

describe('what a baseline decides for', () => {
  const machines = [
    node('i-1'),
    instance('i-1', {}, { PatchGroup: 'web' }),
    node('i-2'),
    instance('i-2'),
    node('i-3', { PlatformName: 'Ubuntu', PlatformVersion: '22.04' }),
    instance('i-3', {}, { PatchGroup: 'web' }),
  ]
  it('is the nodes of its operating system that lead to it', () => {
    expect(said([web, standard, ...machines])).toMatchObject({
      own: true,
      machines: ['i-1'],
      machinesByDefault: [],
      complete: true,
    })
    expect(said([standard, web, ...machines])).toMatchObject({
      own: false,
      machines: ['i-2'],
      machinesByDefault: ['i-2'],
    })
  })
  it('is sorted', () => {
    const mixed = ['i-2', 'i-1'].flatMap((id) => [node(id), instance(id)])
    expect(said([standard, ...mixed])).toMatchObject({
      machines: ['i-1', 'i-2'],
      machinesByDefault: ['i-1', 'i-2'],
    })
  })
  it('is not known to be all while the tags of a node of its operating system were not read', () => {
    const untold = (PlatformName: string, PlatformVersion: string) =>
      node('mi-1', { PlatformName, PlatformVersion }, { missing: { Tags: missing('tag:GetResources') } })
    expect(said([standard, untold('Amazon Linux', '2023')]).why['complete']).toEqual(['tag:GetResources'])
    expect(said([standard, untold('Ubuntu', '22.04')])).toMatchObject({ complete: true })
  })
  it('is not known to be all while nodes could not be listed', () => {
    const facts = said([standard], { denied: ['ssm:DescribeInstanceInformation'] })
    expect(facts).toMatchObject({ machines: [], why: { complete: ['ssm:DescribeInstanceInformation'] } })
  })
})

describe('patch groups', () => {
  it('have as members whatever carries the tag, switched on, managed or not', () => {
    const off = instance('i-9', { State: { Name: 'stopped' } }, { 'Patch Group': 'web' })
    expect(said([web, off])['groups']).toEqual([{ group: 'web', registered: true, machines: ['i-9'] }])
    const server = (id: string, tags: Record<string, string>) => node(id, {}, { tags })
    const others = [
      server('mi-2', { PatchGroup: 'web' }),
      server('mi-1', { PatchGroup: 'web' }),
      server('mi-3', { PatchGroup: 'db' }),
      node('mi-4', {}, { missing: { Tags: missing('tag:GetResources') } }),
      node('i-1'),
      instance('i-1', {}, { PatchGroup: 'web' }),
      instance('i-2', {}, { PatchGroup: 'db' }),
    ]
    expect(said([web, off, ...others])['groups']).toEqual([
      { group: 'web', registered: true, machines: ['i-1', 'i-9', 'mi-1', 'mi-2'] },
    ])
  })
  it('are told by name, those that are registered beside those that are not', () => {
    const nodes = [
      ['i-3', 'c'],
      ['i-2', 'a'],
      ['i-1', 'a'],
      ['i-4', ''],
    ].flatMap(([id = '', PatchGroup = '']) => [
      node(id),
      instance(id, {}, PatchGroup === '' ? {} : { PatchGroup }),
    ])
    const taking = { ...standard, config: { ...standard.config, ...groups('d', 'b') } }
    expect(said([taking, ...nodes])['groups']).toEqual([
      { group: 'a', registered: false, machines: ['i-1', 'i-2'] },
      { group: 'b', registered: true, machines: [] },
      { group: 'c', registered: false, machines: ['i-3'] },
      { group: 'd', registered: true, machines: [] },
    ])
  })
  it('that are registered are no strays', () => {
    expect(said([web, node('i-1'), instance('i-1', {}, { PatchGroup: 'web' })])['groups']).toEqual([
      { group: 'web', registered: true, machines: ['i-1'] },
    ])
  })
  it('may have no member', () => {
    expect(said([web])['groups']).toEqual([{ group: 'web', registered: true, machines: [] }])
  })
  it('are not told where nobody could read which are registered', () => {
    const { PatchGroups: _, ...config } = web.config
    const denied = { ...web, config, missing: { PatchGroups: missing('ssm:DescribePatchGroups') } }
    const { groups, why } = said([denied])
    expect(groups).toBeUndefined()
    expect(why['groups']).toEqual(['ssm:DescribePatchGroups'])
  })
  it('may be registered nowhere: the default that takes their place tells', () => {
    const stray = [node('i-1'), instance('i-1', {}, { PatchGroup: 'lost' })]
    expect(said([standard, web, ...stray])['groups']).toEqual([
      { group: 'lost', registered: false, machines: ['i-1'] },
    ])
    expect(said([web, standard, ...stray])['groups']).toMatchObject([{ group: 'web' }])
  })
})

describe('a baseline approves security patches', () => {
  const rule = (
    filters: Readonly<Record<string, readonly string[]>>,
    rest: JsonObject = { ApproveAfterDays: 7 },
  ): JsonObject => ({
    PatchFilterGroup: { PatchFilters: Object.entries(filters).map(([Key, Values]) => ({ Key, Values })) },
    ...rest,
  })
  const approval = (
    OperatingSystem: string,
    rules: readonly JsonObject[],
    global: readonly JsonObject[] = [],
  ) => {
    const Baseline = {
      OperatingSystem,
      ApprovalRules: { PatchRules: rules },
      GlobalFilters: { PatchFilters: global },
    }
    const { approvalGaps, approvalDelay } = said([baseline('pb-1', { OperatingSystem, Baseline })])
    return { gaps: approvalGaps, delay: approvalDelay }
  }
  const both = ['Critical', 'Important']

  it('when its rules take both grave severities, in the terms of the operating system', () => {
    const linux = rule({ CLASSIFICATION: ['Security'], SEVERITY: both })
    expect(approval('AMAZON_LINUX_2023', [linux])).toEqual({ gaps: [], delay: 7 })
    const windows = rule({ CLASSIFICATION: ['CriticalUpdates', 'SecurityUpdates'], MSRC_SEVERITY: both })
    expect(approval('WINDOWS', [windows])).toEqual({ gaps: [], delay: 7 })
    const ubuntu = rule({ PRIORITY: ['Required', 'Important', 'Standard'] }, {})
    expect(approval('UBUNTU', [ubuntu])).toEqual({ gaps: [], delay: 0 })
  })
  it('when a rule filters by nothing, by a star, or by products only', () => {
    for (const filters of [
      {},
      { PRODUCT: ['*'], CLASSIFICATION: ['*'] },
      { PRODUCT: ['CentOS7'] },
      { NAME: ['*'] },
    ])
      expect(approval('CENTOS', [rule(filters)])).toEqual({ gaps: [], delay: 7 })
  })
  it('by the severity that waits longest, and the rule that waits least', () => {
    const rules = [
      rule({ CLASSIFICATION: ['Security'], SEVERITY: ['Critical'] }, { ApproveAfterDays: 0 }),
      rule({ CLASSIFICATION: ['Security'], SEVERITY: both }, { ApproveAfterDays: 30 }),
      rule({ CLASSIFICATION: ['Security'], SEVERITY: ['Important'] }, { ApproveAfterDays: 14 }),
    ]
    expect(approval('REDHAT_ENTERPRISE_LINUX', rules)).toEqual({ gaps: [], delay: 14 })
  })
  it('but not where a severity is left out', () => {
    expect(approval('SUSE', [rule({ CLASSIFICATION: ['Security'], SEVERITY: ['Critical'] })])).toEqual({
      gaps: ['no rule approves security patches of SEVERITY Important'],
      delay: undefined,
    })
  })
  it('nor by rules for other patches, single packages, or applications', () => {
    for (const filters of [
      { CLASSIFICATION: ['Bugfix'] },
      { NAME: ['openssl*'] },
      { CVE_ID: ['CVE-2025-1'] },
    ])
      expect([filters, approval('AMAZON_LINUX_2', [rule(filters)]).gaps]).toEqual([
        filters,
        [expect.any(String), expect.any(String)],
      ])
    expect(approval('WINDOWS', [rule({ PATCH_SET: ['APPLICATION'] })]).gaps).toHaveLength(2)
  })
  it('nor without rules, whatever single patches are approved', () => {
    expect(approval('AMAZON_LINUX_2', []).gaps).toHaveLength(2)
  })
  it('nor past the day until which it approves', () => {
    const until = (day: string) => approval('ORACLE_LINUX', [rule({}, { ApproveUntilDate: day })])
    expect(until('2026-10-31').gaps).toEqual([
      'security patches of SEVERITY Critical are approved only until 2026-10-31',
      'security patches of SEVERITY Important are approved only until 2026-10-31',
    ])
    expect(until('2026-11-01')).toEqual({ gaps: [], delay: 0 })
    const rules = ['2026-03-31', '2026-10-31', '2026-05-31'].map((day) => rule({}, { ApproveUntilDate: day }))
    expect(approval('SUSE', rules).gaps).toContain(
      'security patches of SEVERITY Critical are approved only until 2026-10-31',
    )
  })
  it('nor what its global filters keep out', () => {
    expect(approval('ALMA_LINUX', [rule({})], [{ Key: 'SEVERITY', Values: ['Critical'] }]).gaps).toEqual([
      'no rule approves security patches of SEVERITY Important',
    ])
  })
  it('and nobody knows where its rules could not be read', () => {
    const unread = baseline(
      'pb-1',
      {},
      { config: { BaselineId: 'pb-1' }, missing: { Baseline: missing('ssm:GetPatchBaseline') } },
    )
    expect(said([unread]).why).toMatchObject({
      approvalGaps: ['ssm:GetPatchBaseline'],
      approvalDelay: ['ssm:GetPatchBaseline'],
    })
    const silent = said([baseline('pb-1', { Baseline: null })])
    expect(silent).not.toHaveProperty('approvalGaps')
    expect(silent.why).toEqual({})
  })
})
