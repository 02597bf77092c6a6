/** What `npm run new` lays: the smallest file that loads and its test, with what is still its author's to say in capitals. */
import type { Pillar } from '../../src/rules/model.ts'

/** Files to write, and lines to add to an index: text by path below the project. */
export interface Layout {
  readonly files: Readonly<Record<string, string>>
  readonly edits: readonly Edit[]
  readonly next: readonly string[]
}

interface Edit {
  readonly file: string
  /** The first match is replaced by `text`, which may name it as `$&`. */
  readonly at: RegExp
  readonly text: string
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const title = (name: string): string =>
  name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())

export function ruleLayout(id: string, pillar: Pillar, resource: string): Layout {
  const file = `rules/${pillar}/${id}.yaml`
  return {
    files: {
      [file]: `id: ${id}
title: WHAT HOLDS WHEN IT PASSES
pillar: ${pillar}
severity: medium
resource: ${resource}
# Which of them it judges; leave it out to judge all.
when: region != "global"
# true passes, false fails; what could not be read makes it unknown by itself.
pass: has(tags.Owner)
message: '{name} WHAT IS WRONG WITH IT, WITH ITS VALUES.'
risk: WHAT CAN HAPPEN BECAUSE OF IT.
fix:
  text: WHAT TO DO ABOUT IT.
references: [https://docs.aws.amazon.com/]
tests:
  - pass: { tags: { Owner: data } }
  - fail: { tags: {} }
  - name: its tags could not be read
    unknown: { missing: { Tags: { operation: SERVICE:OPERATION } } }
  - name: what an account has once is left out
    notApplicable: { region: global, tags: {} }
`,
    },
    edits: [],
    next: [
      `Write ${file}; docs/rules.md has the language.`,
      'npx vitest run test/rules/builtin.test.ts runs its tests; npm run generate adds it to docs/controls.md.',
    ],
  }
}

export function collectorLayout(name: string): Layout {
  const variable = camel(name)
  return {
    files: {
      [`src/collect/${name}.ts`]: `import { arn, service, str } from './dsl.ts'

/** Every operation that the audit reads from ${title(name)}. */
export const ${variable} = service('${name}', { load: () => import('@aws-sdk/client-${name}') }, (op) => [
  op.list('ListThings', {
    resource: 'AWS::${title(name)}::Thing',
    items: 'Things',
    id: (thing, place) => str(thing, 'Arn') ?? arn(place, '${name}', \`thing/\${str(thing, 'Id') ?? ''}\`),
    name: (thing) => thing['Name'],
    fields: { always: ['Id'] },
  }),
])
`,
      [`test/collect/${name}.test.ts`]: `import { describe, expect, it } from 'vitest'
import { ${variable} } from '../../src/collect/${name}.ts'
import { checkService } from './against-sdk.ts'
import { gather } from './gather.ts'

describe('the ${name} collector', () => {
  it('asks only for what the API has', async () => {
    expect(await checkService(${variable})).toEqual([])
  })

  it('makes a resource of each thing', async () => {
    const found = await gather([${variable}], {
      'eu-west-1/${name}/list-things': { Things: [{ Id: 't-1', Name: 'one' }] },
    })
    expect(found.only('AWS::${title(name)}::Thing')).toMatchObject({ name: 'one', config: { Id: 't-1' } })
  })
})
`,
    },
    edits: [
      {
        file: 'src/collect/index.ts',
        at: /import type \{ Service \} from '\.\/dsl\.ts'\n/,
        text: `$&import { ${variable} } from './${name}.ts'\n`,
      },
      { file: 'src/collect/index.ts', at: /\n\]/, text: `\n  ${variable},$&` },
    ],
    next: [
      `npm install --save-dev --save-exact @aws-sdk/client-${name}`,
      `List the operations in src/collect/${name}.ts, what they become in docs/resource-types.md; then npm run generate.`,
      `npx vitest run test/collect/${name}.test.ts holds them against the SDK.`,
    ],
  }
}

export function reportLayout(name: string): Layout {
  const variable = camel(name)
  return {
    files: {
      [`src/report/${name}.ts`]: `/** WHAT READS THIS FORMAT, AND WHERE IT IS SPECIFIED. */
import type { Audit } from '../score/audit.ts'
import type { Report } from './model.ts'

function* render(audit: Audit): Iterable<string> {
  for (const finding of audit.findings) {
    yield \`\${JSON.stringify([finding.verdict, finding.severity, finding.ruleId, finding.resource.id])}\\n\`
  }
}

export const ${variable}: Report = {
  name: '${name}',
  extension: '.${name}',
  description: 'ONE LINE FOR --help',
  render,
}
`,
      [`test/report/${name}.test.ts`]: `import { describe, expect, it } from 'vitest'
import { ${variable} } from '../../src/report/${name}.ts'
import { sampleAudit } from './sample.ts'

describe('the ${name} report', () => {
  it('has every finding once, in the order of the audit', () => {
    const audit = sampleAudit()
    const lines = [...${variable}.render(audit, {})].join('').trimEnd().split('\\n')
    expect(lines.map((line) => (JSON.parse(line) as string[])[3])).toEqual(
      audit.findings.map((finding) => finding.resource.id),
    )
  })
})
`,
    },
    edits: [
      {
        file: 'src/report/index.ts',
        at: /import type \{ Report \} from '\.\/model\.ts'\n/,
        text: `$&import { ${variable} } from './${name}.ts'\n`,
      },
      { file: 'src/report/index.ts', at: /\]\n\nexport/, text: `, ${variable}$&` },
    ],
    next: [
      `Write src/report/${name}.ts: data in, text out, no I/O; escape what comes from an account (src/report/escape.ts).`,
      `Let somebody else's validator judge it in test/report/${name}.test.ts.`,
    ],
  }
}
