/** The only flavor of the simulator. */
const FLAVOR = { id: '1', name: 'm1.small', ram: 2048, disk: 10, vcpus: 1 } as const

/** From this microversion on, servers embed the flavor, without its ID. */
const EMBEDDED_SINCE = 47

const createLinks = (root: string): unknown => [
  { rel: 'self', href: `${root}/v2.1/flavors/${FLAVOR.id}` },
  { rel: 'bookmark', href: `${root}/flavors/${FLAVOR.id}` },
]

/** A flavor as in lists and `GET /flavors/{id}`. */
export const presentFlavor = (root: string): unknown => ({
  ...FLAVOR,
  swap: 0,
  'OS-FLV-EXT-DATA:ephemeral': 0,
  'OS-FLV-DISABLED:disabled': false,
  'os-flavor-access:is_public': true,
  rxtx_factor: 1,
  links: createLinks(root),
  description: null,
})

export const isFlavor = (id: string): boolean => id === FLAVOR.id

/** A flavor as in a server. */
export const flavorOfServer = (root: string, minor: number): unknown =>
  minor < EMBEDDED_SINCE
    ? { id: FLAVOR.id, links: createLinks(root) }
    : {
        vcpus: FLAVOR.vcpus,
        ram: FLAVOR.ram,
        disk: FLAVOR.disk,
        ephemeral: 0,
        swap: 0,
        original_name: FLAVOR.name,
        extra_specs: {},
      }
