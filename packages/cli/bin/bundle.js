const { readFileSync, statSync } = require('node:fs')
const path = require('node:path')

/** The command in one piece starts in half the time that its several hundred files take (`tools/bundle.mjs`). */
const BUNDLE = path.join(__dirname, '../bundle')

const readModifiedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null

/** Whether the bundle is there and newer than what it was made of. In a published package there is no build to be older than. */
const isBundleFresh = () => {
  const made = readModifiedAt(path.join(BUNDLE, 'main.js'))
  if (made === null) return false
  if (readModifiedAt(path.join(__dirname, '../dist/.tsbuildinfo')) === null) return true
  const builds = JSON.parse(readFileSync(path.join(BUNDLE, 'builds.json'), 'utf8'))
  return builds.every((build) => (readModifiedAt(path.join(BUNDLE, build)) ?? Infinity) < made)
}

exports.BUNDLE = BUNDLE
exports.isBundleFresh = isBundleFresh
