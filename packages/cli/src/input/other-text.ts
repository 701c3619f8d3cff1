import { Problem } from '../problem.ts'

/** The remedy if output for people or shells was saved. */
export const SAVE_AS_JSON = 'save it with hcloud … -o json or openstack … -f json'
/** The reason for refusing the output of Python's `print`, `str` or `repr`. */
export const PYTHON_NOTATION = 'it is Python’s notation, not JSON or YAML: print json.dumps(…) of plain values instead'

/**
 * The start of Python's `repr`: a dict with a quoted key, a call (`Munch({`, `openstack.image.v2.image.Image(id=`), or `<module.Class object at 0x…>`,
 * also within lists and tuples.
 */
const PYTHON_START =
  /^[[({ \t\r\n-]{0,64}(?:\{\s{0,9}[ub]?'|<[A-Za-z_][\w.]{0,200} object at 0x|<[a-z_]\w{0,100}\.[\w.]{1,200}[ >(]|[A-Za-z_][\w.]{0,200}\((?:\w{1,100}=|\{?[ub]?'|\{"|\[[({]|\)))/
/** Python's keywords or quotes in an otherwise valid JSON text. */
const PYTHON_WORDS = /(?::|,|\[|\()\s{0,9}(?:None|True|False|datetime\.datetime\(|[ub]?')/

/** Whether a text that is not valid JSON is in Python's notation. */
export const isPythonNotation = (text: string): boolean => PYTHON_START.test(text) || PYTHON_WORDS.test(text)

const UUID_OR_HASH = /^(?:[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|[\da-f]{32})(?:\s|$)/

/** Texts that are often saved by mistake instead of JSON, each with the reason and remedy. The first match applies. */
const OTHER_TEXTS: readonly (readonly [RegExp, string])[] = [
  [PYTHON_START, PYTHON_NOTATION],
  [/^</, 'it is HTML or XML, such as the error page of a server: save the response of the API again'],
  [/^[+|]/, `it is a table: ${SAVE_AS_JSON}`],
  // hcloud's tables, with column headings in capitals, and the output of its `describe`.
  [/^ID {2,40}[A-Z][A-Z ]{0,200}\r?\n/, `it is a table: ${SAVE_AS_JSON}`],
  [
    /^ID:(?:\t{1,9}| {2,40})\d{1,16}\r?\n[A-Z][\w ]{1,40}:[ \t]/,
    `it is the text output of hcloud … describe: ${SAVE_AS_JSON}`,
  ],
  [
    /^(?:hcloud|openstack|glance): /,
    'it is an error message of the client: correct the cause, and run the client again',
  ],
  [
    /^(?:"[^"\n]{0,200}"|[\w. ]{1,200})(?:,(?:"[^"\n]{0,200}"|[\w. ]{1,200})){1,100}\r?\n/,
    `it is CSV: ${SAVE_AS_JSON}`,
  ],
  [/^"[A-Za-z][\w ]{0,60}"\r?\n/, `it is CSV: ${SAVE_AS_JSON}`],
  [/^[a-z][\w.]{0,100}="/, `it is a list of shell variables: ${SAVE_AS_JSON}`],
  [/^#cloud-config\b/, 'it is a cloud-init configuration, which contains no image'],
  [
    /^# (?:data\.)?[\w.]{1,200}:\r?\n|^(?:resource|data|provider|module|variable|output|locals|terraform|packer|source|build) (?:"[^"\n]{0,200}" ?){0,2}\{/,
    'it is the text output or configuration of Terraform or Packer: save the state with terraform show -json',
  ],
  [
    /^\w{1,100} = (?:[{["]|to(?:list|map|set)\()/,
    'it is the text output of terraform output: save it with terraform output -json',
  ],
  [UUID_OR_HASH, 'it contains values without their names (openstack … -f value): save it with openstack … -f json'],
]

const WHITESPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0x1e, 0xef, 0xbb, 0xbf])
const HEAD = 4000

/** Throws a `Problem` if the start of the input shows that it is not a dump. */
export const refuseOtherText = (head: Uint8Array): void => {
  const start = head.findIndex((byte) => !WHITESPACE.has(byte))
  if (start === -1) return
  const text = Buffer.from(head.subarray(start, start + HEAD)).toString()
  const known = OTHER_TEXTS.find(([pattern]) => pattern.test(text))
  if (known !== undefined) throw new Problem(known[1])
}
