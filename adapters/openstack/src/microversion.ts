/**
 * The headers that request a Nova microversion such as `2.45`, with the one for Nova before 2.27 (nova: doc/source/contributor/microversions.rst).
 * Without them, Nova uses 2.1. Glance has no microversions.
 */
export const microversion = (version: string): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute ${version}`,
  'x-openstack-nova-api-version': version,
})
