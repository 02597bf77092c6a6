/** `npm run new rule|collector|report …`: lays the template with its test. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { UserError } from '../src/user-error.ts'
import { lay, layoutFor } from './new/lay.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

try {
  const layout = layoutFor(process.argv.slice(2))
  const files = lay(layout, root)
  const code = files.filter((file) => file.endsWith('.ts'))
  if (code.length > 0) {
    execFileSync('npx', ['biome', 'check', '--write', ...code], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  for (const file of files) console.log(`wrote ${file}`)
  for (const step of layout.next) console.log(`next: ${step}`)
} catch (error) {
  if (!(error instanceof UserError)) throw error
  console.error(`error: ${error.message}. ${error.next ?? ''}`)
  process.exitCode = 2
}
