/** Completions for shells, made from the commands themselves. */
import type { Command, Option } from 'commander'

export interface Words {
  readonly name: string
  readonly description: string
  readonly options: readonly {
    readonly flags: readonly string[]
    readonly description: string
    readonly choices: readonly string[]
    readonly takesValue: boolean
    readonly isFile: boolean
  }[]
  readonly commands: readonly Words[]
  readonly takesFiles: boolean
}

const FILE = /<(file|dir|format\[=file\])>|<file\.\.\.>/

function optionWords(option: Option): Words['options'][number] {
  return {
    flags: [option.long, option.short].filter((flag): flag is string => flag !== undefined && flag !== null),
    description: option.description,
    choices: option.argChoices ?? [],
    takesValue: option.required || option.optional,
    isFile: FILE.test(option.flags),
  }
}

/** The command line as plain words, `help` left out. */
export function wordsOf(command: Command): Words {
  return {
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.filter((option) => !option.hidden).map(optionWords),
      optionWords(helpOption(command)),
    ],
    commands: command.commands.filter((each) => each.name() !== 'help').map(wordsOf),
    takesFiles: command.registeredArguments.some((argument) => /file|dir|snapshot/.test(argument.name())),
  }
}

function helpOption(command: Command): Option {
  return command.createOption('-h, --help', 'display help for command')
}

/** Each command with the words that lead to it: `aws-secaudit rules show`. */
function* all(
  words: Words,
  before: readonly string[] = [],
): Generator<{ path: readonly string[]; words: Words }> {
  const path = [...before, words.name]
  yield { path, words }
  for (const each of words.commands) yield* all(each, path)
}

const flagsOf = (words: Words): string[] =>
  words.options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')))
const key = (path: readonly string[]): string => path.slice(1).join(' ')

export function bash(root: Words): string {
  const cases = [...all(root)].flatMap(({ path, words }) => [
    `    '${key(path)}') words='${[...words.commands.map((each) => each.name), ...flagsOf(words)].join(' ')}'; files=${words.takesFiles ? 1 : 0} ;;`,
  ])
  const values = [...all(root)].flatMap(({ path, words }) =>
    words.options
      .filter((option) => option.takesValue)
      .map((option) => {
        const flags = option.flags.map((flag) => `'${key(path)}|${flag}'`).join('|')
        if (option.choices.length > 0)
          return `    ${flags}) COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$word")); return ;;`
        return option.isFile
          ? `    ${flags}) compopt -o default; COMPREPLY=(); return ;;`
          : `    ${flags}) COMPREPLY=(); return ;;`
      }),
  )
  const commands = [...all(root)].filter(({ path }) => path.length > 1).map(({ path }) => `'${key(path)}'`)
  return `# bash completion of aws-secaudit: source <(aws-secaudit completion bash)
_aws_secaudit() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command='' words='' files=0 each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$each" in
    ${commands.join('|')}) command="\${command:+$command }$each" ;;
    esac
  done
  case "$command|$before" in
${values.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "$files" -eq 1 ] && [[ $word != -* ]]; then compopt -o default; fi
}
complete -F _aws_secaudit aws-secaudit
`
}

const quoted = (text: string): string => text.replaceAll("'", "'\\''")

export function zsh(root: Words): string {
  const spelled = (text: string): string => quoted(text).replace(/[[\]:]/g, (char) => `\\${char}`)
  const options = (words: Words): string[] =>
    words.options.flatMap(({ flags, description, choices, takesValue, isFile }) =>
      flags.map((flag) => {
        const value = takesValue
          ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : isFile ? '_files' : ''}`
          : ''
        return `'*${flag}[${spelled(description)}]${value}'`
      }),
    )
  const body = (words: Words, path: readonly string[]): string => {
    const name = `_${path.join('_').replaceAll('-', '_')}`
    const inner = words.commands.length > 0
    const commands = words.commands.map((each) => `'${each.name}:${spelled(each.description)}'`)
    const lines = [
      `${name}() {`,
      `  local -a commands=(${commands.join(' ')})`,
      `  _arguments -C \\`,
      ...options(words).map((line) => `    ${line} \\`),
      ...(inner
        ? ["    '1: :->command' \\", "    '*:: :->rest'"]
        : [`    '*:file:${words.takesFiles ? '_files' : ''}'`]),
      ...(inner
        ? [
            '  case $state in',
            "  command) _describe 'command' commands ;;",
            '  rest) case $words[1] in',
            ...words.commands.map(
              (each) => `    ${each.name}) _${[...path, each.name].join('_').replaceAll('-', '_')} ;;`,
            ),
            '    esac ;;',
            '  esac',
          ]
        : []),
      '}',
    ]
    return lines.join('\n')
  }
  return `#compdef aws-secaudit
# zsh completion of aws-secaudit: aws-secaudit completion zsh > "\${fpath[1]}/_aws-secaudit"
${[...all(root)].map(({ path, words }) => body(words, path)).join('\n\n')}

compdef _aws_secaudit aws-secaudit
`
}

export function fish(root: Words): string {
  const text = (of: string): string => of.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  const lines = [...all(root)].flatMap(({ path, words }) => {
    const at = path.slice(1)
    const seen = at.map((word) => `__fish_seen_subcommand_from ${word}`)
    const inner = words.commands.map((each) => each.name).join(' ')
    const here =
      at.length === 0
        ? '__fish_use_subcommand'
        : [...seen, ...(inner ? [`not __fish_seen_subcommand_from ${inner}`] : [])].join('; and ')
    const condition = `-n '${here}'`
    return [
      ...words.commands.map(
        (each) => `complete -c aws-secaudit -f ${condition} -a ${each.name} -d '${text(each.description)}'`,
      ),
      ...words.options.map(({ flags, description, choices, takesValue, isFile }) => {
        const names = flags
          .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
          .join(' ')
        const value = takesValue
          ? choices.length > 0
            ? ` -x -a '${choices.join(' ')}'`
            : isFile
              ? ' -r -F'
              : ' -x'
          : ''
        return `complete -c aws-secaudit ${condition} ${names}${value} -d '${text(description)}'`
      }),
      ...(words.takesFiles ? [`complete -c aws-secaudit ${condition} -F`] : []),
    ]
  })
  return `# fish completion of aws-secaudit: aws-secaudit completion fish > ~/.config/fish/completions/aws-secaudit.fish
complete -c aws-secaudit -f
${lines.join('\n')}
`
}

export function powershell(root: Words): string {
  const rows = [...all(root)].map(({ path, words }) => {
    const own = [...words.commands.map((each) => each.name), ...flagsOf(words)]
    return `    '${key(path)}' = @(${own.map((word) => `'${word}'`).join(', ')})`
  })
  return `# PowerShell completion of aws-secaudit: aws-secaudit completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName aws-secaudit -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @{
${rows.join('\n')}
  }
  $command = ''
  foreach ($each in $ast.CommandElements | Select-Object -Skip 1) {
    $next = ("$command $($each.ToString())").Trim()
    if ($words.ContainsKey($next)) { $command = $next }
  }
  $words[$command] | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}
