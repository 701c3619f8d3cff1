/** The version of this package, written by `npm run generate`. It is not read from package.json, which a bundled program does not have. */
export const VERSION = '0.0.0'
