/** Disk formats that qemu-img converts, as Glance names them. */
export const CONVERTIBLE_FORMATS = ['raw', 'qcow2', 'qed', 'vdi', 'vhd', 'vhdx', 'vmdk'] as const
export type ConvertibleFormat = (typeof CONVERTIBLE_FORMATS)[number]

/** The same formats as qemu-img names them. */
export const DRIVERS: Readonly<Record<ConvertibleFormat, string>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  qed: 'qed',
  vdi: 'vdi',
  vhd: 'vpc',
  vhdx: 'vhdx',
  vmdk: 'vmdk',
}
