/** `2026-11-22T15:08:54Z`: images, members and tasks of Glance; Nova. */
export const inSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** `2026-11-22T15:08:54.000000Z`: Keystone, which prints a fraction that is always zero. */
export const inKeystone = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, '.000000Z')

/** `2026-11-22T15:08:54.123000`, without a zone: tasks of an image. */
export const inMicroseconds = (ms: number): string => new Date(ms).toISOString().replace(/\.(\d+)Z$/, '.$1000')
