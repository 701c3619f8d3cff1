import { readFileSync, statSync } from 'node:fs'

/** The command in one piece starts in half the time that its several hundred files take (`tools/bundle.mjs`). */
export const BUNDLE = new URL('../bundle/', import.meta.url)

const readModifiedAt = (url) => statSync(url, { throwIfNoEntry: false })?.mtimeMs ?? null

/** Whether the bundle is there and newer than what it was made of. In a published package there is no build to be older than. */
export const isBundleFresh = () => {
  const made = readModifiedAt(new URL('main.js', BUNDLE))
  if (made === null) return false
  if (readModifiedAt(new URL('../dist/.tsbuildinfo', import.meta.url)) === null) return true
  const builds = JSON.parse(readFileSync(new URL('builds.json', BUNDLE), 'utf8'))
  return builds.every((path) => (readModifiedAt(new URL(path, BUNDLE)) ?? Infinity) < made)
}
