/** Records fixtures/demo.ndjson.gz, which `npm run demo` audits: `npm run build && node scripts/run.mjs record-demo`. */
import { DEMO, recordDemo } from '../test/e2e/demo.ts'

await recordDemo(DEMO)
