// jest runs on the sources: the custom condition makes every workspace package resolve to its src/, so nothing need be built.
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/adapters', '<rootDir>/schemas', '<rootDir>/examples', '<rootDir>/tools'],
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  testEnvironmentOptions: { customExportConditions: ['@imago/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
}
