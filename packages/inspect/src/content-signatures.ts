import type { Content, ContentKind } from './inspection.ts'

interface Signature {
  readonly content: Content
  /** @param text the first 4096 bytes, or all there are, each as one character. */
  readonly isMatch: (text: string) => boolean
}

const UNPACK = 'Extract the disk image in it'
const DECOMPRESS = 'Decompress it first'
const CHECK_FILE = 'Check that this is the intended file'
const adviseConversion = (driver: string): string => `Convert it first: qemu-img convert -f ${driver} -O qcow2`

const at =
  (offset: number, magic: string): Signature['isMatch'] =>
  (text) =>
    text.startsWith(magic, offset)
const either =
  (...tests: readonly Signature['isMatch'][]): Signature['isMatch'] =>
  (text) =>
    tests.some((test) => test(text))
const both =
  (...tests: readonly Signature['isMatch'][]): Signature['isMatch'] =>
  (text) =>
    tests.every((test) => test(text))

const signature = (
  kind: ContentKind,
  id: string,
  title: string,
  isMatch: Signature['isMatch'],
  advice = CHECK_FILE,
): Signature => ({ content: { kind, id, title, advice }, isMatch })

const u32 = (text: string, offset: number): number =>
  [0, 1, 2, 3].reduce((all, index) => all + (text.charCodeAt(offset + index) || 0) * 256 ** index, 0)
const u16 = (text: string, offset: number): number =>
  (text.charCodeAt(offset) || 0) + (text.charCodeAt(offset + 1) || 0) * 256

/** The DOS header has the offset of the PE header at 0x3c; a plain DOS program has no PE header. */
const isPortableExecutable = (text: string): boolean =>
  text.startsWith('MZ') && text.startsWith('PE\0\0', u32(text, 0x3c))
/** The magic of the setup header (Linux, Documentation/arch/x86/boot.rst), and that of an arm64 image (Documentation/arch/arm64/booting.rst). */
const isLinuxKernel: Signature['isMatch'] = either(at(0x202, 'HdrS'), at(0x38, 'ARM\x64'))
const isZip = either(at(0, 'PK\x03\x04'), at(0, 'PK\x05\x06'), at(0, 'PK\x07\x08'))
/** A zip whose first member has such a name. */
const zipMember = (pattern: RegExp): Signature['isMatch'] =>
  both(isZip, (text) => pattern.test(text.slice(30, 30 + Math.min(u16(text, 26), 200))))
/** Old binary cpio. Its magic has only two bytes, so its name and link count must be plausible, too. */
const isOldCpio = (text: string): boolean =>
  text.startsWith('\xc7\x71') &&
  u16(text, 20) > 0 &&
  u16(text, 20) < 1024 &&
  u16(text, 12) < 256 &&
  text.charCodeAt(26 + u16(text, 20) - 1) === 0
/** Its magic has only two bytes, so the reserved bytes and the header length must fit, too. */
const isBitmap = (text: string): boolean =>
  text.startsWith('BM') && u32(text, 6) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(u32(text, 14))

