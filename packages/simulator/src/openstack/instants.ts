/** `2026-11-22T15:08:54Z`: Glance's images, members and tasks; Nova. */
export const inSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** `2026-11-22T15:08:54.000000Z`: Keystone, which drops the fraction but prints it. */
export const inKeystone = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, '.000000Z')

/** `2026-11-22T15:08:54.123000`, without a zone: the tasks of one image. */
export const inMicroseconds = (ms: number): string => new Date(ms).toISOString().replace(/\.(\d+)Z$/, '.$1000')
