import { SaxesParser, type SaxesTagNS } from 'saxes'
import { ArchiveFault } from './fault.ts'

/** A disk that an OVF names, and the file with its bytes. */
export interface OvfDisk {
  readonly id: string
  /** A name in the archive. */
  readonly file: string
  /** Of the disk, in bytes; `null`: not said, or not as a number. */
  readonly capacity: number | null
  readonly isGzipped: boolean
}

/** What an OVF says of the machine that it describes. `null`: it does not say. */
export interface Ovf {
  /** Those that have a file: others are empty. */
  readonly disks: readonly OvfDisk[]
  readonly name: string | null
  /** VMware's word for the operating system, as `ubuntu64Guest`; VirtualBox's, as `Ubuntu_64`. */
  readonly osType: string | null
  /** A number of the CIM schema's CIM_OperatingSystem.OsType. */
  readonly osId: number | null
  readonly firmware: 'bios' | 'uefi' | null
  readonly secureBoot: boolean | null
  readonly cpus: number | null
  /** In bytes. */
  readonly memory: number | null
}

/** As much of an OVF as is read: VMware's own have some 10 KiB, and no more than 100. */
export const MOST_OVF_BYTES = 2 ** 20
const MOST_DEPTH = 64
const MOST_TEXT = 4096

const broken = (what: string): ArchiveFault => new ArchiveFault('damaged', `its OVF cannot be read: ${what}`)

/** An attribute by its local name: vendors differ in prefixes, and VirtualBox leaves them out. */
const attribute = ({ attributes }: SaxesTagNS, name: string): string | null => Object.values(attributes).find(({ local }) => local === name)?.value ?? null

const countOf = (text: string | null): number | null => {
  const value = text === null || !/^\s*\d{1,16}\s*$/.test(text) ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : null
}

const WORDS: Readonly<Record<string, number>> = { byte: 1, bytes: 1, kilobyte: 2 ** 10, kilobytes: 2 ** 10, megabyte: 2 ** 20, megabytes: 2 ** 20, gigabyte: 2 ** 30, gigabytes: 2 ** 30, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 }

/** Programmatic units (DSP0004, annex C), as `byte * 2^30`; and the words of OVF 0.9, as `MegaBytes`. `null`: neither. */
const unitOf = (text: string | null): number | null => {
  if (text === null) return 1
  if (text.length > 64) return null
  const [, base = '', factor, power] = /^(\w+)(?:\*(\d{1,6})(?:\^(\d{1,2}))?)?$/.exec(text.replaceAll(/\s/g, '').toLowerCase()) ?? []
  const word = Object.hasOwn(WORDS, base) ? (WORDS[base] ?? null) : null
  return word === null ? null : factor === undefined ? word : word * Number(factor) ** (power === undefined ? 1 : Number(power))
}

const amount = (value: string | null, unit: string | null): number | null => {
  const [count, size] = [countOf(value), unitOf(unit)]
  const bytes = count === null || size === null ? Number.NaN : count * size
  return Number.isSafeInteger(bytes) ? bytes : null
}

const firmwareOf = (word: string | null): Ovf['firmware'] => {
  const lower = word?.toLowerCase() ?? ''
  return /^efi(?:32|64|dual)?$/.test(lower) ? 'uefi' : lower === 'bios' ? 'bios' : null
}

interface Resource {
  type: string | null
  quantity: string | null
  units: string | null
}

/** A file's name as an address: percent-encoded (DSP0243, 7.1). */
const fileName = (href: string): string => {
  try {
    return decodeURIComponent(href).replace(/^(?:\.\/)+/, '')
  } catch {
    return href
  }
}

/** What is gathered while the document is read. */
interface Gathered {
  readonly files: Map<string, { readonly href: string; readonly compression: string | null; readonly chunkSize: string | null }>
  readonly disks: { readonly id: string; readonly file: string | null; readonly capacity: number | null; readonly parent: string | null }[]
  readonly names: string[]
  machines: number
  osType: string | null
  osId: number | null
  firmware: Ovf['firmware']
  secureBoot: boolean | null
  cpus: number | null
  memory: number | null
}

const nothing = (): Gathered => ({ files: new Map(), disks: [], names: [], machines: 0, osType: null, osId: null, firmware: null, secureBoot: null, cpus: null, memory: null })

