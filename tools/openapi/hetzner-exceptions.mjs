// Differences between Hetzner's document and its API, now or at the time of writing. Each has its reason; any other difference is a failure.

const lacks =
  (name) =>
  ({ keyword, params }) =>
    keyword === 'required' && params.missingProperty === name
const adds =
  (name) =>
  ({ keyword, params }) =>
    keyword === 'additionalProperties' && params.additionalProperty === name

const isImage = ({ instancePath }) => /(?:^\/images\/\d+|\/image)$/.test(instancePath)
const isServerType = ({ instancePath }) => /(?:^\/server_types\/\d+|\/server_type)$/.test(instancePath)
const both =
  (...tests) =>
  (error) =>
    tests.every((test) => test(error))

export const exceptions = [
  {
    name: 'an image without `deprecated`',
    reason:
      'removed from the API on 2 November 2026 (changelog of 8 September 2026); documents still list it as required',
    fits: both(isImage, lacks('deprecated')),
  },
  {
    name: 'an image with `deprecation`',
    reason: 'added on 8 September 2026 (same entry of the changelog); documents before that do not know it',
    fits: both(isImage, adds('deprecation')),
  },
  {
    name: 'an image with no `deprecation`',
    reason: 'the answers of 2024 are checked too, and did not have it',
    fits: both(isImage, lacks('deprecation')),
  },
  {
    name: 'a server type without `deprecated`',
    reason: 'removed with that of images, and still listed as required',
    fits: both(isServerType, lacks('deprecated')),
  },
  {
    name: 'a server with `datacenter`',
    reason: 'until July 2026: deprecated in favour of `location` and dropped from newer documents',
    fits: both(({ instancePath }) => /(?:^\/servers\/\d+|\/server)$/.test(instancePath), adds('datacenter')),
  },
  {
    name: 'a server without `datacenter`',
    reason: 'gone since 1 July 2026 (changelog of that day); documents from before list it as required',
    fits: both(({ instancePath }) => /(?:^\/servers\/\d+|\/server)$/.test(instancePath), lacks('datacenter')),
  },
  {
    name: 'an ISO without `deprecated`',
    reason: 'removed in January 2024',
    fits: both(({ instancePath }) => /(?:^\/isos\/\d+|\/iso)$/.test(instancePath), lacks('deprecated')),
  },
]
