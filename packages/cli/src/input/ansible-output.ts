/** A result in Ansible's output, and where it stands. */
export interface AnsibleResult {
  readonly value: unknown
  /** 1-based. */
  readonly line: number
  /** Why there is no value. */
  readonly problem: string | null
}

/** `ansible`: `localhost | SUCCESS => {`. `ansible-playbook -v`: `ok: [localhost] => {`, `failed: [localhost] (item=a) => {`. */
const AD_HOC = /^\S{1,255} \| (?:SUCCESS|CHANGED|FAILED!?|UNREACHABLE!?) => /
const PLAYBOOK = /^(?:ok|changed|failed|fatal|unreachable|skipping): \[[^\]\n]{1,255}\]/
const ARROW = '=>'
/** What else stands at the start of a line of `ansible-playbook`'s output. */
const OTHER_LINE =
  /^(?:PLAY|TASK|RUNNING HANDLER|HANDLER|PLAY RECAP|Using |No config file|\[WARNING\]|\[DEPRECATION)|^\S{1,255}\s{1,255}: ok=\d/

/** `-v` shows the colours of a terminal where they were forced. */
// oxlint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[\d;]{0,20}m/g

/** What stands behind the heading of a result; `null`: the line is none. */
const findBody = (line: string): string | null => {
  const adHoc = AD_HOC.exec(line)
  if (adHoc !== null) return line.slice(adHoc[0].length)
  const status = PLAYBOOK.exec(line)
  if (status === null) return null
  const first = line.indexOf(ARROW, status[0].length)
  // A loop names its item behind an arrow of its own.
  const arrow = line.startsWith(' (item=', first + ARROW.length) ? line.indexOf(ARROW, first + ARROW.length) : first
  return first === -1 || arrow === -1 ? null : line.slice(arrow + ARROW.length).trimStart()
}

/** Whether a text has, among its first lines, what only Ansible prints. */
export const isAnsibleOutput = (text: string): boolean =>
  text
    .slice(0, 16_384)
    .replace(COLOURS, '')
    .split(/\r?\n/, 200)
    .some((line) => findBody(line) !== null || /^(?:PLAY|TASK) \[.{0,255}\] \*{3,}/.test(line))

const problem = (line: number, reason: string): AnsibleResult => ({ value: null, line, problem: reason })

/** The body of a result: JSON, or with Ansible's result_format=yaml its lines, indented. */
const parse = async (body: string, line: number): Promise<AnsibleResult> => {
  if (body.trimStart().startsWith('{')) {
    try {
      return { value: JSON.parse(body), line, problem: null }
    } catch {
      return problem(line, 'the result that Ansible printed is not whole JSON')
    }
  }
  const { readYamlValues } = await import('./yaml.ts')
  const read = readYamlValues(body)
  return 'problem' in read
    ? problem(line + read.line - 1, `the result that Ansible printed cannot be read as YAML: ${read.problem}`)
    : { value: read.values[0] ?? null, line, problem: null }
}

/** The results in what `ansible` and `ansible-playbook -v` print, in their order; none where it is not their output. */
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
