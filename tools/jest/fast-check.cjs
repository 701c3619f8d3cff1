// What tests get as `fast-check`: the same, but its properties begin from one seed, so that a change is judged by what the change before it was
// judged by. IMAGO_TEST_SEED names another; `npm run test:explore` tries many. How many inputs are tried depends on the tier.
const fc = require('fast-check/itself')
const { limitRuns } = require('./tier.cjs')

const seed = Number(process.env.IMAGO_TEST_SEED ?? 20_260_101)
if (!Number.isSafeInteger(seed)) throw new Error('IMAGO_TEST_SEED must be an integer')
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })

/** fast-check's own default. */
const USUAL_RUNS = 100

const assert = (property, parameters = {}) =>
  fc.assert(property, { ...parameters, numRuns: limitRuns(parameters.numRuns ?? USUAL_RUNS) })

/** Code points except surrogates, as `unit: 'binary'` has them. fast-check's own lists all of them, which takes half a second for each test file. */
const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point))

const string = (constraints = {}) =>
  fc.string(constraints.unit === 'binary' ? { ...constraints, unit: codePoint } : constraints)

module.exports = { ...fc, assert, string, default: { ...fc.default, assert, string } }
