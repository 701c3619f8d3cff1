import { html, type Html } from './html.ts'

/** The heading of a column; those of numbers are aligned to the right. */
export type Heading = string | { readonly number: string }

const renderHeading = (heading: Heading): Html =>
  typeof heading === 'string'
    ? html`<th scope="col">${heading}</th>`
    : html`<th scope="col" class="number">${heading.number}</th>`

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
