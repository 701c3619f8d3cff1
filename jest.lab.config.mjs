// The tests that want a real Keystone and Glance: `npm run test:lab` starts those, and runs these.
import config from './jest.config.mjs'

export default {
  ...config,
  testMatch: ['**/test/**/*.lab.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // A start of a Python client takes a second, and more where several run at once.
  testTimeout: 240_000,
  maxWorkers: 2,
}
