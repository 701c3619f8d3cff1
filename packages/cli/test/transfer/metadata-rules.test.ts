import { describe, expect, it } from '@jest/globals'
import { FIELD_NAMES, type Capabilities, type Image } from '@imago/core'
import { bareImage } from '@imago/testkit'
import { planTransfer, type TransferSource, type TransferTarget, type Plan } from '@imago/transfer'
import { providers } from 'imago/clouds'

const [{ declared: hetzner }, { declared: glance }] = providers

const source = (capabilities: Capabilities, image: Partial<Image>): TransferSource => ({
  kind: 'image',
  capabilities,
  image: bareImage('one', {
    name: 'web',
    status: 'available',
    architecture: 'x86_64',
    format: { disk: capabilities === glance ? 'qcow2' : null, container: null },
    size: { stored: 4096, virtual: 8192, minDisk: null, minRam: null },
    ...image,
  }),
})
const target = (provider: string, capabilities: Capabilities): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider, cloud: 'to', region: null },
  capabilities,
})
const TARGETS = [target('openstack', glance), target('hetzner', hetzner)]

const lost = ({ fields }: Plan): readonly string[] =>
  fields
    .filter(({ disposition, entry }) => disposition === 'lost' && entry !== null)
    .map(({ entry }) => entry ?? '')
    .sort()

describe('metadata rules of the bundled providers', () => {
  it('do not copy values set by the service, references into a cloud, or facts about the bytes', () => {
    const never = {
      os_glance_import_task: 'x',
      os_glance_failed_import: '',
      direct_url: 'rbd://x',
      checksum: 'x',
      os_hash_algo: 'x',
      kernel_id: 'x',
      ramdisk_id: 'x',
      instance_uuid: 'x',
      base_image_ref: 'x',
      base_image_os: 'x',
      cinder_encryption_key_id: 'x',
      owner_id: 'x',
      img_signature: 'x',
      img_signature_certificate_uuid: 'x',
      block_device_mapping: '[]',
      image_type: 'snapshot',
      'owner_specified.openstack.md5': 'x',
      'owner_specified.shade.object': 'x',
      __imagetype: 'gold',
      imago_run: 'other',
    }
    for (const to of TARGETS) {
      const plan = planTransfer(
        source(glance, { properties: { ...never, os_distro: 'debian', hw_vif_model: null } }),
        to,
      )
      expect(lost(plan)).toEqual([...Object.keys(never), 'hw_vif_model'].sort())
      expect(
        Object.keys({ ...plan.request?.properties, ...plan.request?.labels }).filter((name) =>
          Object.keys(never).some((one) => name.endsWith(one)),
        ),
      ).toEqual([])
      expect(JSON.stringify(plan.request)).toContain('os_distro')
    }
  })

  it('do not copy keys of encrypted images, and warn that the bytes are ciphertext', () => {
    const names = [
      'os_encrypt_key_id',
      'os_encrypt_key_deletion_policy',
      'os_encrypt_format',
      'os_encrypt_cipher',
      'os_decrypt_size',
      'cinder_encryption_key_id',
      'cinder_encryption_key_deletion_policy',
      'hw_ephemeral_encryption_secret_uuid',
    ]
    for (const to of TARGETS) {
      const plan = planTransfer(
        source(glance, { properties: Object.fromEntries(names.map((name) => [name, 'x'])) }),
        to,
      )
      expect(lost(plan)).toEqual([...names].sort())
      expect(plan.checks.map(({ check }) => check)).toContain('encryption')
    }
  })

  it('do not copy labels written by Hetzner or imago', () => {
    for (const to of TARGETS) {
      const plan = planTransfer(
        source(hetzner, {
          labels: { 'imago-run': 'r', 'imago-bytes': '1', 'imago-name': 'x', 'hetzner.cloud/x': '1', role: 'web' },
        }),
        to,
      )
      expect(lost(plan)).toEqual(['hetzner.cloud/x', 'imago-bytes', 'imago-name', 'imago-run'])
      expect({ ...plan.request?.properties, ...plan.request?.labels }).toMatchObject(
        to === TARGETS[0] ? { imago_label_role: 'web' } : { role: 'web' },
      )
    }
  })

  it('translate the operating system to Glance’s properties, or to labels', () => {
    const os = {
      os: { family: 'linux', distro: 'ubuntu', version: '24.04', defaultUser: 'ubuntu' },
      boot: { firmware: 'uefi', secureBoot: 'required' },
    } as const
    const said = {
      os_type: 'linux',
      os_distro: 'ubuntu',
      os_version: '24.04',
      os_admin_user: 'ubuntu',
      hw_firmware_type: 'uefi',
      os_secure_boot: 'required',
    }
    const [toGlance, toHetzner] = TARGETS.map((to) => planTransfer(source(hetzner, os), to))
    expect(toGlance?.request?.properties).toEqual(said)
    expect(toHetzner?.request?.labels).toMatchObject(
      Object.fromEntries(Object.entries(said).map(([name, value]) => [`imago.property/${name}`, value])),
    )
  })

  it('copy the VMDK subformat unless the image is converted', () => {
    const vmdk = source(glance, {
      format: { disk: 'vmdk', container: 'bare' },
      properties: { vmware_disktype: 'streamOptimized' },
    })
    const [to] = TARGETS
    if (to === undefined) throw new Error('no target')
    expect(planTransfer(vmdk, to).request?.properties).toEqual({ vmware_disktype: 'streamOptimized' })
    expect(lost(planTransfer(vmdk, to, { diskFormat: 'qcow2' }))).toEqual(['vmware_disktype'])
  })

  it('warn about a converted image that requires the hypervisor of its source', () => {
    const vmdk = source(glance, {
      format: { disk: 'vmdk', container: 'bare' },
      properties: { hypervisor_type: 'vmware', vmware_adaptertype: 'lsiLogic', hw_vif_model: 'e1000' },
    })
    const [to] = TARGETS
    if (to === undefined) throw new Error('no target')
    const warned = (plan: Plan): readonly string[] =>
      plan.checks.filter(({ check, effect }) => check === 'metadata' && effect === 'warns').map(({ what }) => what)
    expect(warned(planTransfer(vmdk, to))).toEqual([])
    expect(warned(planTransfer(vmdk, to, { diskFormat: 'qcow2' }))).toEqual([
      'the disk is converted to qcow2, but these properties still name the hypervisor of the source: hypervisor_type, vmware_adaptertype',
    ])
  })

  it('refer to existing fields', () => {
    for (const { metadata } of [glance, hetzner])
      for (const { field } of metadata?.fieldProperties ?? []) expect(FIELD_NAMES).toContain(field)
  })
})