const opened = (all: Gathered, tag: SaxesTagNS, parent: string): void => {
  switch (tag.local) {
    case 'File': {
      const [id, href] = [attribute(tag, 'id'), attribute(tag, 'href')]
      if (parent === 'References' && id !== null && href !== null) all.files.set(id, { href, compression: attribute(tag, 'compression'), chunkSize: attribute(tag, 'chunkSize') })
      return
    }
    case 'Disk':
      if (parent !== 'DiskSection') return
      all.disks.push({
        id: attribute(tag, 'diskId') ?? '', file: attribute(tag, 'fileRef'), capacity: amount(attribute(tag, 'capacity'), attribute(tag, 'capacityAllocationUnits')), parent: attribute(tag, 'parentRef'),
      })
      return
    case 'VirtualSystem':
      all.machines += 1
      return
    case 'OperatingSystemSection':
      all.osType ??= attribute(tag, 'osType')
      all.osId ??= countOf(attribute(tag, 'id'))
      return
    case 'Config': {
      const [key, value] = [attribute(tag, 'key'), attribute(tag, 'value')]
      if (key === 'firmware') all.firmware ??= firmwareOf(value)
      if (key === 'bootOptions.efiSecureBootEnabled') all.secureBoot ??= value === 'true' ? true : value === 'false' ? false : null
      return
    }
    case 'Firmware':
      // VirtualBox's own, in <vbox:Machine><Hardware>.
      all.firmware ??= firmwareOf(attribute(tag, 'type'))
  }
}

/** Resource types of CIM_ResourceAllocationSettingData: 3 is a processor, 4 is memory. */
const counted = (all: Gathered, { type, quantity, units }: Resource): void => {
  if (type === '3') all.cpus ??= countOf(quantity)
  // Without units, VMware's first writers meant MiB (DSP0243, 1.0).
  if (type === '4') all.memory ??= amount(quantity, units ?? 'megabytes')
}

const disksOf = ({ files, disks }: Gathered): readonly OvfDisk[] =>
  disks.flatMap(({ id, file, capacity, parent }) => {
    if (file === null) return []
    const found = files.get(file)
    if (found === undefined) throw broken(`disk ${id} is in a file that it does not name`)
    if (parent !== null) throw new ArchiveFault('unsupported', `disk ${id} of its OVF holds only what differs from disk ${parent}`)
    if (found.chunkSize !== null) throw new ArchiveFault('unsupported', `disk ${id} of its OVF is in several files`)
    if (/^[a-z][a-z\d+.-]*:/i.test(found.href)) throw new ArchiveFault('unsupported', `disk ${id} of its OVF is not in the archive`)
    const { compression } = found
    if (compression !== null && compression !== '' && compression !== 'identity' && compression !== 'gzip') throw new ArchiveFault('unsupported', `disk ${id} of its OVF is compressed by ${compression.slice(0, MOST_TEXT)}`)
    return [{ id, file: fileName(found.href), capacity, isGzipped: compression === 'gzip' }]
  })

/**
 * What an OVF says (DMTF DSP0243, versions 0.9 to 2). It is foreign text: read by saxes, which knows no DTD; a document type is refused, so that there are no entities but
 * XML's own; how deep elements nest and how long texts are is bounded. Throws `ArchiveFault`.
 */
export const parseOvf = (bytes: Uint8Array): Ovf => {
  if (bytes.length > MOST_OVF_BYTES) throw broken(`it has more than ${MOST_OVF_BYTES} bytes`)
  const all = nothing()
  const path: string[] = []
  let text = ''
  let resource: Resource | null = null
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', () => {
    throw broken('it is no well-formed XML')
  })
  parser.on('doctype', () => {
    throw broken('it has a document type')
  })
  parser.on('opentag', (tag) => {
    if (path.length >= MOST_DEPTH) throw broken(`its elements nest more than ${MOST_DEPTH} deep`)
    if (path.length === 0 && tag.local !== 'Envelope') throw broken('it is another kind of XML')
    if (tag.local === 'Item' && path.at(-1) === 'VirtualHardwareSection') resource = { type: null, quantity: null, units: null }
    opened(all, tag, path.at(-1) ?? '')
    path.push(tag.local)
    text = ''
  })
  parser.on('text', (more) => {
    if (text.length < MOST_TEXT) text += more
  })
  parser.on('closetag', ({ local }) => {
    path.pop()
    const parent = path.at(-1)
    if (local === 'Item' && resource !== null) {
      counted(all, resource)
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
    throw broken('it is not UTF-8')
  }
  parser.write(decoded).close()
  if (all.machines > 1) throw new ArchiveFault('unsupported', 'its OVF describes several machines')
  const { osType, osId, firmware, secureBoot, cpus, memory } = all
  return { disks: disksOf(all), name: all.names[0] ?? null, osType, osId, firmware, secureBoot, cpus, memory }
}
