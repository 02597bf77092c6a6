/** The demo's estate as the tool collects it, denied what auditors are denied in real accounts. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersIn, NOW } from './estate.ts'
import type { Call } from './operation-of.ts'
import { type Fault, startProxy } from './proxy.ts'
import { startEmulator } from './setup.ts'
import { inFolder, tool } from './tool.ts'

const ANSWERS = fileURLToPath(new URL('../../fixtures/demo/', import.meta.url))
export const DEMO = fileURLToPath(new URL('../../fixtures/demo.ndjson.gz', import.meta.url))

const DENIED = {
  kind: 'error',
  status: 403,
  code: 'AccessDenied',
  message:
    'User: arn:aws:sts::123456789012:assumed-role/auditor/audit is not authorized to perform this action',
} as const

/** The auditor's role lacks one permission, and one bucket's own policy keeps it out. */
function fault(call: Call): Fault | undefined {
  const lacks = call.service === 'kms' && call.operation === 'ListGrants'
  const keptOut = call.operation === 'GetBucketPolicy' && call.path.includes('shop-partner-drop')
  return lacks ? { ...DENIED, code: 'AccessDeniedException' } : keptOut ? DENIED : undefined
}

/** Seeds an emulator with the demo's estate and collects it with the built tool into `file`, a `.ndjson.gz`. */
export async function recordDemo(file: string): Promise<void> {
  const emulator = await startEmulator('demo')
  try {
    const proxy = await startProxy({ upstream: emulator.url, recorded: await answersIn(ANSWERS), fault })
    await inFolder(async (folder) => {
      const made = join(folder, 'demo.ndjson.gz')
      const args = ['collect', '-q', '--allow-incomplete', '--now', NOW, '-o', made]
      const { code, stderr } = await tool(args, { endpoint: proxy.url })
      if (code !== 0) throw new Error(`the demo could not be collected (${code}): ${stderr}`)
      copyFileSync(made, file)
    })
    await proxy.close()
  } finally {
    emulator.close()
  }
}
