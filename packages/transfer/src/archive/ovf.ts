import { SaxesParser, type SaxesTagNS } from 'saxes'
import { ArchiveFault } from './fault.ts'

/** A disk that an OVF names, and the file with its bytes. */
export interface OvfDisk {
  readonly id: string
  /** A name in the archive. */
  readonly file: string
  /** Size of the disk, in bytes; `null`: not given, or not a number. */
  readonly capacity: number | null
  readonly isGzipped: boolean
}

/** The virtual machine that an OVF describes. `null`: not given. */
export interface Ovf {
  /** Disks with a file; others are empty. */
  readonly disks: readonly OvfDisk[]
  readonly name: string | null
  /** VMware's name of the operating system, such as `ubuntu64Guest`, or VirtualBox's, such as `Ubuntu_64`. */
  readonly osType: string | null
  /** CIM_OperatingSystem.OsType of the CIM schema. */
  readonly osId: number | null
  readonly firmware: 'bios' | 'uefi' | null
  readonly secureBoot: boolean | null
  readonly cpus: number | null
  /** In bytes. */
  readonly memory: number | null
}

/** In bytes: a larger OVF is not read. VMware's have 10 to 100 KiB. */
export const MAX_OVF_BYTES = 2 ** 20
const MAX_DEPTH = 64
const MAX_TEXT_LENGTH = 4096

const invalid = (what: string): ArchiveFault => new ArchiveFault('damaged', `its OVF is invalid (${what})`)

/** An attribute by its local name, since vendors use different prefixes and VirtualBox none. */
const findAttribute = ({ attributes }: SaxesTagNS, name: string): string | null =>
  Object.values(attributes).find(({ local }) => local === name)?.value ?? null

const parseCount = (text: string | null): number | null => {
  const value = text === null || !/^\s*\d{1,16}\s*$/.test(text) ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : null
}

const WORDS: Readonly<Record<string, number>> = {
  byte: 1,
  bytes: 1,
  kilobyte: 2 ** 10,
  kilobytes: 2 ** 10,
  megabyte: 2 ** 20,
  megabytes: 2 ** 20,
  gigabyte: 2 ** 30,
  gigabytes: 2 ** 30,
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
}

/** A unit in bytes: a programmatic unit (DSP0004, annex C), such as `byte * 2^30`, or a word of OVF 0.9, such as `MegaBytes`. `null`: neither. */
const parseUnit = (text: string | null): number | null => {
  if (text === null) return 1
  if (text.length > 64) return null
  const [, base = '', factor, power] =
    /^(\w+)(?:\*(\d{1,6})(?:\^(\d{1,2}))?)?$/.exec(text.replaceAll(/\s/g, '').toLowerCase()) ?? []
  const word = Object.hasOwn(WORDS, base) ? (WORDS[base] ?? null) : null
  return word === null
    ? null
    : factor === undefined
      ? word
      : word * Number(factor) ** (power === undefined ? 1 : Number(power))
}

const parseAmount = (value: string | null, unit: string | null): number | null => {
  const [count, size] = [parseCount(value), parseUnit(unit)]
  const bytes = count === null || size === null ? Number.NaN : count * size
  return Number.isSafeInteger(bytes) ? bytes : null
}

const toFirmware = (word: string | null): Ovf['firmware'] => {
  const lower = word?.toLowerCase() ?? ''
  return /^efi(?:32|64|dual)?$/.test(lower) ? 'uefi' : lower === 'bios' ? 'bios' : null
}

interface Resource {
  type: string | null
  quantity: string | null
  units: string | null
}

/** The file name of an `href`, which is percent-encoded (DSP0243, 7.1). */
const toFileName = (href: string): string => {
  try {
    return decodeURIComponent(href).replace(/^(?:\.\/)+/, '')
  } catch {
    return href
  }
}

/** State while the document is read. */
interface Gathered {
  readonly files: Map<
    string,
    { readonly href: string; readonly compression: string | null; readonly chunkSize: string | null }
  >
  readonly disks: {
    readonly id: string
    readonly file: string | null
    readonly capacity: number | null
    readonly parent: string | null
  }[]
  readonly names: string[]
  machines: number
  osType: string | null
  osId: number | null
  firmware: Ovf['firmware']
  secureBoot: boolean | null
  cpus: number | null
  memory: number | null
}

const createGathered = (): Gathered => ({
  files: new Map(),
  disks: [],
  names: [],
  machines: 0,
  osType: null,
  osId: null,
  firmware: null,
  secureBoot: null,
  cpus: null,
  memory: null,
})

