import { gunzipSync } from 'node:zlib'
import { zeros } from './images.ts'

/** Each character one byte. */
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'))
const unpacked = (gzipBase64: string): Uint8Array => new Uint8Array(gunzipSync(Buffer.from(gzipBase64, 'base64')))
export const padded = (head: Uint8Array, length = 4096): Uint8Array => {
  const all = zeros(length)
  all.set(head)
  return all
}

/** By GNU tar 1.34. */
export const TAR = unpacked(
  'H4sIAAAAAAACA0vUK6koYaAtMAACMxMTMA0E6DQQGDMYmhobGBsYmpsZmjEYGBoAeQwKBgx0AKXFJYlFCgoMRfn5eMOBkPwQBRmZXAyjYOQCAPFYDWcABAAA',
)
export const V7_TAR = unpacked(
  'H4sIAAAAAAACA0vUK6koYaAtMAACMxMTMA0E6DQQGDMYmhobGBsYmpsZmgHFzcyNDBkUGIYSQPfcEAEZmVwMo2DkAgBLfU1NAAQAAA==',
)
/** By Python's zipfile. */
export const ZIP = new Uint8Array(
  Buffer.from(
    'UEsDBBQAAAAAAEtmfV16em/tAwAAAAMAAAAFAAAAYS50eHRoaQpQSwECFAMUAAAAAABLZn1denpv7QMAAAADAAAABQAAAAAAAAAAAAAApIEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAAJgAAAAAA',
    'base64',
  ),
)

/** The same header with another name and a new checksum. */
export const createTar = (name: string): Uint8Array => {
  const tar = TAR.slice()
  tar.fill(0, 0, 100)
  tar.set(bytes(name))
  tar.fill(0x20, 148, 156)
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  tar.set(bytes(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return tar
}

export const PE = (() => {
  const all = padded(bytes('MZ'))
  all.set([0x80], 0x3c)
  all.set(bytes('PE\0\0'), 0x80)
  return all
})()

/** A Linux kernel: the signature of a boot sector, and the setup header. */
export const kernel = (() => {
  const all = padded(bytes('MZ'), 65_536)
  all.set([0x55, 0xaa], 510)
  all.set(bytes('HdrS'), 0x202)
  return all
})()
