import type { Content, ContentKind } from './inspection.ts'

interface Signature {
  readonly content: Content
  /** `text` of single bytes: the first 4096, or all there are. */
  readonly isMatch: (text: string) => boolean
}

const UNPACK = 'Unpack it, and give the disk that is in it'
const DECOMPRESS = 'Decompress it first, and give the file that comes of it'
const CHECK_FILE = 'Check that it is the file that was meant'
const toRaw = (driver: string): string => `Convert it where it comes from: qemu-img convert -f ${driver} -O qcow2`

const at = (offset: number, magic: string): Signature['isMatch'] => (text) => text.startsWith(magic, offset)
const either = (...tests: readonly Signature['isMatch'][]): Signature['isMatch'] => (text) => tests.some((test) => test(text))
const both = (...tests: readonly Signature['isMatch'][]): Signature['isMatch'] => (text) => tests.every((test) => test(text))

const signature = (kind: ContentKind, id: string, title: string, isMatch: Signature['isMatch'], advice = CHECK_FILE): Signature => ({ content: { kind, id, title, advice }, isMatch })

const u32 = (text: string, offset: number): number => [0, 1, 2, 3].reduce((all, index) => all + (text.charCodeAt(offset + index) || 0) * 256 ** index, 0)
const u16 = (text: string, offset: number): number => (text.charCodeAt(offset) || 0) + (text.charCodeAt(offset + 1) || 0) * 256

/** A PE has its header where the DOS header says; a DOS program before Windows has none. */
const isPortableExecutable = (text: string): boolean => text.startsWith('MZ') && text.startsWith('PE\0\0', u32(text, 0x3c))
/** Its setup code is at 0x1f1 (Linux: Documentation/arch/x86/boot.rst). */
const isLinuxKernel: Signature['isMatch'] = either(at(0x202, 'HdrS'), at(0x38, 'ARM\x64'))
const isZip = either(at(0, 'PK\x03\x04'), at(0, 'PK\x05\x06'), at(0, 'PK\x07\x08'))
/** The name of a zip's first member. */
const zipMember = (pattern: RegExp): Signature['isMatch'] => both(isZip, (text) => pattern.test(text.slice(30, 30 + Math.min(u16(text, 26), 200))))
/** Old binary cpio: a magic of two bytes, so its other fields must make sense too: a short name and a link. */
const isOldCpio = (text: string): boolean => (text.startsWith('\xc7\x71') && u16(text, 20) > 0 && u16(text, 20) < 1024 && u16(text, 12) < 256 && text.charCodeAt(26 + u16(text, 20) - 1) === 0)
/** The size that it says, and four reserved bytes. */
const isBitmap = (text: string): boolean => text.startsWith('BM') && u32(text, 6) === 0 && [12, 40, 52, 56, 64, 108, 124].includes(u32(text, 14))

