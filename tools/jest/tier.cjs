// Which tests run. `npm test` leaves out those named `*.long.test.ts`, and tries fewer random inputs; IMAGO_TESTS=all, which CI sets, runs everything.
const isComplete = process.env.IMAGO_TESTS === 'all'

/** How many of `count` random inputs are tried. Few are always tried all. */
const limitRuns = (count) => (isComplete ? count : Math.min(count, Math.max(12, Math.ceil(count / 5))))

module.exports = { isComplete, limitRuns }
