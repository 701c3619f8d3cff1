import { describe, expect, it } from '@jest/globals'
import { findBlockers, planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheckName } from '../../src/plan/plan.ts'
import type { TransferSource } from '../../src/plan/transfer-input.ts'
import { fromGlance, toGlance, toHetzner, listChecks } from './planned-transfers.ts'

describe('checks of the source', () => {
  it('warns about an encrypted image, and does not transfer its keys', () => {
    const names = ['secret_key_id', 'secret_key_policy']
    const encrypted = Object.fromEntries(names.map((name) => [name, 'x']))
    for (const target of [toGlance(), toHetzner()]) {
      const plan = planTransfer(fromGlance({ properties: { ...encrypted, os_distro: 'debian' } }), target)
      expect(listChecks(plan, 'warns')).toContain('encryption')
      expect(JSON.stringify(plan.request)).not.toContain('secret_key')
      expect(plan.fields.filter(({ entry }) => entry !== null && names.includes(entry))).toEqual(
        names.map((entry) =>
          expect.objectContaining({ entry, disposition: 'lost', reason: expect.stringContaining('key') }),
        ),
      )
    }
    expect(listChecks(planTransfer(fromGlance(), toGlance()), 'warns')).not.toContain('encryption')
    const disk = planTransfer({ kind: 'file', path: '/images/disk.luks', size: 4096, modifiedAt: null }, toGlance(), {
      sourceFormat: 'luks',
    })
    expect(listChecks(disk, 'warns')).toContain('encryption')
    expect(disk).toMatchObject({ format: { from: 'luks', to: 'raw', convert: false }, request: { diskFormat: 'raw' } })
  })

  it('blocks the conversion of an encrypted qcow2', () => {
    const facts = {
      compression: null,
      archive: null,
      format: 'qcow2',
      virtualSize: 4096,
      isEncrypted: true,
      refusal: null,
    } as const
    const encrypted: TransferSource = { kind: 'file', path: '/images/disk.qcow2', size: 4096, modifiedAt: null, facts }
    expect(listChecks(planTransfer(encrypted, toGlance()), 'blocks')).toEqual([])
    expect(listChecks(planTransfer(encrypted, toGlance()), 'warns')).toContain('encryption')
    expect(findBlockers(planTransfer(encrypted, toGlance(), { diskFormat: 'raw' }))).toEqual([
      {
        check: 'conversion',
        effect: 'blocks',
        what: 'the qcow2 is encrypted, and cannot be converted without its key',
        hint: 'Decrypt it first with qemu-img convert and its key',
      },
    ])
    expect(listChecks(planTransfer(encrypted, toHetzner()), 'blocks')).toContain('conversion')
  })

  it('warns if the content type of a URL is not a disk', () => {
    const of = (contentType: string | null): readonly PreflightCheckName[] =>
      listChecks(
        planTransfer(
          { kind: 'url', url: 'https://images.test/debian.raw', size: 512, etag: null, contentType },
          toGlance(),
        ),
        'warns',
      )
    expect(of('text/html; charset=utf-8')).toContain('source-content')
    expect(of('application/octet-stream')).not.toContain('source-content')
    expect(of('text/plain')).not.toContain('source-content')
    expect(of(null)).not.toContain('source-content')
  })
})
