import { describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import type { ArchiveFacts, SourceFacts } from '../../src/facts/source-facts.ts'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import type { TransferSource } from '../../src/plan/transfer-input.ts'
import { fromGlance, toGlance, toHetzner, findFaults, listChecks, listSteps } from './planned-transfers.ts'

describe('planTransfer of an archive', () => {
  const machine = {
    name: 'web',
    osType: 'debian12_64Guest',
    osId: 96,
    firmware: 'uefi',
    secureBoot: null,
    cpus: 2,
    memory: 2 ** 31,
  } as const
  const inside: ArchiveFacts = {
    member: 'web.vmdk',
    digest: { algorithm: 'sha256', value: 'ab' },
    machine,
    capacity: 2 ** 34,
    problem: null,
  }
  const ova = (archive: Partial<ArchiveFacts> = {}, facts: Partial<SourceFacts> = {}): TransferSource => ({
    kind: 'file',
    path: '/images/web.ova',
    size: 1000,
    modifiedAt: null,
    facts: {
      compression: null,
      archive: { ...inside, ...archive },
      format: 'vmdk',
      virtualSize: 2 ** 34,
      refusal: null,
      ...facts,
    },
  })

  it('extracts the disk, and uses the metadata of its OVF', () => {
    const plan = planTransfer(ova(), toGlance())
    expect(plan.format).toEqual({
      from: 'vmdk',
      to: 'vmdk',
      compression: null,
      archive: { kind: 'tar', member: 'web.vmdk', isNamed: false, digest: inside.digest, machine },
      convert: false,
      virtualSize: 2 ** 34,
    })
    expect(plan.request).toEqual({
      name: 'web',
      diskFormat: 'vmdk',
      architecture: 'x86_64',
      minDisk: 2 ** 34,
      minRam: 2 ** 31,
      properties: { hw_firmware_type: 'uefi', os_distro: 'debian', os_type: 'linux', os_version: '12' },
    })
    expect(listSteps(plan)).toEqual(['inspect', 'extract', 'create', 'upload', 'verify'])
    expect(plan.fields).toContainEqual({
      field: 'boot.firmware',
      entry: null,
      disposition: 'translated',
      from: 'uefi',
      to: 'hw_firmware_type=uefi',
      reason: 'as a property',
    })
    expect(findFaults(plan)).toEqual([])
    expect(readPlan(JSON.parse(JSON.stringify(plan)))).toEqual(E.right(plan))
    expect(listSteps(planTransfer(ova(), toHetzner()))).toEqual(['inspect', 'extract', 'convert', 'upload', 'verify'])
    expect(listChecks(planTransfer(ova(), toHetzner()), 'blocks')).toEqual([])
  })

  it('prefers overrides to the OVF', () => {
    expect(
      planTransfer(ova(), toGlance(), { properties: { os_distro: 'ubuntu' }, minRam: 5, architecture: 'aarch64' })
        .request,
    ).toMatchObject({ minRam: 5, architecture: 'aarch64', properties: { os_distro: 'ubuntu', os_type: 'linux' } })
  })

  it('returns different IDs for another member, digest or machine', () => {
    const ids = [ova(), ova({ member: 'other.vmdk' }), ova({ digest: null }), ova({ machine: null })].map(
      (source) => planTransfer(source, toGlance()).id,
    )
    expect(new Set([...ids, planTransfer(ova(), toGlance(), { member: 'web.vmdk' }).id]).size).toBe(5)
  })

  it('blocks if the disk is ambiguous, with no other check', () => {
    const plan = planTransfer(
      ova({ member: null, problem: 'there are 2 disks in it: a, b' }, { format: null, virtualSize: null }),
      toGlance(),
    )
    expect(findBlockers(plan)).toEqual([
      {
        check: 'archive',
        effect: 'blocks',
        what: 'the disk in the archive cannot be determined: there are 2 disks in it: a, b',
        hint: 'Choose the file of the archive that is the disk',
        changes: [{ parameter: 'member', values: [] }],
      },
    ])
  })

  it('recognizes an archive by its URL, or by its container format', () => {
    const url = (path: string): Plan['format'] =>
      planTransfer({ kind: 'url', url: `https://images.test/${path}`, size: 5, etag: null }, toGlance()).format
    const archive = { kind: 'tar', member: null, isNamed: false, digest: null, machine: null }
    expect(url('disk.raw.tar.gz')).toMatchObject({ from: 'raw', compression: 'gzip', archive })
    expect(url('disk.tar.xz')).toMatchObject({ from: null, compression: 'xz', archive })
    expect(url('web.ova')).toMatchObject({ from: null, compression: null, archive })
    expect(url('a.tgz')).toMatchObject({ compression: 'gzip', archive })
    expect(url('a.raw.gz')).not.toHaveProperty('archive')
    const glance = fromGlance({ format: { disk: 'vmdk', container: 'ova' } })
    expect(planTransfer(glance, toHetzner()).format).toMatchObject({ from: 'vmdk', to: 'raw', archive })
    expect(planTransfer(glance, toGlance()).format).not.toHaveProperty('archive')
    expect(planTransfer(glance, toGlance()).request).toMatchObject({ containerFormat: 'ova' })
    expect(planTransfer(glance, toGlance(), { archive: 'tar' })).toMatchObject({
      format: { archive },
      request: { containerFormat: 'bare' },
    })
  })

  it('follows the archive override', () => {
    const url: TransferSource = { kind: 'url', url: 'https://images.test/a.raw.tar', size: 5, etag: null }
    expect(planTransfer(url, toGlance(), { archive: 'none', sourceFormat: 'raw' }).format).not.toHaveProperty('archive')
    expect(
      listChecks(planTransfer(url, toGlance(), { archive: 'none', member: 'x', sourceFormat: 'raw' }), 'blocks'),
    ).toEqual(['archive'])
    expect(
      listChecks(
        planTransfer(
          {
            ...ova(),
            facts: { compression: null, archive: null, format: 'vmdk', virtualSize: 5, refusal: null },
          } as TransferSource,
          toGlance(),
          { archive: 'tar' },
        ),
        'blocks',
      ),
    ).toEqual(['archive'])
  })
})
