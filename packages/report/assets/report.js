// The table of all images: filter, sort, pages, details. Works from a file and asks nothing of any server.
;(() => {
  'use strict'
  const PAGE = 50
  const images = JSON.parse(document.getElementById('data').textContent)
  const element = (id) => document.getElementById(id)
  const table = element('all')
  const body = table.tBodies[0]
  const headings = [...table.tHead.rows[0].cells]
  const classes = headings.map((heading) => heading.className)
  const text = (cell) => (typeof cell === 'string' ? cell : cell[0])
  const key = (cell) => (typeof cell === 'string' ? cell : cell[1])
  for (const image of images)
    image.search = [...image.cells.map(text), ...image.details.map(([field, value]) => `${field}=${value}`)]
      .join('\n')
      .toLowerCase()

  let shown = images
  let page = 0
  let sort = null
  let open = null

  const create = (name, content, className) => {
    const created = document.createElement(name)
    if (content !== undefined) created.textContent = content
    if (className) created.className = className
    return created
  }

  const createDetails = (image) => {
    const row = create('tr')
    const cell = create('td')
    cell.colSpan = headings.length
    const list = create('dl')
    for (const [field, value, evidence] of image.details)
      list.append(create('dt', field), create('dd', value), create('dd', evidence, 'evidence'))
    cell.append(list)
    row.append(cell)
    return row
  }

  const createRow = (image) => {
    const row = create('tr')
    image.cells.forEach((value, index) => {
      const cell = create('td', undefined, classes[index])
      if (index === 0) {
        const button = create('button')
        button.type = 'button'
        button.setAttribute('aria-expanded', String(open === image))
        button.append(create('bdi', text(value)))
        button.addEventListener('click', () => {
          open = open === image ? null : image
          render()
          const again = [...body.querySelectorAll('button')].find((one) => one.image === image)
          if (again) again.focus()
        })
        button.image = image
        cell.append(button)
      } else cell.textContent = text(value)
      row.append(cell)
    })
    return row
  }

  const render = () => {
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1)
    page = Math.min(page, last)
    const rows = []
    for (const image of shown.slice(page * PAGE, (page + 1) * PAGE)) {
      rows.push(createRow(image))
      if (image === open) rows.push(createDetails(image))
    }
    body.replaceChildren(...rows)
    element('matches').textContent = `${shown.length} of ${images.length} images`
    element('page').textContent = `page ${page + 1} of ${last + 1}`
    element('previous').disabled = page === 0
    element('next').disabled = page === last
  }

  const compare = (a, b) => {
    const [left, right] = [key(a.cells[sort.column]), key(b.cells[sort.column])]
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), 'en', { numeric: true })
    return sort.descending ? -order : order
  }

  const update = () => {
    const words = element('filter').value.toLowerCase().split(/\s+/).filter(Boolean)
    shown = images.filter((image) => words.every((word) => image.search.includes(word)))
    if (sort) shown.sort(compare)
    headings.forEach((heading, index) =>
      heading.setAttribute(
        'aria-sort',
        sort && sort.column === index ? (sort.descending ? 'descending' : 'ascending') : 'none',
      ),
    )
    page = 0
    render()
  }

  headings.forEach((heading, column) => {
    const button = create('button', heading.textContent)
    button.type = 'button'
    button.addEventListener('click', () => {
      sort = { column, descending: sort !== null && sort.column === column && !sort.descending }
      update()
    })
    heading.replaceChildren(button)
  })
  element('filter').addEventListener('input', update)
  element('previous').addEventListener('click', () => {
    page--
    render()
  })
  element('next').addEventListener('click', () => {
    page++
    render()
  })
  element('controls').hidden = false
  update()
})()
