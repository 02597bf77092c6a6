import type { RuleDescription } from '../rules/model.ts'
import { didYouMean } from '../rules/suggest.ts'
import { UserError } from '../user-error.ts'
import { EXIT } from './shared/exit.ts'
import { loadAllRules } from './shared/rule-files.ts'
import { shapes } from './shared/shapes.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags {
  readonly format: 'table' | 'json'
  readonly rules?: readonly string[]
}

/** `rules show ID`: what one rule reads, says and takes. */
export async function run([id = '']: string[], flags: Flags): Promise<number> {
  const { rules } = await loadAllRules(flags.rules ?? [], shapes)
  const rule = rules.find(({ about }) => about.id === id || about.aliases.includes(id))?.about
  if (!rule) {
    const hint = didYouMean(
      id,
      rules.map(({ about }) => about.id),
    )
    throw new UserError(`there is no rule ${id}${hint}`, { next: 'aws-secaudit rules list shows all.' })
  }
  await writeStdout([flags.format === 'json' ? `${JSON.stringify(rule, null, 2)}\n` : text(rule)])
  return EXIT.ok
}

function text(rule: RuleDescription): string {
  const maps = Object.entries(rule.maps).map(([framework, controls]) => `${framework} ${controls.join(', ')}`)
  const params = rule.params.map(
    (one) => `${one.name} (${one.type}, default ${JSON.stringify(one.default)}): ${one.description}`,
  )
  const parts: [string, readonly string[]][] = [
    ['Judges', [rule.resource]],
    ['Let', Object.entries(rule.let ?? {}).map(([name, of]) => `${name} = ${of.trim()}`)],
    ['When', rule.when === undefined ? [] : [rule.when.trim()]],
    ['Each', rule.each ? [`${rule.each.list.trim()}, told apart by ${rule.each.key.trim()}`] : []],
    ['Passes', [rule.pass.trim()]],
    ['Says', [rule.message.trim()]],
    ['Risk', [rule.risk.trim()]],
    [
      'Fix',
      [rule.fix.text.trim(), ...[rule.fix.cli, rule.fix.terraform].flatMap((one) => one?.trim() ?? [])],
    ],
    ['Parameters', params],
    ['Reads', rule.operations],
    ['Maps to', maps],
    ['See', rule.references],
    ['File', [rule.file]],
  ]
  const shown = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([label, lines]) => {
      const [first = '', ...rest] = lines.flatMap((line) => line.split('\n'))
      return [`${label.padEnd(11)} ${first}`, ...rest.map((line) => `${' '.repeat(12)}${line}`)].join('\n')
    })
  return `${rule.id} · ${rule.severity} · ${rule.pillar}\n${rule.title}\n\n${shown.join('\n')}\n`
}
