import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, afterEach, beforeEach, expect, test, jest } from '@jest/globals'
import { BYTES_PER_GB, diskBytes, toImageSize } from '../../../src/hetzner/rescue/options.ts'
import { startLab, until, type Lab } from './client.ts'

// Each test starts real processes, which takes long on a busy machine.
jest.setTimeout(120_000)

let lab: Lab
beforeEach(async () => {
  lab = await startLab()
})
afterEach(() => lab.close())

const digest = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')

describe('disks of simulated servers', () => {
  test('a disk has the size of a real device, and image_size uses the GB of the real API', () => {
    expect([20, 40].map((gb) => diskBytes(gb, BYTES_PER_GB))).toEqual([20_480_786_432, 40_961_572_864])
    expect(toImageSize(658_965_364, BYTES_PER_GB)).toBeCloseTo(0.643_520_863_281_25, 12)
    expect(diskBytes(40, 100_001)).toBe(4_000_040 - (4_000_040 % 512))
  })

  test('data written in the rescue system is in the image, and in servers created from it', async () => {
    const bytes = randomBytes(3_000_000)
    const server = await lab.rescued()
    expect(await lab.run(server, 'dd of=/dev/sda bs=64k && sync', bytes)).toMatchObject({ code: 0 })
    await lab.act(server, 'poweroff')
    const image = await lab.snapshot(server)
    expect(image.image_size).toBeGreaterThan(bytes.length / ((100_000 * 1.024e9) / BYTES_PER_GB) - 0.01)
    expect(image.image_size).toBeLessThanOrEqual(41)
    await lab.ask('DELETE', `/servers/${server.id}`)

    const copy = await lab.rescued({ image: image.id, server_type: 'cpx22' })
    const read = await lab.run(copy, 'blockdev --getsize64 /dev/sda; sha512sum < /dev/sda; cat /dev/sda')
    const [size, sum] = read.out.subarray(0, 200).toString('latin1').split('\n')
    const disk = Buffer.concat([
      bytes,
      readFileSync(lab.simulator.rescue.disks.toPath(`image-${image.id}`)).subarray(bytes.length),
      Buffer.alloc(diskBytes(80, 100_000) - diskBytes(40, 100_000)),
    ])
    expect(size).toEqual(String(diskBytes(80, 100_000)))
    expect(sum).toEqual(`${digest(disk)}  -`)
    expect(digest(read.out.subarray(read.out.length - disk.length))).toBe(digest(disk))
  })

  test('a disk without writes has a mark of its image, the same in each copy', async () => {
    const [one, two, other] = [await lab.rescued(), await lab.rescued(), await lab.rescued({ image: 'ubuntu-24.04' })]
    const sums = await Promise.all(
      [one, two, other].map(async (server) => (await lab.run(server, 'sha512sum /dev/sda')).out.toString()),
    )
    expect(sums[0] === sums[1]).toBe(true)
    expect(sums[0] === sums[2]).toBe(false)
    const plain = await lab.order()
    const image = await lab.snapshot(plain)
    const copy = await lab.rescued({ image: image.id })
    expect((await lab.run(copy, 'sha512sum /dev/sda')).out.toString()).toBe(sums[0])
  })

  test('a rebuild replaces the disk by the image', async () => {
    const server = await lab.rescued()
    await lab.run(server, 'dd of=/dev/sda', Buffer.from('first'))
    const image = await lab.snapshot(server)
    await lab.run(server, 'dd of=/dev/sda', Buffer.from('later'))
    await lab.act(server, 'rebuild', { image: image.id })
    expect(
      readFileSync(lab.simulator.rescue.disks.toPath(`server-${server.id}`))
        .subarray(0, 5)
        .toString(),
    ).toBe('first')
    await lab.act(server, 'rebuild', { image: 'debian-12' })
    expect(existsSync(lab.simulator.rescue.disks.toPath(`server-${server.id}`))).toBe(false)
  })

  test('holes stay holes, and a deletion frees the space', async () => {
    const server = await lab.rescued()
    await lab.run(server, 'blkdiscard -f /dev/sda && dd of=/dev/sda bs=4096', Buffer.alloc(8192, 1))
    const image = await lab.snapshot(server)
    const paths = [
      lab.simulator.rescue.disks.toPath(`image-${image.id}`),
      lab.simulator.rescue.disks.toPath(`server-${server.id}`),
    ]
    expect(paths.map((path) => statSync(path).blocks * 512)).toEqual([8192, 8192])
    expect(image.image_size * 1.024e9).toBeCloseTo((8192 * BYTES_PER_GB) / 100_000, 3)
    await lab.ask('DELETE', `/images/${image.id}`)
    await lab.ask('DELETE', `/servers/${server.id}`)
    await until(async () => (paths.some((path) => existsSync(path)) ? null : true))
    expect(paths.map((path) => existsSync(path))).toEqual([false, false])
  })

  test('an image whose copy fails is deleted', async () => {
    const server = await lab.rescued()
    lab.simulator.projects[0]?.failNextAction('create_image')
    await expect(lab.snapshot(server)).rejects.toThrow('Action failed')
    const disk = lab.simulator.rescue.disks.toPath(`server-${server.id}`)
    await lab.act(server, 'poweroff')
    const { rmSync } = await import('node:fs')
    rmSync(disk)
    await expect(lab.snapshot(server)).rejects.toThrow('No such file')
  })
})
