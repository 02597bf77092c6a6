/** Flags, then the environment, then the file, then defaults: what holds, and where it came from. */
import { dirname, relative, resolve } from 'node:path'
import type { Command, Option } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Json } from '../../snapshot/model.ts'
import { UserError } from '../../user-error.ts'
import { flagOf, SETTINGS, type Setting, variableOf } from './settings.ts'
import { findUpwards, readSettings, SETTINGS_FILE, type SettingsFile } from './settings-file.ts'

export interface Resolved {
  /** As the command takes them, by commander's names. */
  readonly flags: Record<string, unknown>
  /** What gave each setting: `--fail-on`, `AWS_SECAUDIT_FAIL_ON`, `aws-secaudit.yaml:3`, `default`. */
  readonly origins: ReadonlyMap<string, string>
  readonly file: SettingsFile | undefined
}

interface Where {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
}

/** @throws UserError for a file or a variable that can't be taken */
export async function resolveFlags(command: Command, where: Where): Promise<Resolved> {
  const flags = command.optsWithGlobals() as Record<string, unknown>
  const options = new Map(command.options.map((option) => [option.attributeName(), option]))
  const origins = new Map<string, string>()
  if (!SETTINGS.some((setting) => options.has(setting.flag))) return { flags, origins, file: undefined }
  const file = await settingsFile(flags, where)
  for (const setting of SETTINGS) {
    const option = options.get(setting.flag)
    if (option === undefined) continue
    if (command.getOptionValueSource(setting.flag) === 'cli') {
      origins.set(setting.key, flagOf(setting))
      continue
    }
    const taken = fromEnvironment(setting, option, where) ?? (file && fromFile(setting, file, where))
    if (taken) flags[setting.flag] = taken.value
    origins.set(setting.key, taken?.origin ?? 'default')
  }
  return { flags, origins, file }
}

interface Taken {
  readonly value: unknown
  readonly origin: string
}

async function settingsFile(
  flags: Record<string, unknown>,
  { env, folder }: Where,
): Promise<SettingsFile | undefined> {
  const named = text(flags['config']) ?? text(env['AWS_SECAUDIT_CONFIG'])
  const file = named ?? findUpwards(SETTINGS_FILE, folder)
  const profile = text(flags['use']) ?? text(env['AWS_SECAUDIT_USE'])
  if (file !== undefined) return readSettings(file, relative(folder, file) || file, profile)
  if (profile === undefined) return undefined
  throw new UserError(`there is no ${SETTINGS_FILE} with a profile ${profile}`, {
    next: 'aws-secaudit init writes one; --config names another file.',
  })
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function fromEnvironment(setting: Setting, option: Option, { env }: Where): Taken | undefined {
  const name = variableOf(setting)
  const given = env[name]
  if (given === undefined || given === '') return undefined
  return { value: taking(option, given, name), origin: name }
}

/** A flag's value as its option would take it from the command line. */
function taking(option: Option, given: string, name: string): unknown {
  const refuse = (why: string): never => {
    throw new UserError(`${name}=${given}: ${why}`, {
      next: `Unset it, or give what ${option.long ?? ''} takes.`,
    })
  }
  if (option.isBoolean()) {
    if (/^(1|true|yes)$/i.test(given)) return true
    return /^(0|false|no)$/i.test(given) ? false : refuse('it has to be true or false')
  }
  if (option.argChoices && !option.argChoices.includes(given))
    refuse(`choose from ${option.argChoices.join(', ')}`)
  try {
    return option.parseArg ? option.parseArg(given, undefined as never) : given
  } catch (error) {
    return refuse(error instanceof InvalidArgumentError ? error.message : String(error))
  }
}

function fromFile(setting: Setting, file: SettingsFile, { folder }: Where): Taken | undefined {
  const found = file.values.get(setting.key)
  if (found === undefined) return undefined
  const place = file.at(found.path)
  const profile = found.path[0] === 'profiles' ? ` (profile ${String(found.path[1])})` : ''
  const below = (path: string): string => relative(folder, resolve(folder, dirname(file.file), path)) || '.'
  const named = (value: Json): Json =>
    Array.isArray(value)
      ? value.map((each: Json) => named(each))
      : typeof value === 'string'
        ? below(value)
        : value
  const value = setting.paths ? named(found.value) : found.value
  return { value, origin: `${file.file}:${place.line}${profile}` }
}