/** What begins so is no disk. The first that fits counts; two bytes alone are no signature. */
const SIGNATURES: readonly Signature[] = [
  signature('archive', 'zip', 'a zip archive', both(isZip, (text) => !/^(?:\[Content_Types\]\.xml|META-INF\/|mimetype)/.test(text.slice(30))), UNPACK),
  signature('document', 'office', 'an Office document', zipMember(/^(?:\[Content_Types\]\.xml|mimetype)/)),
  signature('archive', 'jar', 'a Java archive', zipMember(/^META-INF\//)),
  signature('archive', '7z', 'a 7z archive', at(0, '7z\xbc\xaf\x27\x1c'), UNPACK),
  signature('archive', 'rar', 'a RAR archive', at(0, 'Rar!\x1a\x07'), UNPACK),
  signature('archive', 'cab', 'a Windows cabinet', at(0, 'MSCF\0\0\0\0'), UNPACK),
  signature('archive', 'wim', 'a WIM archive (files of a Windows installation)', at(0, 'MSWIM\0\0\0'), 'Apply it to a disk first'),
  signature('archive', 'xar', 'a xar archive', at(0, 'xar!'), UNPACK),
  signature('archive', 'cpio', 'a cpio archive (as initial RAM disks are)', either(at(0, '070701'), at(0, '070702'), at(0, '070707'), isOldCpio)),
  signature('archive', 'deb', 'a Debian package', both(at(0, '!<arch>\n'), at(8, 'debian-binary'))),
  signature('archive', 'ar', 'an ar archive', at(0, '!<arch>\n'), UNPACK),
  signature('archive', 'rpm', 'an RPM package', at(0, '\xed\xab\xee\xdb')),
  signature('archive', 'lzh', 'an LHA archive', (text) => /^..-lh[0-7d]-/s.test(text), UNPACK),
  signature('archive', 'vma', 'a backup of Proxmox (VMA)', at(0, 'VMA\0'), 'Extract the disk: vma extract'),
  signature('archive', 'partclone', 'a backup of partclone', at(0, 'partclone-image'), 'Restore it to a disk first'),
  signature('archive', 'partimage', 'a backup of Partimage', at(0, 'PaRtImAgE-VoLuMe'), 'Restore it to a disk first'),
  signature('archive', 'ewf', 'a forensic image (EWF)', either(at(0, 'EVF\x09\x0d\x0a\xff\x00'), at(0, 'EVF2\x0d\x0a\x81')), 'Export a raw disk: ewfexport'),
  signature('archive', 'btrfs-stream', 'a stream of btrfs send', at(0, 'btrfs-stream\0'), 'Receive it into a file system first'),
  signature('compressed', 'gzip', 'compressed by gzip', at(0, '\x1f\x8b\x08'), DECOMPRESS),
  signature('compressed', 'xz', 'compressed by xz', at(0, '\xfd7zXZ\0'), DECOMPRESS),
  signature('compressed', 'zstd', 'compressed by zstd', at(0, '\x28\xb5\x2f\xfd'), DECOMPRESS),
  signature('compressed', 'bzip2', 'compressed by bzip2', (text) => /^BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)/.test(text), DECOMPRESS),
  signature('compressed', 'lz4', 'compressed by lz4', either(at(0, '\x04\x22\x4d\x18'), at(0, '\x02\x21\x4c\x18')), DECOMPRESS),
  signature('compressed', 'lzip', 'compressed by lzip', (text) => /^LZIP[\0\x01]/.test(text), DECOMPRESS),
  signature('compressed', 'lzop', 'compressed by lzop', at(0, '\x89LZO\0\x0d\x0a\x1a\x0a'), DECOMPRESS),
  signature('compressed', 'lzma', 'compressed by lzma', (text) => /^\x5d\0\0[\x01-\x08\x10\x20\x40\x80\0][\0-\x04](?:\xff{8}|.{5}\0\0\0)/s.test(text), DECOMPRESS),
  signature('compressed', 'compress', 'compressed by compress (.Z)', (text) => /^\x1f\x9d[\x89-\x90]/.test(text), DECOMPRESS),
  signature('document', 'pdf', 'a PDF document', at(0, '%PDF-')),
  signature('document', 'postscript', 'a PostScript document', at(0, '%!PS')),
  signature('document', 'ole', 'a document of old Office, or an installer (MSI)', at(0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')),
  signature('document', 'rtf', 'an RTF document', at(0, '{\\rtf')),
  signature('executable', 'linux-kernel', 'a Linux kernel', isLinuxKernel, 'Give the disk; a kernel by itself has the disk format aki'),
  signature('executable', 'elf', 'a program (ELF)', at(0, '\x7fELF')),
  signature('executable', 'pe', 'a program (PE, as Windows and EFI have them)', isPortableExecutable),
  signature('executable', 'mach-o', 'a program (Mach-O)', either(at(0, '\xfe\xed\xfa\xce'), at(0, '\xfe\xed\xfa\xcf'), at(0, '\xce\xfa\xed\xfe'), at(0, '\xcf\xfa\xed\xfe'))),
  signature('executable', 'java', 'a program (Java class, or Mach-O for several processors)', at(0, '\xca\xfe\xba\xbe')),
  signature('executable', 'wasm', 'a program (WebAssembly)', at(0, '\0asm\x01\0\0\0')),
  signature('executable', 'uimage', 'a kernel for U-Boot', at(0, '\x27\x05\x19\x56')),
  signature('executable', 'device-tree', 'a device tree, or a kernel for U-Boot (FIT)', at(0, '\xd0\x0d\xfe\xed')),
  signature('executable', 'android-boot', 'a boot image of Android', at(0, 'ANDROID!')),
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
  signature('data', 'torrent', 'a BitTorrent file, which stands for the files', (text) => /^d\d{1,2}:(?:announce|info|created by|creation date|comment)/.test(text), 'Fetch the file itself by it'),
  signature('data', 'android-sparse', 'a sparse image of Android', at(0, '\x3a\xff\x26\xed'), 'Expand it: simg2img'),
  signature('data', 'parallels', 'a disk of Parallels', either(at(0, 'WithoutFreeSpace'), at(0, 'WithouFreSpacExt')), toRaw('parallels')),
  signature('data', 'bochs', 'a disk of Bochs', at(0, 'Bochs Virtual HD Image'), toRaw('bochs')),
  signature('data', 'cloop', 'a compressed loop image (cloop)', at(0, '#!/bin/sh\n#V2.0 Format'), toRaw('cloop')),
  signature('data', 'qemu-state', 'the saved state of a virtual machine', either(at(0, 'QEVM'), at(0, 'LibvirtQemudSave'), at(0, 'LibvirtQemudPart')), 'Give its disk'),
]

/** By a signature at a fixed place; `null`: none that is known. */
export const signatureOf = (text: string): Content | null => SIGNATURES.find(({ isMatch }) => isMatch(text))?.content ?? null
