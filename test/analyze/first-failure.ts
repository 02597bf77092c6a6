/**
 * For mutants one failure is enough: no smaller one is looked for. And the analyses are loaded before the first test, not
 * by the first that asks the command for one: what only loading runs would be held against that test alone.
 */
import fc from 'fast-check'
import '../../src/analyze/index.ts'
import '../../src/analyze/network/reach.ts'
import '../../src/analyze/policy/requests.ts'

fc.configureGlobal({ endOnFailure: true })
