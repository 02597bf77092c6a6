import { describe, expect, it } from 'vitest'
import { compileRules, readCompiledRules } from '../../src/rules/compiled.ts'
import { evaluate } from '../../src/rules/evaluate.ts'
import { loadRules } from '../../src/rules/load.ts'
import { withFacts } from '../../src/rules/shapes.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import { analyses, bucket, denied, group, networkInterface, ruleText, shapes, snapshot } from './world.ts'

const RULES = [
  'id: one\nwhen: has(config.Name)\npass: has(tags.Owner) && config.Policy != null\nmessage: "{name} {config.Name}"',
  'id: two\nresource: AWS::EC2::SecurityGroup\neach: config.IpPermissions\nkey: string(item.FromPort)\npass: item.FromPort > params.least\nparams: { least: { type: int, default: 100, description: d } }\nseverity: { default: high, cases: [{ when: item.FromPort == 22, severity: low }] }',
  'id: three\naliases: [old]\nlet: { used: "resources(\'AWS::EC2::NetworkInterface\').size()" }\nresource: AWS::EC2::SecurityGroup\npass: used == 0 && matches(config.GroupId, "^sg-")\nfix: { text: "Delete {id}.", cli: "aws ec2 delete {config.GroupId}" }',
  'id: four\npass: facts.network.n == 0',
]
const loaded = loadRules(
  RULES.map((text, at) => ({ file: `rules/data/${at}.yaml`, text: ruleText(text) })),
  shapes,
  analyses,
)

describe('compiled rules', () => {
  const again = readCompiledRules(compileRules(loaded.rules), withFacts(shapes, analyses))

  it('judge as the files that they were made of', () => {
    expect(loaded.problems.filter((problem) => problem.level === 'error')).toEqual([])
    const index = indexSnapshot(
      snapshot([
        bucket({ Name: 'files' }, { missing: { Policy: denied('s3:GetBucketPolicy') } }),
        group('sg-1', { GroupId: 'sg-1', IpPermissions: [{ FromPort: 22 }, { FromPort: 443 }] }),
        networkInterface('eni-1', {}),
      ]),
    )
    const options = {
      keepPasses: true,
      facts: { network: () => ({ known: { n: 1 } }) },
      params: { two: { least: 30 } },
    }
    expect(evaluate(again, index, options)).toEqual(evaluate(loaded.rules, index, options))
  })

  it('describe themselves, and name what they read, as before', () => {
    expect(again.map((rule) => rule.about)).toEqual(loaded.rules.map((rule) => rule.about))
    expect(again.map((rule) => rule.reads.map((one) => [...one.types, ...one.facts]))).toEqual(
      loaded.rules.map((rule) => rule.reads.map((one) => [...one.types, ...one.facts])),
    )
  })

  it('are the same text when they are compiled again', () => {
    expect(compileRules(again)).toBe(compileRules(loaded.rules))
  })
})
