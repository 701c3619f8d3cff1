import { html, type Html } from './html.ts'

/** The heading of a column. Those of numbers are aligned to the right, and days are not wrapped. */
export type Heading = string | { readonly number: string } | { readonly day: string }

const renderHeading = (heading: Heading): Html => {
  if (typeof heading === 'string') return html`<th scope="col">${heading}</th>`
  return 'number' in heading
    ? html`<th scope="col" class="number">${heading.number}</th>`
    : html`<th scope="col" class="day">${heading.day}</th>`
}

/** A table that scrolls sideways where the page is too narrow. `label` names it for assistive technology. */
export const renderTable = (label: string, headings: readonly Heading[], rows: readonly Html[], id = ''): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table ${id === '' ? '' : html`id="${id}"`}>
      <thead>
        <tr>
          ${headings.map(renderHeading)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
