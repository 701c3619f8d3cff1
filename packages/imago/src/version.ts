/** The version of this package, written by `npm run generate`: a bundled program has no package.json to read. */
export const VERSION = '0.0.0'
