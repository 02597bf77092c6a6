/** docs/controls.md: a row for each rule. */
import { PILLARS, type RuleDescription } from '../../src/rules/model.ts'

const PILLAR_TITLES = {
  iam: 'Identity and access management',
  detective: 'Detective controls',
  infrastructure: 'Infrastructure protection',
  data: 'Data protection',
  response: 'Incident response',
} as const

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function maps(rule: RuleDescription): string {
  return Object.entries(rule.maps)
    .map(([framework, controls]) => `${framework} ${controls.join(', ')}`)
    .join('; ')
}

function row(rule: RuleDescription): string {
  const params = rule.params.map((one) => `\`${one.name}\` = \`${JSON.stringify(one.default)}\``).join(', ')
  const cells = [
    `[\`${rule.id}\`](../${rule.file})`,
    rule.severity,
    rule.title,
    `\`${rule.resource}\``,
    params,
    rule.operations.map((operation) => `\`${operation}\``).join(' '),
    maps(rule),
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

export function controlsPage(rules: readonly RuleDescription[]): string {
  const sections = PILLARS.flatMap((pillar) => {
    const own = rules.filter((rule) => rule.pillar === pillar)
    return [
      `## ${PILLAR_TITLES[pillar]}`,
      '',
      `${own.length} rules.`,
      '',
      '| rule | severity | title | judges | parameters | reads | maps to |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...own.map(row),
      '',
    ]
  })
  const counts = PILLARS.map((pillar) => `${rules.filter((rule) => rule.pillar === pillar).length} ${pillar}`)
  return [
    '# Controls',
    '',
    `${rules.length} rules come with the tool: ${counts.join(', ')}. Generated from [rules/](../rules); what a rule says`,
    'in full, its tests included, is in its file, and `aws-secaudit rules show ID` prints it.',
    '',
    ...sections,
  ].join('\n')
}
