/** The language that checked expressions run in: CEL with the functions and listings of rules. */
import { Environment } from '@marcbachmann/cel-js'
import type { Resource } from '../snapshot/model.ts'
import { counting, functions, type Host } from './functions.ts'
import { TYPE_VARIABLE } from './rewrite.ts'
import type { World } from './world.ts'

const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
}

/** JSON's numbers are doubles and CEL's literals ints: they reckon with each other here as they already compare. */
function registerArithmetic(environment: Environment): void {
  for (const [operator, reckon] of Object.entries(ARITHMETIC)) {
    const handler = (left: number | bigint, right: number | bigint): number => {
      if ((operator === '/' || operator === '%') && Number(right) === 0) throw new Error('division by zero')
      return reckon(Number(left), Number(right))
    }
    environment.registerOperator(`int ${operator} double: double`, handler)
    environment.registerOperator(`double ${operator} int: double`, handler)
    if (operator === '%') environment.registerOperator(`double ${operator} double: double`, handler)
  }
}

export function createEnvironment(host: Host, world: World, current: () => Resource): Environment {
  const limits = {
    maxAstNodes: 20_000,
    maxDepth: 1000,
    maxListElements: 1000,
    maxMapEntries: 200,
    maxCallArguments: 10,
  }
  const environment = new Environment({
    enableOptionalTypes: true,
    unlistedVariablesAreDyn: true, // the names that rules give by let
    homogeneousAggregateLiterals: false,
    limits,
  })
  registerArithmetic(environment)
  const lookUps = [
    ['resources(string): list<dyn>', (type: string) => world.near(type, current())],
    [
      'resources(string, string, dyn): list<dyn>',
      (type: string, path: string, value: unknown) => world.where(type, path, value, current()),
    ],
    ['resourcesEverywhere(string): list<dyn>', (type: string) => world.everywhere(type)],
    ['lookup(string, string): optional<dyn>', (type: string, id: string) => world.find(type, id, current())],
    [
      'seen(string): bool',
      (type: string) => world.incomplete(type, current().account, current().region).length === 0,
    ],
  ] as const
  for (const [signature, handler] of [...functions(host), ...counting(host), ...lookUps]) {
    environment.registerFunction(signature, handler, { async: false })
  }
  for (const name of ['id', 'name', TYPE_VARIABLE, 'account', 'region'])
    environment.registerVariable(name, 'string')
  for (const name of ['config', 'tags', 'params', 'facts', 'item', 'finding'])
    environment.registerVariable(name, 'dyn')
  return environment.registerVariable('now', 'google.protobuf.Timestamp')
}
