/** A result in Ansible's output, and its position. */
export interface AnsibleResult {
  readonly value: unknown
  /** 1-based. */
  readonly line: number
  /** Why there is no value. */
  readonly problem: string | null
}

/** The heading of a result printed by `ansible`: `localhost | SUCCESS => {`. */
const AD_HOC = /^\S{1,255} \| (?:SUCCESS|CHANGED|FAILED!?|UNREACHABLE!?) => /
/** The heading of a result printed by `ansible-playbook -v`: `ok: [localhost] => {`, `failed: [localhost] (item=a) => {`. */
const PLAYBOOK = /^(?:ok|changed|failed|fatal|unreachable|skipping): \[[^\]\n]{1,255}\]/
const ARROW = '=>'
/** The start of other lines that `ansible-playbook` prints. */
const OTHER_LINE =
  /^(?:PLAY|TASK|RUNNING HANDLER|HANDLER|PLAY RECAP|Using |No config file|\[WARNING\]|\[DEPRECATION)|^\S{1,255}\s{1,255}: ok=\d/

/** Color sequences, which Ansible prints to files too if colors are forced. */
// oxlint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[\d;]{0,20}m/g

/** The text after the heading of a result; `null`: the line is not such a heading. */
const findBody = (line: string): string | null => {
  const adHoc = AD_HOC.exec(line)
  if (adHoc !== null) return line.slice(adHoc[0].length)
  const status = PLAYBOOK.exec(line)
  if (status === null) return null
  const first = line.indexOf(ARROW, status[0].length)
  // In a loop, `(item=…)` follows the first arrow, and the body follows a second one.
  const arrow = line.startsWith(' (item=', first + ARROW.length) ? line.indexOf(ARROW, first + ARROW.length) : first
  return first === -1 || arrow === -1 ? null : line.slice(arrow + ARROW.length).trimStart()
}

/** Whether the first lines of a text contain headings that only Ansible prints. */
export const isAnsibleOutput = (text: string): boolean =>
  text
    .slice(0, 16_384)
    .replace(COLOURS, '')
    .split(/\r?\n/, 200)
    .some((line) => findBody(line) !== null || /^(?:PLAY|TASK) \[.{0,255}\] \*{3,}/.test(line))

const problem = (line: number, reason: string): AnsibleResult => ({ value: null, line, problem: reason })

/** Parses the body of a result: JSON, or indented YAML if Ansible's `result_format` is `yaml`. */
const parse = async (body: string, line: number): Promise<AnsibleResult> => {
  if (body.trimStart().startsWith('{')) {
    try {
      return { value: JSON.parse(body), line, problem: null }
    } catch {
      return problem(line, 'the JSON that Ansible printed is incomplete')
    }
  }
  const { readYamlValues } = await import('./yaml.ts')
  const read = readYamlValues(body)
  return 'problem' in read
    ? problem(line + read.line - 1, `the YAML that Ansible printed is invalid: ${read.problem}`)
    : { value: read.values[0] ?? null, line, problem: null }
}

/** Reads the results from the output of `ansible` and `ansible-playbook -v`, in order. Returns none for other texts. */
export const ansibleResults = async (text: string): Promise<readonly AnsibleResult[]> => {
  if (!isAnsibleOutput(text)) return []
  const results: AnsibleResult[] = []
  const bodies: { readonly line: number; readonly lines: string[] }[] = []
  let open: { readonly line: number; readonly lines: string[] } | null = null
  for (const [index, line] of text.replace(COLOURS, '').split(/\r?\n/).entries()) {
    const body = findBody(line)
    if (body !== null) {
      open = { line: index + 1, lines: [body] }
      bodies.push(open)
    } else if (OTHER_LINE.test(line)) open = null
    else open?.lines.push(line)
  }
  for (const { line, lines } of bodies) results.push(await parse(lines.join('\n'), line))
  return results
}
