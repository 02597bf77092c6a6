/**
 * The HTML report's program, as text: it filters and shows the findings that stand in the page as JSON.
 * Everything from the account goes in by textContent. No request, no storage, no eval.
 */
export const SCRIPT = String.raw`'use strict';
const { rules, findings, names } = JSON.parse(document.getElementById('data').textContent);
const SIZE = 50, MOST_PRINTED = 1000;
const form = document.getElementById('filters'), list = document.getElementById('list');
const status = document.getElementById('status'), pageText = document.getElementById('page');
const back = document.getElementById('back'), forth = document.getElementById('forth');
const chips = [...document.querySelectorAll('.chips button')];
const SVG = 'http://www.w3.org/2000/svg';
const ORDER = ['critical', 'high', 'medium', 'low', 'info', 'fail', 'unknown', 'waived', 'pass'];
let shown = findings, page = 0;

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}
const show = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const field = {
  verdict: (f) => f.v, severity: (f) => f.s, pillar: (f) => rules[f.r].pillar,
  account: (f) => f.a, region: (f) => f.g, rule: (f) => rules[f.r].id,
};
const hay = findings.map((f) => [f.i, f.n, f.m, f.f, rules[f.r].id, rules[f.r].title,
  ...Object.entries(f.k || {}).map(([key, value]) => key + '=' + value)].join('\n').toLowerCase());

for (const [name, of] of Object.entries(field)) {
  const counts = new Map();
  for (const f of findings) counts.set(of(f), (counts.get(of(f)) || 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b) || (a < b ? -1 : 1));
  for (const [value, count] of sorted) {
    const option = el('option', '', ((name === 'pillar' && names[value]) || value) + ' (' + count + ')');
    option.value = value;
    form.elements[name].append(option);
  }
}

function apply() {
  const wanted = Object.keys(field).filter((name) => form.elements[name].value !== '')
    .map((name) => [field[name], form.elements[name].value]);
  const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  shown = findings.filter((f, at) => wanted.every(([of, value]) => of(f) === value)
    && words.every((word) => hay[at].includes(word)));
  const severity = form.elements.severity.value;
  for (const chip of chips) chip.setAttribute('aria-pressed', String(chip.value === severity));
  page = 0;
  draw();
}

function pathPicture(hops) {
  const width = 640, step = 46, svg = document.createElementNS(SVG, 'svg');
  const height = hops.length * step;
  const part = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    svg.append(node);
  };
  svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
  svg.setAttribute('width', width);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'Path: ' + hops.map((hop) => hop.resource + ' ' + hop.decision).join(', then '));
  const short = (text) => (text.length > 90 ? text.slice(0, 50) + '…' + text.slice(-30) : text);
  hops.forEach((hop, at) => {
    const y = at * step + 16, last = at === hops.length - 1;
    if (!last) {
      part('line', { x1: 14, y1: y + 8, x2: 14, y2: y + step - 14, stroke: 'currentColor', 'stroke-width': 2 });
      part('path', { d: 'M9 ' + (y + step - 18) + 'l5 8 5-8z', fill: 'currentColor' });
    }
    part('circle', { cx: 14, cy: y, r: 7, fill: last ? 'currentColor' : 'none', stroke: 'currentColor', 'stroke-width': 2 });
    part('text', { x: 34, y: y + 1, 'font-size': 14, 'font-weight': 600, fill: 'currentColor' }, short(hop.resource));
    part('text', { x: 34, y: y + 17, 'font-size': 12, fill: 'currentColor' },
      short([hop.kind, hop.decision, hop.detail].filter(Boolean).join(' · ')));
  });
  return svg;
}

function section(body, title, ...nodes) {
  body.append(el('h3', '', title), ...nodes);
}
function code(text) {
  const pre = el('pre', '', text);
  pre.tabIndex = 0;
  return pre;
}
function pairs(values) {
  const table = el('table'), rows = el('tbody');
  for (const [key, value] of Object.entries(values)) {
    const row = el('tr'), name = el('th', 'key'), cell = el('td');
    name.scope = 'row';
    name.append(el('code', '', key));
    cell.append(el('code', '', show(value)));
    row.append(name, cell);
    rows.append(row);
  }
  table.append(rows);
  return table;
}

function fill(body, f) {
  const rule = rules[f.r];
  body.append(el('p', '', f.m));
  if (f.x) section(body, 'Why it is not known', el('p', '', f.x));
  if (f.w) section(body, 'Waived', pairs(f.w));
  if (f.h) section(body, 'Path', pathPicture(f.h));
  if (f.e) section(body, 'Evidence', pairs(f.e));
  if (rule.risk) section(body, 'Risk', el('p', '', rule.risk));
  const fix = f.d || rule.fix, cli = f.c, terraform = f.t || rule.terraform;
  section(body, 'How to mend it', el('p', '', fix), ...(cli ? [code(cli)] : []));
  if (terraform) section(body, 'Terraform', code(terraform));
  section(body, 'Resource', pairs({ id: f.i, type: f.y, account: f.a, region: f.g, ...(f.n ? { name: f.n } : {}) }));
  if (f.k) section(body, 'Tags', pairs(f.k));
  const links = el('p');
  for (const url of rule.references) {
    const link = el('a', '', url);
    if (/^https:\/\//.test(url)) link.href = url;
    link.rel = 'noopener noreferrer';
    links.append(link, el('br'));
  }
  if (rule.references.length > 0) section(body, 'References', links);
  section(body, 'Rule', el('p', 'soft', rule.id + (rule.compliance ? ' · ' + rule.compliance : '')),
    el('p', 'soft', 'Fingerprint ' + f.f));
}

function card(f) {
  const item = el('li'), details = el('details'), summary = el('summary');
  const title = el('span', 'title', rules[f.r].title);
  title.append(el('span', '', f.n || f.i));
  const badge = el('span');
  badge.append(el('span', 'badge ' + f.s, f.s));
  summary.append(badge, el('span', 'verdict', f.v), title, el('span', 'where', f.a + ' ' + f.g));
  details.append(summary);
  // Bodies are made when they are opened: a page of findings stays light.
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      const body = el('div', 'body');
      fill(body, f);
      details.append(body);
    }
  });
  item.append(details);
  return item;
}

function draw(all) {
  const from = all ? 0 : page * SIZE, to = all ? Math.min(MOST_PRINTED, shown.length) : from + SIZE;
  const part = shown.slice(from, to);
  list.replaceChildren(...part.map(card));
  status.textContent = shown.length === findings.length
    ? findings.length.toLocaleString('en-US') + ' findings'
    : shown.length.toLocaleString('en-US') + ' of ' + findings.length.toLocaleString('en-US') + ' findings';
  const pages = Math.max(1, Math.ceil(shown.length / SIZE));
  pageText.textContent = 'Page ' + (page + 1) + ' of ' + pages;
  back.disabled = page === 0;
  forth.disabled = page >= pages - 1;
}
function turn(by) {
  page += by;
  draw();
  document.getElementById('findings').scrollIntoView();
}

form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(apply));
back.addEventListener('click', () => turn(-1));
forth.addEventListener('click', () => turn(1));
for (const chip of chips) chip.addEventListener('click', () => {
  form.elements.severity.value = form.elements.severity.value === chip.value ? '' : chip.value;
  apply();
});
addEventListener('beforeprint', () => draw(true));
addEventListener('afterprint', () => draw());
document.getElementById('browse').hidden = false;
draw();
`
