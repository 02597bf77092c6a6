/** Elements by function. Text goes in as text: nothing from the account is ever read as HTML. */

const SVG = 'http://www.w3.org/2000/svg'

type Child = Node | string

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  if (className !== '') node.className = className
  node.append(...children)
  return node
}

export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Node[]
): Element {
  const node = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  node.append(...children)
  return node
}

export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const node = document.getElementById(id)
  if (!(node instanceof type)) throw new Error(`the page has no ${id}`)
  return node
}

export const count = (value: number, one?: string, many = `${one}s`): string =>
  `${value.toLocaleString('en-US')}${one === undefined ? '' : ` ${value === 1 ? one : many}`}`

/** Details whose inside is made when it is first opened: a page of ten thousand findings stays light. */
export function lazily(details: HTMLDetailsElement, fill: () => readonly Node[]): HTMLDetailsElement {
  const open = (): void => {
    if (!details.open || details.childElementCount > 1) return
    details.append(el('div', 'body', ...fill()))
  }
  details.addEventListener('toggle', open)
  return details
}

/** Opens it now, without waiting for the event. */
export function openNow(details: HTMLDetailsElement): void {
  details.open = true
  details.dispatchEvent(new Event('toggle'))
}
