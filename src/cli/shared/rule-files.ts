/** Rules from disk: the built-in ones, the user's own, and which of them are asked for. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyses } from '../../analyze/index.ts'
import type { Operation, Service } from '../../collect/dsl.ts'
import { services } from '../../collect/index.ts'
import { readCompiledRules } from '../../rules/compiled.ts'
import { glob } from '../../rules/functions.ts'
import { type Loaded, loadRules, type Rule } from '../../rules/load.ts'
import type { Parameter, Pillar, RuleProblem } from '../../rules/model.ts'
import { hasType, readParameter } from '../../rules/params.ts'
import { listing, withFacts } from '../../rules/shapes.ts'
import { didYouMean } from '../../rules/suggest.ts'
import type { Json } from '../../snapshot/model.ts'
import type { Shapes } from '../../snapshot/shapes.ts'
import { UserError } from '../../user-error.ts'
import { readTexts } from './files.ts'
import { type SettingsFile, wrong } from './settings-file.ts'
import { warn } from './streams.ts'
import { isBuilt } from './version.ts'

export type LoadedRules = Loaded

/** In the folder of the build. */
export const COMPILED_RULES = 'rules.json'

export interface RuleChoice {
  /** Ids or globs of ids; all without any. */
  readonly rules: readonly string[]
  readonly pillars: readonly Pillar[]
  /** `cis-aws-5.0`, or `cis-aws` for any version; case and punctuation do not count. */
  readonly frameworks: readonly string[]
  /** Services as the AWS CLI names them: rules about their resources. */
  readonly services: readonly string[]
}

/** The package's own folder, wherever the bundler put this module. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'rules')) || !existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('the rules folder of the package is missing: install it again')
    folder = parent
  }
  return folder
}

/** The built-in rules, read from their files: with their tests, and what is wrong with them. */
export async function loadBuiltInRules(shapes: Shapes): Promise<LoadedRules> {
  const own = packageFolder()
  const texts = await readTexts(join(own, 'rules'), '.yaml')
  const files = texts.map(({ file, text }) => ({ file: relative(own, file).replaceAll('\\', '/'), text }))
  return loadRules(files, shapes, analyses)
}

/** The built-in rules as the build compiled them; those of the sources are read from their files. */
async function builtInRules(shapes: Shapes): Promise<LoadedRules> {
  if (!isBuilt) return loadBuiltInRules(shapes)
  const text = await readFile(join(packageFolder(), 'dist', COMPILED_RULES), 'utf8')
  return { rules: readCompiledRules(text, withFacts(shapes, analyses)), problems: [] }
}

