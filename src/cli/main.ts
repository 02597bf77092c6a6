/** The first thing that runs. `--version` answers before anything else is loaded. */
import { watchStreams } from './shared/streams.ts'
import { version } from './shared/version.ts'

watchStreams()
const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) process.stdout.write(`${version}\n`)
else {
  const { main } = await import('./program.ts')
  process.exitCode = await main(args)
}
