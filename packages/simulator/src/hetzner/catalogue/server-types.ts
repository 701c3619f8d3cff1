import { toWireDeprecation, type Era } from '../era.ts'
import type { Architecture } from '../image.ts'
import { LOCATIONS, type Location } from './locations.ts'

export interface ServerType {
  readonly id: number
  readonly name: string
  readonly cores: number
  /** GB. */
  readonly memory: number
  /** GB. */
  readonly disk: number
  readonly cpu: 'shared' | 'dedicated'
  readonly category: string
  readonly architecture: Architecture
  /** Euros per month, net. */
  readonly monthly: number
  readonly isDeprecated: boolean
}

const toType = (
  id: number,
  name: string,
  [cores, memory, disk]: readonly [number, number, number],
  category: string,
  architecture: Architecture,
  monthly: number,
  isDeprecated = false,
): ServerType => ({
  id,
  name,
  cores,
  memory,
  disk,
  cpu: name.startsWith('ccx') ? 'dedicated' : 'shared',
  category,
  architecture,
  monthly,
  isDeprecated,
})

/** Modelled on the types of autumn 2026. */
export const SERVER_TYPES: readonly ServerType[] = [
  toType(45, 'cax11', [2, 4, 40], 'Cost-Optimized', 'arm', 3.29),
  toType(93, 'cax21', [4, 8, 80], 'Cost-Optimized', 'arm', 5.99),
  toType(94, 'cax31', [8, 16, 160], 'Cost-Optimized', 'arm', 11.99),
  toType(96, 'ccx13', [2, 8, 80], 'General Purpose', 'x86', 11.99),
  toType(97, 'ccx23', [4, 16, 160], 'General Purpose', 'x86', 23.99),
  toType(104, 'cx22', [2, 4, 40], 'Cost-Optimized', 'x86', 3.29, true),
  toType(108, 'cpx22', [2, 4, 80], 'Regular Performance', 'x86', 5.49),
  toType(114, 'cx23', [2, 4, 40], 'Cost-Optimized', 'x86', 2.99),
  toType(115, 'cx33', [4, 8, 80], 'Cost-Optimized', 'x86', 4.99),
  toType(116, 'cx43', [8, 16, 160], 'Cost-Optimized', 'x86', 8.99),
]

const VAT = 1.19

export const toPrice = (net: number): { readonly net: string; readonly gross: string } => ({
  net: net.toFixed(10),
  gross: (net * VAT).toFixed(10),
})

export const toPrices = (type: ServerType, { name }: Location): unknown => ({
  location: name,
  price_hourly: toPrice(type.monthly / 624),
  price_monthly: toPrice(type.monthly),
  included_traffic: 21_990_232_555_520,
  price_per_tb_traffic: toPrice(1),
})

const DEPRECATION = {
  announced: Date.parse('2025-10-16T06:00:00Z'),
  unavailableAfter: Date.parse('2027-12-31T23:59:59Z'),
}

/** https://docs.hetzner.cloud/reference/cloud#tag/server-types */
export const toWireServerType = (type: ServerType, era: Era): unknown => {
  const deprecation = toWireDeprecation(type.isDeprecated ? DEPRECATION : null, era)
  return {
    id: type.id,
    name: type.name,
    description: type.name.toUpperCase(),
    cores: type.cores,
    memory: type.memory,
    disk: type.disk,
    ...(era === '2024' ? { deprecated: type.isDeprecated } : {}),
    prices: LOCATIONS.map((location) => toPrices(type, location)),
    storage_type: 'local',
    cpu_type: type.cpu,
    category: type.category,
    architecture: type.architecture,
    deprecation,
    locations: LOCATIONS.map(({ id, name }) => ({
      id,
      name,
      deprecation,
      recommended: !type.isDeprecated,
      available: true,
    })),
  }
}
