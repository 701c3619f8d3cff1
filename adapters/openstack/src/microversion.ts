/**
 * The headers that ask Nova for a microversion, as `2.45`: the newer, and the one that Novas before 2.27 know (nova: doc/source/contributor/microversions.rst).
 * Without them it answers as 2.1. Glance has none.
 */
export const microversion = (version: string): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute ${version}`,
  'x-openstack-nova-api-version': version,
})
