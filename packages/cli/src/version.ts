/** The version of this package, written by `npm run generate`. No file is read for it: in a bundled program there is none. */
export const VERSION = '0.0.0'
