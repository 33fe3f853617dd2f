/** A chart as a file of its own, for a README or a slide: it brings its colours for light and dark with it. */
import { COLOURS } from './colours.ts';

const LONGEST_TITLE = 80;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/**
 * The text of an SVG file. Colours stand in it as they are on light ground, because not everything that shows an SVG knows variables; what
 * knows about dark ground overrides them. The chart stands on its own ground, so that it can be read on any page.
 */
export function standaloneSvg(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const document = svg.ownerDocument;
  for (const tip of copy.querySelectorAll('[aria-label="tip"], [aria-label="pointer"], style')) tip.remove();
  const [width, height] = [Number(svg.getAttribute('width')), Number(svg.getAttribute('height'))];
  const pad = 16;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width + 2 * pad));
  copy.setAttribute('height', String(height + 2 * pad + 26));
  copy.setAttribute('viewBox', `${-pad} ${-pad - 26} ${width + 2 * pad} ${height + 2 * pad + 26}`);
  copy.setAttribute('font-family', FONT);
  copy.setAttribute('font-size', '12');
  copy.setAttribute('style', 'color: var(--soft)');
  const add = (name: string, attributes: Readonly<Record<string, string>>, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };
  const ground = { x: String(-pad), y: String(-pad - 26), width: String(width + 2 * pad), height: String(height + 2 * pad + 26), rx: '8' };
  copy.prepend(
    add('style', {}, styleOf()),
    add('rect', { ...ground, fill: 'var(--ground)' }),
    add('text', { x: '0', y: '-8', fill: 'var(--ink)', 'font-size': '15', 'font-weight': '600', 'text-anchor': 'start' }, shortened(title)),
  );
  return withLightColours(copy.outerHTML);
}

/** An SVG does not wrap its text. */
function shortened(title: string): string {
  return title.length <= LONGEST_TITLE ? title : `${title.slice(0, LONGEST_TITLE - 1)}…`;
}

/** By attribute, so that the elements keep a colour that everything understands. */
function styleOf(): string {
  const rules = Object.values(COLOURS).map(([light, dark]) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`);
  return `text{white-space:pre}@media (prefers-color-scheme:dark){${rules.join('')}}`;
}

function withLightColours(svg: string): string {
  return svg.replace(/var\((--[\w-]+)\)/g, (variable, name: string) => COLOURS[name]?.[0] ?? variable);
}
