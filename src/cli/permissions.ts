import { asCloudFormation, asTerraform, permissions, policyDocument } from '../collect/permissions.ts'
import { chosenServices, split } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags {
  readonly services?: readonly string[]
  readonly format: 'json' | 'terraform' | 'cloudformation'
}

/** `permissions`: what a role that scans has to be granted, and nothing more. */
export async function run(_args: string[], flags: Flags): Promise<number> {
  const granted = permissions({ services: chosenServices(split(flags.services)) })
  const text = {
    json: () => `${JSON.stringify(policyDocument(granted), null, 2)}\n`,
    terraform: () => asTerraform(granted),
    cloudformation: () => asCloudFormation(granted),
  }[flags.format]()
  await writeStdout([text])
  return EXIT.ok
}