const readTag = (all: Gathered, tag: SaxesTagNS, parent: string): void => {
  switch (tag.local) {
    case 'File': {
      const [id, href] = [findAttribute(tag, 'id'), findAttribute(tag, 'href')]
      if (parent === 'References' && id !== null && href !== null)
        all.files.set(id, {
          href,
          compression: findAttribute(tag, 'compression'),
          chunkSize: findAttribute(tag, 'chunkSize'),
        })
      return
    }
    case 'Disk':
      if (parent !== 'DiskSection') return
      all.disks.push({
        id: findAttribute(tag, 'diskId') ?? '',
        file: findAttribute(tag, 'fileRef'),
        capacity: parseAmount(findAttribute(tag, 'capacity'), findAttribute(tag, 'capacityAllocationUnits')),
        parent: findAttribute(tag, 'parentRef'),
      })
      return
    case 'VirtualSystem':
      all.machines += 1
      return
    case 'OperatingSystemSection':
      all.osType ??= findAttribute(tag, 'osType')
      all.osId ??= parseCount(findAttribute(tag, 'id'))
      return
    case 'Config': {
      const [key, value] = [findAttribute(tag, 'key'), findAttribute(tag, 'value')]
      if (key === 'firmware') all.firmware ??= toFirmware(value)
      if (key === 'bootOptions.efiSecureBootEnabled')
        all.secureBoot ??= value === 'true' ? true : value === 'false' ? false : null
      return
    }
    case 'Firmware':
      // VirtualBox's own, in <vbox:Machine><Hardware>.
      all.firmware ??= toFirmware(findAttribute(tag, 'type'))
  }
}

/** Resource types of CIM_ResourceAllocationSettingData: 3 is a processor, 4 is memory. */
const readResource = (all: Gathered, { type, quantity, units }: Resource): void => {
  if (type === '3') all.cpus ??= parseCount(quantity)
  // Early VMware tools wrote MiB without units (DSP0243, 1.0).
  if (type === '4') all.memory ??= parseAmount(quantity, units ?? 'megabytes')
}

const toDisks = ({ files, disks }: Gathered): readonly OvfDisk[] =>
  disks.flatMap(({ id, file, capacity, parent }) => {
    if (file === null) return []
    const found = files.get(file)
    if (found === undefined) throw invalid(`the file of disk ${id} is missing in its references`)
    if (parent !== null)
      throw new ArchiveFault('unsupported', `disk ${id} of its OVF is a differencing disk of ${parent}`)
    if (found.chunkSize !== null)
      throw new ArchiveFault('unsupported', `disk ${id} of its OVF is split into several files`)
    if (/^[a-z][a-z\d+.-]*:/i.test(found.href))
      throw new ArchiveFault('unsupported', `disk ${id} of its OVF is not in the archive`)
    const { compression } = found
    if (compression !== null && compression !== '' && compression !== 'identity' && compression !== 'gzip')
      throw new ArchiveFault(
        'unsupported',
        `disk ${id} of its OVF is compressed with ${compression.slice(0, MAX_TEXT_LENGTH)}`,
      )
    return [{ id, file: toFileName(found.href), capacity, isGzipped: compression === 'gzip' }]
  })

/**
 * Parses an OVF (DMTF DSP0243, versions 0.9 to 2). It is untrusted text: saxes processes no DTD, and a document type is refused, so that only XML's own entities
 * exist; nesting depth and text length are bounded. Throws `ArchiveFault`.
 */
export const parseOvf = (bytes: Uint8Array): Ovf => {
  if (bytes.length > MAX_OVF_BYTES)
    throw invalid(`it has ${bytes.length} bytes, and at most ${MAX_OVF_BYTES} are supported`)
  const all = createGathered()
  const path: string[] = []
  let text = ''
  let resource: Resource | null = null
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', () => {
    throw invalid('it is not well-formed XML')
  })
  parser.on('doctype', () => {
    throw invalid('it has a document type declaration')
  })
  parser.on('opentag', (tag) => {
    if (path.length >= MAX_DEPTH) throw invalid(`its elements are nested more than ${MAX_DEPTH} levels deep`)
    if (path.length === 0 && tag.local !== 'Envelope') throw invalid('its root element is not Envelope')
    if (tag.local === 'Item' && path.at(-1) === 'VirtualHardwareSection')
      resource = { type: null, quantity: null, units: null }
    readTag(all, tag, path.at(-1) ?? '')
    path.push(tag.local)
    text = ''
  })
  parser.on('text', (more) => {
    if (text.length < MAX_TEXT_LENGTH) text += more
  })
  parser.on('closetag', ({ local }) => {
    path.pop()
    const parent = path.at(-1)
    if (local === 'Item' && resource !== null) {
      readResource(all, resource)
      resource = null
    }
    if (resource !== null && parent === 'Item') {
      if (local === 'ResourceType') resource.type = text.trim()
      if (local === 'VirtualQuantity') resource.quantity = text
      if (local === 'AllocationUnits') resource.units = text
    }
    if (local === 'Name' && parent === 'VirtualSystem') all.names.push(text.trim())
    if (local === 'OSType' && parent === 'OperatingSystemSection') all.osType ??= text.trim()
    text = ''
  })
  let decoded: string
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid('it is not UTF-8')
  }
  parser.write(decoded).close()
  if (all.machines > 1) throw new ArchiveFault('unsupported', 'its OVF describes several machines')
  const { osType, osId, firmware, secureBoot, cpus, memory } = all
  return { disks: toDisks(all), name: all.names[0] ?? null, osType, osId, firmware, secureBoot, cpus, memory }
}
