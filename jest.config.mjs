import { createRequire } from 'node:module'
import tier from './tools/jest/tier.cjs'

// jest runs on the sources: the custom condition makes every workspace package resolve to its src/, so nothing need be built.
export default {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/packages',
    '<rootDir>/adapters',
    '<rootDir>/schemas',
    '<rootDir>/examples',
    '<rootDir>/tools',
    '<rootDir>/lab',
  ],
  testMatch: ['**/test/**/*.test.ts'],
  // The first want a real Keystone and Glance (jest.lab.config.mjs), the second take long.
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.lab\\.test\\.ts$',
    ...(tier.isComplete ? [] : ['\\.long\\.test\\.ts$']),
  ],
  // By default jest leaves one processor to an editor; of two, that is half.
  maxWorkers: '100%',
  // A busy machine is no failure: what hangs ends all the same.
  testTimeout: 120_000,
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/tools/jest/fast-check.cjs',
    '^fast-check/itself$': createRequire(import.meta.url).resolve('fast-check'),
  },
  modulePathIgnorePatterns: ['/dist/'],
  testEnvironmentOptions: { customExportConditions: ['@imago/source', 'node', 'node-addons'] },
  // Packages that are ESM only become CommonJS too: jest runs that.
  transformIgnorePatterns: [
    '/node_modules/(?!\\.pnpm/|(?:hyparquet|hyparquet-writer|string-width|strip-ansi|ansi-regex|get-east-asian-width|https?-proxy-agent|agent-base|proxy-agent-negotiate|@observablehq/plot|linkedom|css-select|css-what|boolbase|domutils|domelementtype|domhandler|dom-serializer|entities|nth-check|cssomnom|html-escaper|htmlparser2|uhyphen|isoformat|internmap|delaunator|robust-predicates|d3|d3-[a-z-]+)/)',
  ],
  transform: {
    // The examples are .mjs, as their readers would write them.
    '^.+\\.(?:[jt]s|mjs)$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
}