/** The built-in rules and those of `dirs`. A rule that can't be loaded is a problem, and the others are there. */
export async function loadAllRules(dirs: readonly string[], shapes: Shapes): Promise<LoadedRules> {
  const builtIn = await builtInRules(shapes)
  if (dirs.length === 0) return builtIn
  const texts = await Promise.all(dirs.map((dir) => readTexts(dir, '.yaml')))
  const own = loadRules(texts.flat(), shapes, analyses, builtIn.rules)
  return { rules: [...builtIn.rules, ...own.rules], problems: [...builtIn.problems, ...own.problems] }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

function mapsTo(rule: Rule, framework: string): boolean {
  const wanted = plain(framework)
  return Object.keys(rule.about.maps).some((name) => {
    const known = plain(name)
    return known === wanted || known.replace(/\d+$/, '') === wanted
  })
}

/** Names of the services whose listings make a rule's resources. */
export function servicesOf(rule: Rule): ReadonlySet<string> {
  const shape = rule.shapes.types[rule.about.resource]
  const listed = new Set(shape ? listing(shape).map((operation) => operation.operation) : [])
  return new Set(
    services.flatMap((service) =>
      service.operations.some((op) => listed.has(`${service.prefix}:${op.api}`)) ? [service.name] : [],
    ),
  )
}

/** @throws UserError when a name fits no rule or framework */
export function chooseRules(loaded: LoadedRules, choice: RuleChoice): LoadedRules {
  const all = loaded.rules
  const named = (rule: Rule, pattern: string): boolean =>
    [rule.about.id, ...rule.about.aliases].some((id) => glob(pattern, id))
  for (const pattern of choice.rules) {
    if (all.some((rule) => named(rule, pattern))) continue
    const hint = didYouMean(
      pattern,
      all.map((rule) => rule.about.id),
    )
    throw new UserError(`there is no rule ${pattern}${hint}`, { next: 'aws-secaudit rules list shows all.' })
  }
  for (const framework of choice.frameworks) {
    if (all.some((rule) => mapsTo(rule, framework))) continue
    const known = [...new Set(all.flatMap((rule) => Object.keys(rule.about.maps)))].sort()
    throw new UserError(`no rule maps to ${framework}`, { next: `Choose from ${known.join(', ')}.` })
  }
  const wanted = new Set(choice.services)
  const kept = all.filter(
    (rule) =>
      (choice.rules.length === 0 || choice.rules.some((pattern) => named(rule, pattern))) &&
      (choice.pillars.length === 0 || choice.pillars.includes(rule.about.pillar)) &&
      (choice.frameworks.length === 0 || choice.frameworks.some((name) => mapsTo(rule, name))) &&
      (wanted.size === 0 ||
        rule.about.resource === '*' ||
        [...servicesOf(rule)].some((name) => wanted.has(name))),
  )
  if (kept.length === 0) {
    throw new UserError('no rule is left to judge by', {
      next: 'Drop one of --rule, --pillar, --framework, --service.',
    })
  }
  return { rules: kept, problems: loaded.problems }
}

/** The operations whose answers the rules read, `kms:GetKeyPolicy` style. */
export function operationsOf(loaded: LoadedRules, chosen: readonly string[] = []): ReadonlySet<string> {
  // What the account is called and where it lies costs a call each, and every report says it.
  const read = new Set(operationsWhere((op) => ('of' in op ? op.of : op.resource) === 'AWS::Account'))
  const [general, own] = [true, false].map((isGeneral) =>
    loaded.rules.filter((rule) => (rule.about.resource === '*') === isGeneral),
  )
  for (const rule of own ?? []) for (const operation of rule.about.operations) read.add(operation)
  const ofChosen = operationsWhere((_op, service) => chosen.length === 0 || chosen.includes(service.name))
  const shapes = loaded.rules[0]?.shapes
  for (const { about } of general ?? []) {
    // Beside others, a rule for any resource judges what they have listed; by itself it reads everything.
    const wanted = own?.length === 0 || !shapes ? undefined : aboutListed(shapes, read)
    for (const operation of about.operations)
      if (ofChosen.has(operation) && (wanted?.has(operation) ?? true)) read.add(operation)
  }
  return read
}

function operationsWhere(isMeant: (op: Operation, service: Service) => boolean): ReadonlySet<string> {
  return new Set(
    services.flatMap((service) =>
      service.operations.flatMap((op) => (isMeant(op, service) ? [`${service.prefix}:${op.api}`] : [])),
    ),
  )
}

/** All operations about the types that these ones list. */
function aboutListed(shapes: Shapes, read: ReadonlySet<string>): ReadonlySet<string> {
  const listed = Object.values(shapes.types).filter((shape) =>
    listing(shape).some(({ operation }) => read.has(operation)),
  )
  return new Set(listed.flatMap((shape) => shape.operations.map(({ operation }) => operation)))
}

export type Params = Readonly<Record<string, Readonly<Record<string, Json>>>>

/** Accounts that the user trusts reach every rule that has a parameter of this name. */
const TRUSTED = 'trustedAccounts'

/**
 * The file's values, then `--param [RULE.]NAME=VALUE` over them; without a rule it holds for each that has such a
 * parameter.
 * @throws UserError when no rule has the parameter, or the value is of another type
 */
export function readParams(
  rules: readonly Rule[],
  given: readonly string[],
  trusted: readonly string[],
  settings?: SettingsFile,
): Params {
  const params: Record<string, Record<string, Json>> = {}
  const set = (rule: Rule, name: string, value: Json): void => {
    params[rule.about.id] = { ...params[rule.about.id], [name]: value }
  }
  for (const [rule] of takers(rules, TRUSTED)) if (trusted.length > 0) set(rule, TRUSTED, [...trusted])
  if (settings) for (const [rule, name, value] of paramsInFile(rules, settings)) set(rule, name, value)
  for (const text of given) {
    const [, ruleId, name = '', value = ''] = /^(?:([a-z0-9-]+)\.)?([A-Za-z]\w*)=(.*)$/s.exec(text) ?? []
    if (name === '') {
      throw new UserError(`--param ${text} is not RULE.NAME=VALUE`, {
        next: 'Write --param ssm-patch-never-scanned.days=14.',
      })
    }
    const found = takers(rules, name, ruleId)
    if (found.length === 0) throw noParameter(rules, name, ruleId)
    for (const [rule, parameter] of found) {
      const read = readParameter(value, parameter.type)
      if (read === undefined) {
        throw new UserError(`--param ${text}: ${name} of ${rule.about.id} has to be a ${parameter.type}`, {
          next: `Its default is ${JSON.stringify(parameter.default)}.`,
        })
      }
      set(rule, name, read)
    }
  }
  return params
}

const isCalled = ({ about }: Rule, id: string): boolean => about.id === id || about.aliases.includes(id)

/** The rules that have a parameter of this name. */
function takers(rules: readonly Rule[], name: string, ruleId?: string): [Rule, Parameter][] {
  return rules.flatMap((rule): [Rule, Parameter][] => {
    if (ruleId !== undefined && !isCalled(rule, ruleId)) return []
    return rule.about.params.flatMap((one): [Rule, Parameter][] => (one.name === name ? [[rule, one]] : []))
  })
}

function noParameter(rules: readonly Rule[], name: string, ruleId: string | undefined): UserError {
  const known = rules.flatMap((rule) => rule.about.params.map((one) => one.name))
  const where = ruleId === undefined ? 'no rule has a' : `the rule ${ruleId} has no`
  return new UserError(`${where} parameter ${name}${didYouMean(name, known)}`, {
    next: 'aws-secaudit rules show ID prints the parameters of a rule.',
  })
}

function* paramsInFile(rules: readonly Rule[], settings: SettingsFile): Generator<[Rule, string, Json]> {
  for (const [id, values] of Object.entries(settings.params)) {
    const rule = rules.find((one) => isCalled(one, id))
    if (!rule) {
      const hint = didYouMean(
        id,
        rules.map((one) => one.about.id),
      )
      throw wrong(settings.file, settings.paramAt(id), `params: there is no rule ${id}${hint}`)
    }
    for (const [name, value] of Object.entries(values)) {
      const parameter = rule.about.params.find((one) => one.name === name)
      const at = settings.paramAt(id, name)
      if (!parameter) {
        const hint = didYouMean(
          name,
          rule.about.params.map((one) => one.name),
        )
        throw wrong(settings.file, at, `params: ${id} has no parameter ${name}${hint}`)
      }
      if (!hasType(value, parameter.type))
        throw wrong(settings.file, at, `params: ${name} of ${id} has to be a ${parameter.type}`)
      yield [rule, name, value]
    }
  }
}

/** Rules that could not be loaded or run, on stderr: the audit went on without them. */
export function tellProblems(problems: readonly RuleProblem[]): void {
  for (const { file, line, column, level, message } of problems) {
    const at = [file, line, column].filter((part) => part !== undefined).join(':')
    warn(`${at}: ${level}: ${message}`)
  }
}
