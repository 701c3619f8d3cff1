import type { Deprecation } from '../era.ts'
import type { Architecture, StoredImage } from '../image.ts'

const DAY = 86_400_000

interface Offered {
  readonly flavor: string
  readonly version: string | null
  readonly name: string
  readonly description: string
  readonly created: string
  /** The IDs of the x86 image and of the Arm image. */
  readonly ids: readonly [number, number | null]
  /** Days from the simulator's start: of the deprecation, and until the removal. */
  readonly deprecated?: readonly [number, number]
}

const SYSTEM: readonly Offered[] = [
  {
    flavor: 'centos',
    version: '7',
    name: 'centos-7',
    description: 'CentOS 7',
    created: '2018-01-15T11:34:45Z',
    ids: [3, null],
    deprecated: [-240, -150],
  },
  {
    flavor: 'ubuntu',
    version: '20.04',
    name: 'ubuntu-20.04',
    description: 'Ubuntu 20.04',
    created: '2020-04-23T17:55:14Z',
    ids: [15_512_617, 103_908_130],
    deprecated: [-20, 70],
  },
  {
    flavor: 'debian',
    version: '11',
    name: 'debian-11',
    description: 'Debian 11',
    created: '2021-08-16T11:12:01Z',
    ids: [45_557_056, 103_907_373],
    deprecated: [-80, 10],
  },
  {
    flavor: 'centos',
    version: 'stream9',
    name: 'centos-stream-9',
    description: 'CentOS Stream 9',
    created: '2021-12-15T09:12:22Z',
    ids: [45_778_092, 103_908_070],
  },
  {
    flavor: 'rocky',
    version: '9',
    name: 'rocky-9',
    description: 'Rocky Linux 9',
    created: '2022-07-20T13:02:58Z',
    ids: [76_766_499, 103_907_376],
  },
  {
    flavor: 'ubuntu',
    version: '22.04',
    name: 'ubuntu-22.04',
    description: 'Ubuntu 22.04',
    created: '2022-04-21T13:32:38Z',
    ids: [67_794_396, 103_908_141],
  },
  {
    flavor: 'alma',
    version: '9',
    name: 'alma-9',
    description: 'AlmaLinux 9',
    created: '2023-06-14T08:34:13Z',
    ids: [109_115_249, 109_115_250],
  },
  {
    flavor: 'debian',
    version: '12',
    name: 'debian-12',
    description: 'Debian 12',
    created: '2023-06-13T06:00:02Z',
    ids: [114_690_387, 114_690_389],
  },
  {
    flavor: 'ubuntu',
    version: '24.04',
    name: 'ubuntu-24.04',
    description: 'Ubuntu 24.04',
    created: '2024-04-25T13:26:27Z',
    ids: [161_547_269, 161_547_270],
  },
  {
    flavor: 'fedora',
    version: '42',
    name: 'fedora-42',
    description: 'Fedora 42',
    created: '2025-04-16T09:42:51Z',
    ids: [232_895_036, 232_895_037],
  },
  {
    flavor: 'opensuse',
    version: '15',
    name: 'opensuse-15',
    description: 'openSUSE Leap 15',
    created: '2022-06-09T10:15:12Z',
    ids: [73_231_041, 103_908_001],
  },
  {
    flavor: 'alma',
    version: '10',
    name: 'alma-10',
    description: 'AlmaLinux 10',
    created: '2025-06-03T07:21:35Z',
    ids: [309_117_540, 309_117_541],
  },
  {
    flavor: 'rocky',
    version: '10',
    name: 'rocky-10',
    description: 'Rocky Linux 10',
    created: '2025-06-17T12:04:09Z',
    ids: [309_647_832, 309_647_833],
  },
  {
    flavor: 'centos',
    version: 'stream10',
    name: 'centos-stream-10',
    description: 'CentOS Stream 10',
    created: '2024-12-18T10:22:17Z',
    ids: [257_350_144, 257_350_145],
  },
  {
    flavor: 'debian',
    version: '13',
    name: 'debian-13',
    description: 'Debian 13',
    created: '2025-08-18T06:15:25Z',
    ids: [310_557_660, 310_557_661],
  },
  {
    flavor: 'fedora',
    version: '43',
    name: 'fedora-43',
    description: 'Fedora 43',
    created: '2025-10-29T08:11:46Z',
    ids: [326_914_280, 326_914_281],
  },
]

