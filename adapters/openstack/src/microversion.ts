/**
 * The headers that request a microversion of Nova, as `2.45`: the newer one, and the one for Nova before 2.27 (nova: doc/source/contributor/microversions.rst).
 * Without them, Nova responds as 2.1. Glance has no microversions.
 */
export const microversion = (version: string): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute ${version}`,
  'x-openstack-nova-api-version': version,
})
