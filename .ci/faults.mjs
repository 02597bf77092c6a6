// The failed tests of vitest's JSON report, each with the first lines of why; and the files that could not be loaded.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const LINES = 6;

const first = (text) => text.split('\n').slice(0, LINES).join('\n    ');

const { testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const file of testResults) {
  const where = relative(process.cwd(), file.name);
  if (file.status === 'failed' && file.assertionResults.length === 0) {
    console.log(`${where}: ${first(file.message ?? '')}`);
  }
  for (const test of file.assertionResults.filter((test) => test.status !== 'passed')) {
    console.log(`${where}: ${test.fullName}: ${test.status}\n    ${first(test.failureMessages[0] ?? '')}`);
  }
}
