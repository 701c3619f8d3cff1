/** As Glance names disk formats. */
export const CONVERTIBLE_FORMATS = ['raw', 'qcow2', 'qed', 'vdi', 'vhd', 'vhdx', 'vmdk'] as const
export type ConvertibleFormat = (typeof CONVERTIBLE_FORMATS)[number]

/** As qemu-img names those. */
export const DRIVERS: Readonly<Record<ConvertibleFormat, string>> = { raw: 'raw', qcow2: 'qcow2', qed: 'qed', vdi: 'vdi', vhd: 'vpc', vhdx: 'vhdx', vmdk: 'vmdk' }