/** Bytes that begin so are not a disk. The first match counts. A signature of two bytes alone would also match disks. */
const SIGNATURES: readonly Signature[] = [
  signature(
    'archive',
    'zip',
    'a zip archive',
    both(isZip, (text) => !/^(?:\[Content_Types\]\.xml|META-INF\/|mimetype)/.test(text.slice(30))),
    UNPACK,
  ),
  signature('document', 'office', 'an Office document', zipMember(/^(?:\[Content_Types\]\.xml|mimetype)/)),
  signature('archive', 'jar', 'a Java archive', zipMember(/^META-INF\//)),
  signature('archive', '7z', 'a 7z archive', at(0, '7z\xbc\xaf\x27\x1c'), UNPACK),
  signature('archive', 'rar', 'a RAR archive', at(0, 'Rar!\x1a\x07'), UNPACK),
  signature('archive', 'cab', 'a Windows cabinet', at(0, 'MSCF\0\0\0\0'), UNPACK),
  signature(
    'archive',
    'wim',
    'a WIM archive (files of a Windows installation)',
    at(0, 'MSWIM\0\0\0'),
    'Apply it to a disk first',
  ),
  signature('archive', 'xar', 'a xar archive', at(0, 'xar!'), UNPACK),
  signature(
    'archive',
    'cpio',
    'a cpio archive (as initial RAM disks are)',
    either(at(0, '070701'), at(0, '070702'), at(0, '070707'), isOldCpio),
  ),
  signature('archive', 'deb', 'a Debian package', both(at(0, '!<arch>\n'), at(8, 'debian-binary'))),
  signature('archive', 'ar', 'an ar archive', at(0, '!<arch>\n'), UNPACK),
  signature('archive', 'rpm', 'an RPM package', at(0, '\xed\xab\xee\xdb')),
  signature('archive', 'lzh', 'an LHA archive', (text) => /^..-lh[0-7d]-/s.test(text), UNPACK),
  signature('archive', 'vma', 'a Proxmox backup (VMA)', at(0, 'VMA\0'), 'Extract the disk: vma extract'),
  signature('archive', 'partclone', 'a partclone backup', at(0, 'partclone-image'), 'Restore it to a disk first'),
  signature('archive', 'partimage', 'a Partimage backup', at(0, 'PaRtImAgE-VoLuMe'), 'Restore it to a disk first'),
  signature(
    'archive',
    'ewf',
    'a forensic image (EWF)',
    either(at(0, 'EVF\x09\x0d\x0a\xff\x00'), at(0, 'EVF2\x0d\x0a\x81')),
    'Export a raw disk: ewfexport',
  ),
  signature(
    'archive',
    'btrfs-stream',
    'a btrfs send stream',
    at(0, 'btrfs-stream\0'),
    'Receive it into a file system first',
  ),
  signature('compressed', 'gzip', 'compressed by gzip', at(0, '\x1f\x8b\x08'), DECOMPRESS),
  signature('compressed', 'xz', 'compressed by xz', at(0, '\xfd7zXZ\0'), DECOMPRESS),
  signature('compressed', 'zstd', 'compressed by zstd', at(0, '\x28\xb5\x2f\xfd'), DECOMPRESS),
  signature(
    'compressed',
    'bzip2',
    'compressed by bzip2',
    (text) => /^BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)/.test(text),
    DECOMPRESS,
  ),
  signature(
    'compressed',
    'lz4',
    'compressed by lz4',
    either(at(0, '\x04\x22\x4d\x18'), at(0, '\x02\x21\x4c\x18')),
    DECOMPRESS,
  ),
  signature('compressed', 'lzip', 'compressed by lzip', (text) => /^LZIP[\0\x01]/.test(text), DECOMPRESS),
  signature('compressed', 'lzop', 'compressed by lzop', at(0, '\x89LZO\0\x0d\x0a\x1a\x0a'), DECOMPRESS),
  signature(
    'compressed',
    'lzma',
    'compressed by lzma',
    (text) => /^\x5d\0\0[\x01-\x08\x10\x20\x40\x80\0][\0-\x04](?:\xff{8}|.{5}\0\0\0)/s.test(text),
    DECOMPRESS,
  ),
  signature(
    'compressed',
    'compress',
    'compressed by compress (.Z)',
    (text) => /^\x1f\x9d[\x89-\x90]/.test(text),
    DECOMPRESS,
  ),
  signature('document', 'pdf', 'a PDF document', at(0, '%PDF-')),
  signature('document', 'postscript', 'a PostScript document', at(0, '%!PS')),
  signature(
    'document',
    'ole',
    'an old Office document or an installer (MSI)',
    at(0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  ),
  signature('document', 'rtf', 'an RTF document', at(0, '{\\rtf')),
  signature(
    'executable',
    'linux-kernel',
    'a Linux kernel',
    isLinuxKernel,
    'Use the disk image; a kernel alone has the disk format aki',
  ),
  signature('executable', 'elf', 'a program (ELF)', at(0, '\x7fELF')),
  signature('executable', 'pe', 'a program for Windows or EFI (PE)', isPortableExecutable),
  signature(
    'executable',
    'mach-o',
    'a program (Mach-O)',
    either(at(0, '\xfe\xed\xfa\xce'), at(0, '\xfe\xed\xfa\xcf'), at(0, '\xce\xfa\xed\xfe'), at(0, '\xcf\xfa\xed\xfe')),
  ),
  signature(
    'executable',
    'java',
    'a program (Java class, or Mach-O for several processors)',
    at(0, '\xca\xfe\xba\xbe'),
  ),
  signature('executable', 'wasm', 'a program (WebAssembly)', at(0, '\0asm\x01\0\0\0')),
  signature('executable', 'uimage', 'a kernel for U-Boot', at(0, '\x27\x05\x19\x56')),
  signature('executable', 'device-tree', 'a device tree, or a kernel for U-Boot (FIT)', at(0, '\xd0\x0d\xfe\xed')),
  signature('executable', 'android-boot', 'an Android boot image', at(0, 'ANDROID!')),
  signature('media', 'png', 'a PNG picture', at(0, '\x89PNG\x0d\x0a\x1a\x0a')),
  signature('media', 'jpeg', 'a JPEG picture', (text) => /^\xff\xd8\xff[\xc0-\xfe]/.test(text)),
  signature('media', 'gif', 'a GIF picture', either(at(0, 'GIF87a'), at(0, 'GIF89a'))),
  signature('media', 'bmp', 'a BMP picture', isBitmap),
  signature('media', 'tiff', 'a TIFF picture', either(at(0, 'II*\0'), at(0, 'MM\0*'))),
  signature('media', 'webp', 'a WebP picture', both(at(0, 'RIFF'), at(8, 'WEBP'))),
  signature('media', 'riff', 'a sound or a film (RIFF)', both(at(0, 'RIFF'), either(at(8, 'WAVE'), at(8, 'AVI ')))),
  signature('media', 'mp4', 'a film or a picture (MP4, HEIF)', at(4, 'ftyp')),
  signature('media', 'matroska', 'a film (Matroska, WebM)', at(0, '\x1a\x45\xdf\xa3')),
  signature('media', 'ogg', 'a sound or a film (Ogg)', at(0, 'OggS\0')),
  signature('media', 'flac', 'a sound (FLAC)', at(0, 'fLaC')),
  signature('media', 'mp3', 'a sound (MP3)', (text) => /^ID3[\x02-\x04]\0/.test(text)),
  signature('data', 'sqlite', 'an SQLite database', at(0, 'SQLite format 3\0')),
  signature('data', 'parquet', 'a Parquet table', at(0, 'PAR1')),
  signature('data', 'git-pack', 'a pack of Git', at(0, 'PACK\0\0\0')),
  signature(
    'data',
    'torrent',
    'a BitTorrent file, which only names the files',
    (text) => /^d\d{1,2}:(?:announce|info|created by|creation date|comment)/.test(text),
    'Download the file with it',
  ),
  signature('data', 'android-sparse', 'an Android sparse image', at(0, '\x3a\xff\x26\xed'), 'Expand it: simg2img'),
  signature(
    'data',
    'parallels',
    'a Parallels disk',
    either(at(0, 'WithoutFreeSpace'), at(0, 'WithouFreSpacExt')),
    adviseConversion('parallels'),
  ),
  signature('data', 'bochs', 'a Bochs disk', at(0, 'Bochs Virtual HD Image'), adviseConversion('bochs')),
  signature(
    'data',
    'cloop',
    'a compressed loop image (cloop)',
    at(0, '#!/bin/sh\n#V2.0 Format'),
    adviseConversion('cloop'),
  ),
  signature(
    'data',
    'qemu-state',
    'the saved state of a virtual machine',
    either(at(0, 'QEVM'), at(0, 'LibvirtQemudSave'), at(0, 'LibvirtQemudPart')),
    'Use its disk',
  ),
]

/** The content with a known signature at a fixed offset; `null`: none. */
export const findSignature = (text: string): Content | null =>
  SIGNATURES.find(({ isMatch }) => isMatch(text))?.content ?? null
