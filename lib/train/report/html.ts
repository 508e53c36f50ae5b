/** HTML made of texts that may be anything: what goes in is escaped, what is HTML already says so by its type. */

/** Text that is HTML. */
export class Html {
  constructor(readonly text: string) {}
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML shows it. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

type Part = string | number | Html | readonly Html[];

function written(part: Part): string {
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escaped(String(part));
}

/** A template whose values are escaped, but for those that are HTML. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, index) => text + (index < parts.length ? written(parts[index]!) : '')).join(''));
}

/** JSON inside of a script element: nothing in it can end the element. */
export const jsonInScript = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));

/** A script's source inside of its element. */
export const sourceInScript = (source: string): Html => new Html(source.replace(/<\/(script)/gi, '<\\/$1'));

/** A table; the first column names its rows. */
export function table(rows: readonly (readonly (string | number)[])[], head: readonly string[] = []): Html {
  const line = ([first = '', ...rest]: readonly (string | number)[]): Html =>
    html`<tr><th>${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  const heading = head.length === 0 ? [] : [html`<tr>${head.map((cell) => html`<th>${cell}</th>`)}</tr>`];
  return html`<table>${heading}${rows.map(line)}</table>\n`;
}
