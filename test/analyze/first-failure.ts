/** For mutants one failure is enough: no smaller one is looked for. */
import fc from 'fast-check'

fc.configureGlobal({ endOnFailure: true })
