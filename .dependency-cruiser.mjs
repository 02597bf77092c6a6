// The way of the data is a rule: one direction, one folder a stage. `npm run check` holds the imports against it.
const stages = ['aws', 'collect', 'snapshot', 'analyze', 'rules', 'score', 'report', 'cli']
const folder = (stage) => `^src/${stage}/`

export default {
  forbidden: [
    ...stages.slice(1).map((stage, at) => ({
      name: `nothing-left-of-${stage}-imports-it`,
      comment: 'What comes later in the way of the data is unknown to what comes before.',
      severity: 'error',
      from: { path: stages.slice(0, at + 1).map(folder) },
      to: { path: folder(stage) },
    })),
    {
      name: 'core-is-pure',
      comment: 'The same snapshot gives the same answer: no files, network, processes, clocks or randomness in the core.',
      severity: 'error',
      from: { path: '^src/(snapshot|analyze|rules|score|report)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|zlib)$' },
    },
    {
      name: 'aws-clients-stay-in-collect',
      comment: 'audit starts at once because no AWS client is behind it.',
      severity: 'error',
      from: { pathNot: '^src/(aws|collect)/' },
      to: { path: 'node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'the-core-knows-no-collector',
      comment: 'The core may know what a declaration is, but none in particular.',
      severity: 'error',
      from: { path: '^src/(snapshot|analyze|rules|score|report)/' },
      to: { path: '^src/collect/', pathNot: '^src/collect/(dsl|answers)\\.ts$' },
    },
    {
      name: 'only-the-command-line-ends-the-process',
      comment: 'bin/ starts src/cli and nothing else; nothing else starts it.',
      severity: 'error',
      from: { pathNot: '^(src/cli/|bin/|scripts/|test/)' },
      to: { path: '^src/cli/' },
    },
    { name: 'no-cycles', comment: 'A cycle has no first stage.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'A file that nothing reaches is dead.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/cli/main\\.ts$' },
      to: {},
    },
    {
      name: 'no-tests-in-the-source',
      comment: 'What ships does not hang on what tests it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|fixtures)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^(src|node_modules/@(aws-sdk|smithy))|^(node:)?\\w+$',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], exportsFields: ['exports'] },
  },
}
