/** Arguments to a layout, and a layout to files. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PILLARS } from '../../src/rules/model.ts'
import { UserError } from '../../src/user-error.ts'
import { collectorLayout, type Layout, reportLayout, ruleLayout } from './templates.ts'

const USAGE = 'npm run new rule ID PILLAR RESOURCE | collector NAME | report NAME'
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** @throws UserError with what to write instead */
export function layoutFor(args: readonly string[]): Layout {
  const [kind, name = '', ...rest] = args
  if (!NAME.test(name))
    throw new UserError('a name is lower case words with hyphens', { next: `Write ${USAGE}.` })
  if (kind === 'collector') return collectorLayout(name)
  if (kind === 'report') return reportLayout(name)
  if (kind !== 'rule') throw new UserError(`there is no ${String(kind)} to lay`, { next: `Write ${USAGE}.` })
  const [pillar, resource = ''] = rest
  const found = PILLARS.find((one) => one === pillar)
  if (!found || !/^(\*|[A-Za-z0-9]+(::[A-Za-z0-9]+)+)$/.test(resource)) {
    throw new UserError('a rule has a pillar and a resource type', {
      next: `Write npm run new rule ${name} data AWS::S3::Bucket; pillars: ${PILLARS.join(', ')}.`,
    })
  }
  return ruleLayout(name, found, resource)
}

/** Writes a layout below `root`; what is there is not written over. @returns the files it touched */
export function lay(layout: Layout, root: string): string[] {
  for (const file of Object.keys(layout.files)) {
    if (existsSync(join(root, file)))
      throw new UserError(`${file} is there already`, { next: 'Choose another name.' })
  }
  for (const [file, text] of Object.entries(layout.files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  for (const { file, at, text } of layout.edits) {
    const before = readFileSync(join(root, file), 'utf8')
    if (!at.test(before))
      throw new UserError(`${file} has no place for it`, { next: `Add it there by hand.` })
    writeFileSync(join(root, file), before.replace(at, text))
  }
  return [...new Set([...Object.keys(layout.files), ...layout.edits.map((edit) => edit.file)])]
}
