import { describe, expect, it } from '@jest/globals'
import { identifyContent, type Content } from '../src/index.ts'
import { bytes, kernel, padded, PE, TAR, createTar, utf8, V7_TAR, ZIP } from './contents.ts'
import { failed, inspect, vectorImage, zeros } from './images.ts'

const findId = (head: Uint8Array, contentType?: string): string | null =>
  identifyContent(head, contentType ?? null)?.id ?? null

describe('identifyContent', () => {
  it.each<readonly [string, Uint8Array]>([
    ['empty', new Uint8Array()],
    ['html', utf8('<!DOCTYPE html>\n<html lang="de"><title>Größe</title></html>\n')],
    ['html', utf8('\ufeff \n <HTML><body>')],
    ['html', bytes('<!doctype html><title>Gr\xf6\xdfe</title>')],
    ['html', utf8('<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">')],
    ['xml', utf8('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')],
    ['ovf', utf8('<?xml version="1.0"?>\n<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1">')],
    ['json', utf8('{"error": {"code": 404}}')],
    ['json', utf8('[]')],
    ['json', utf8('[\n  {')],
    ['yaml', utf8('---\nimages: []\n')],
    ['yaml', utf8('name: debian\nsize: 5\n')],
    ['script', utf8('#!/bin/sh\necho hello\n')],
    ['script', padded(bytes('#!/bin/bash\nexec installer\n'))],
    ['cloud-config', utf8('#cloud-config\nusers: []\n')],
    ['git-lfs-pointer', utf8('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n')],
    ['checksums', utf8(`${'0a'.repeat(32)}  disk.raw\n`)],
    ['pgp', utf8('-----BEGIN PGP SIGNATURE-----\n')],
    ['text', utf8('Not Found\n')],
    ['text', new Uint8Array([0xff, 0xfe, ...Buffer.from('Not Found', 'utf16le')])],
    ['tar', TAR],
    ['tar', V7_TAR],
    ['ova', createTar('appliance.ovf')],
    ['zip', ZIP],
    ['7z', padded(bytes('7z\xbc\xaf\x27\x1c'))],
    ['rar', padded(bytes('Rar!\x1a\x07\x01\0'))],
    ['cpio', padded(bytes('070701'))],
    ['deb', padded(bytes('!<arch>\ndebian-binary   '))],
    ['rpm', padded(bytes('\xed\xab\xee\xdb\x03\0'))],
    ['pdf', padded(bytes('%PDF-1.7\n'))],
    ['ole', padded(bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'))],
    ['elf', padded(bytes('\x7fELF\x02\x01\x01'))],
    ['pe', PE],
    ['linux-kernel', kernel],
    ['mach-o', padded(bytes('\xcf\xfa\xed\xfe'))],
    ['png', padded(bytes('\x89PNG\x0d\x0a\x1a\x0a'))],
    ['jpeg', padded(bytes('\xff\xd8\xff\xe0'))],
    ['mp4', padded(bytes('\0\0\0\x20ftypisom'))],
    ['lz4', padded(bytes('\x04\x22\x4d\x18'))],
    ['gzip', padded(bytes('\x1f\x8b\x08\0'))],
    ['parallels', padded(bytes('WithoutFreeSpace'))],
  ])('recognizes %s', (id, head) => {
    expect(findId(head)).toBe(id)
    const content = identifyContent(head) as Content
    expect(content.title).not.toMatch(/\.$/)
    expect(content.advice).toMatch(/^[A-Z].*[^.]$/)
  })

  it.each<readonly [string, Uint8Array]>([
    ['zeros', zeros(4096)],
    ['a boot sector', padded(bytes('\xeb\x63\x90'))],
    ['NTFS', padded(bytes('\xeb\x52\x90NTFS    '))],
    ['XFS', padded(bytes('XFSB\0\0\x10\0'))],
    ['squashfs', padded(bytes('hsqs'))],
    ['the two letters of a bitmap', padded(bytes('BM and then something else'))],
    ['two letters of a program', padded(bytes('MZ'))],
    ['a tar with a wrong checksum', createTar('x').fill(0x31, 0, 1)],
  ])('returns null for %s', (_, head) => expect(identifyContent(head)).toBeNull())

  describe('a Content-Type', () => {
    const latin = bytes('Seite nicht gef\xfcnden')
    it('counts for bytes that could be text', () => {
      expect(findId(latin)).toBeNull()
      expect(findId(latin, 'text/html; charset=iso-8859-1')).toBe('page')
      expect(findId(latin, 'application/json')).toBe('page')
    })
    it('does not count for bytes that could be a disk, nor when it is generic', () => {
      expect(findId(zeros(4096), 'text/html')).toBeNull()
      expect(findId(latin, 'text/plain')).toBeNull()
      expect(findId(latin, 'application/octet-stream')).toBeNull()
    })
  })

  describe('a page', () => {
    const page = `<!DOCTYPE html><html><body>${'not found '.repeat(40)}</body></html>`
    const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

    it.each([
      ['in UTF-16 without a byte order mark, little-endian', Buffer.from(page, 'utf16le')],
      ['in UTF-16 without a byte order mark, big-endian', swapped(page)],
      ['padded with zeros', Buffer.concat([Buffer.from(page), Buffer.alloc(4096)])],
    ])('is recognized %s', (_, image) => expect(identifyContent(image)).toMatchObject({ id: 'html' }))

    it.each([
      ['a single bracket', Buffer.concat([Buffer.from('<\0'), Buffer.alloc(510)])],
      ['brackets between zeros, and no text', Buffer.concat([Buffer.from('<\0a\0'), Buffer.alloc(508)])],
      ['words and zeros', Buffer.concat([Buffer.from('label: disk'), Buffer.alloc(501)])],
    ])('is not recognized in %s', (_, image) => expect(identifyContent(image)).toBeNull())
  })
})

describe('createInspector', () => {
  it('ignores content when the bytes have a format', () => {
    expect(inspect(vectorImage('fat-vbr')).doubts).toBeUndefined()
    expect(failed(inspect(vectorImage('vmdk-text-flat')))).toEqual(['descriptor'])
  })
})