/** Apps have a base system, which `os_flavor` and `os_version` describe. An old and a current image may share a name. */
const APPS: readonly Offered[] = [
  {
    flavor: 'ubuntu',
    version: '24.04',
    name: 'docker-ce',
    description: 'Docker CE',
    created: '2021-03-17T12:29:10Z',
    ids: [40_093_140, 105_888_141],
  },
  {
    flavor: 'ubuntu',
    version: '20.04',
    name: 'docker-ce',
    description: 'Docker CE',
    created: '2020-05-13T08:02:55Z',
    ids: [15_559_586, null],
    deprecated: [-20, 70],
  },
  {
    flavor: 'ubuntu',
    version: '24.04',
    name: 'gitlab',
    description: 'GitLab CE',
    created: '2021-08-24T11:16:51Z',
    ids: [45_780_183, null],
  },
  {
    flavor: 'ubuntu',
    version: '24.04',
    name: 'wordpress',
    description: 'WordPress',
    created: '2021-06-28T08:33:29Z',
    ids: [43_151_432, 105_888_144],
  },
  {
    flavor: 'ubuntu',
    version: '24.04',
    name: 'nextcloud',
    description: 'Nextcloud',
    created: '2021-03-17T12:31:47Z',
    ids: [40_093_247, 105_888_147],
  },
  {
    flavor: 'ubuntu',
    version: '22.04',
    name: 'lamp',
    description: 'LAMP',
    created: '2021-03-17T12:30:06Z',
    ids: [40_093_192, 105_888_150],
  },
  {
    flavor: 'debian',
    version: '12',
    name: 'wireguard',
    description: 'WireGuard',
    created: '2022-11-02T14:27:30Z',
    ids: [88_305_401, 105_888_153],
  },
]

/**
 * Hetzner introduced Arm servers on 2023-04-12 and created their images in the month before: no Arm image is older, even if its x86 counterpart is.
 * The exact days are unknown and chosen here.
 */
const ARM_SINCE = { system: Date.parse('2023-03-20T07:34:20Z'), app: Date.parse('2023-04-11T08:00:00Z') }

const toImages =
  (type: 'system' | 'app', today: number) =>
  (offered: Offered): readonly StoredImage[] => {
    const [announced, unavailable] = offered.deprecated ?? []
    const deprecation: Deprecation | null =
      announced === undefined || unavailable === undefined
        ? null
        : { announced: today + announced * DAY, unavailableAfter: today + unavailable * DAY }
    const image = (id: number, architecture: Architecture): StoredImage => ({
      id,
      type,
      status: 'available',
      name: offered.name,
      description: offered.description,
      imageSize: null,
      diskSize: 5,
      created:
        architecture === 'arm' ? Math.max(Date.parse(offered.created), ARM_SINCE[type]) : Date.parse(offered.created),
      createdFrom: null,
      boundTo: null,
      osFlavor: offered.flavor,
      osVersion: offered.version,
      rapidDeploy: type === 'system' && deprecation === null,
      isProtected: false,
      deprecation,
      deleted: null,
      labels: {},
      architecture,
    })
    const [x86, arm] = offered.ids
    return [image(x86, 'x86'), ...(arm === null ? [] : [image(arm, 'arm')])]
  }

/**
 * The public images, modelled on Hetzner's list of autumn 2026, with IDs in the ranges of their years. `today` is a midnight: deprecations are
 * relative to it, so that some are announced and some over at any start of the simulator.
 */
export const offeredImages = (today: number): readonly StoredImage[] => [
  ...SYSTEM.flatMap(toImages('system', today)),
  ...APPS.flatMap(toImages('app', today)),
]
