/** `aws-secaudit.yaml`: found upwards from the working directory, checked whole, every value with its place. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { flatten } from '../../rules/schema.ts'
import { didYouMean } from '../../rules/suggest.ts'
import { type Path, type Position, readYaml, type YamlSource } from '../../rules/yaml-source.ts'
import type { Json } from '../../snapshot/model.ts'
import { UserError } from '../../user-error.ts'
import { readText } from './files.ts'
import { settingsFileSchema, settingsKeys } from './settings.ts'

export const SETTINGS_FILE = 'aws-secaudit.yaml'

export type FileParams = Readonly<Record<string, Readonly<Record<string, Json>>>>

export interface SettingsFile {
  readonly file: string
  /** By key; those of the profile that is in use come over the others. */
  readonly values: ReadonlyMap<string, { readonly value: Json; readonly path: Path }>
  readonly params: FileParams
  /** Where a rule's parameter is set. */
  paramAt(rule: string, name?: string): Position
  at(path: Path): Position
}

/** @returns the nearest file of this name in the folder or one above it */
export function findUpwards(name: string, from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, name)
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

type Section = Readonly<Record<string, Json>> & { readonly params?: FileParams }

/**
 * @param file its name for errors
 * @param profile the settings of this name in the file's `profiles`
 * @throws UserError with line and column for anything that is not as the schema has it
 */
export async function readSettings(
  path: string,
  file: string,
  profile: string | undefined,
): Promise<SettingsFile> {
  const source = readYaml(await readText(path, 'settings'))
  const [broken] = source.problems
  if (broken) throw wrong(file, broken, broken.message)
  const parsed = settingsFileSchema.safeParse(source.value ?? {})
  if (!parsed.success) throw issueError(file, source, parsed.error.issues.flatMap(flatten)[0])
  const { profiles, ...top } = parsed.data as Section & {
    readonly profiles?: Readonly<Record<string, Section>>
  }
  const chosen = profile === undefined ? undefined : profileOf(file, profiles ?? {}, profile)
  const values = new Map<string, { value: Json; path: Path }>()
  const paramPaths = new Map<string, Path>()
  const params: Record<string, Record<string, Json>> = {}
  const take = (section: Section, below: Path): void => {
    for (const [key, value] of Object.entries(section)) {
      if (key !== 'params') values.set(key, { value, path: [...below, key] })
    }
    for (const [rule, given] of Object.entries(section.params ?? {})) {
      params[rule] = { ...params[rule], ...given }
      paramPaths.set(rule, [...below, 'params', rule])
      for (const name of Object.keys(given))
        paramPaths.set(`${rule}.${name}`, [...below, 'params', rule, name])
    }
  }
  take(top, [])
  if (chosen) take(chosen, ['profiles', profile ?? ''])
  return {
    file,
    values,
    params,
    at: source.at,
    paramAt: (rule, name) => source.at(paramPaths.get(name === undefined ? rule : `${rule}.${name}`) ?? []),
  }
}

function profileOf(file: string, profiles: Readonly<Record<string, Section>>, name: string): Section {
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (found) return found
  const all = Object.keys(profiles)
  throw new UserError(`${file} has no profile ${name}${didYouMean(name, all)}`, {
    file,
    next: all.length > 0 ? `Choose from ${all.join(', ')}.` : 'Add it below profiles: in the file.',
  })
}

type Flat = ReturnType<typeof flatten>[number]

function issueError(file: string, source: YamlSource, first: Flat | undefined): UserError {
  const { path = [], issue } = first ?? {}
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    return wrong(
      file,
      source.atKey(path, key),
      `there is no setting "${key}"${didYouMean(key, settingsKeys)}`,
    )
  }
  return wrong(
    file,
    source.at(path),
    `${path.length > 0 ? `${path.join('.')}: ` : ''}${issue?.message ?? 'broken'}`,
  )
}

export const wrong = (file: string, { line, column }: Position, message: string): UserError =>
  new UserError(`${file}:${line}:${column}: ${message}`, {
    file,
    line,
    column,
    next: 'aws-secaudit config show prints what is set; docs/configuration.md has every setting.',
  })
