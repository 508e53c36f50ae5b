// COMPAT.md as text.

/**
 * @typedef {{ name: string, there: boolean, foreign: boolean, because?: string }} Row
 * @typedef {{ space: string, rows: Row[] }} Space
 */

/** The namespaces that the figures are about; the others are told for information. */
const COUNTED = 20;

/** @param {Row[]} rows */
function figure(rows) {
  const there = rows.filter((row) => row.there).length;
  // Rounded down: 98 % is not reached by 97.96 %.
  return `${there}/${rows.length} | ${(Math.floor((1000 * there) / rows.length) / 10).toFixed(1)} %`;
}

/** @param {Space} space */
function countsOf({ space, rows }) {
  return `| \`${space}\` | ${figure(rows)} | ${figure(rows.filter((row) => !row.foreign))} |`;
}

/** @param {string} name */
const code = (name) => `\`${name}\``;

/** Absent names by their reason, most first. @param {Row[]} rows */
function groups(rows) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const { name, because } of rows.filter((row) => !row.there)) {
    const reason = because ?? 'No reason: this is an error.';
    found.set(reason, [...(found.get(reason) ?? []), name]);
  }
  return [...found].sort(([, a], [, b]) => b.length - a.length);
}

/** @param {Row[]} rows */
function absent(rows) {
  const lines = groups(rows).map(
    ([reason, names]) => `| ${names.length} | ${reason} | ${names.map(code).join(', ')} |`,
  );
  if (lines.length === 0) return 'Nothing is absent.';
  return ['| | why absent | names |', '|---|---|---|', ...lines].join('\n');
}

/** The largest part of what keeps a namespace below 98 % of PyTorch's own names. @param {Space} space */
function shortfall({ space, rows }) {
  const own = rows.filter((row) => !row.foreign);
  const there = own.filter((row) => row.there).length;
  const [largest] = groups(own);
  if (there >= 0.98 * own.length || largest === undefined) return [];
  const [reason, names] = largest;
  const rest = own.filter((row) => row.there || row.because !== reason);
  return [
    `\`${space}\` is below 98 %: ${names.length} of its ${own.length - there} absent names have one reason. ${reason} ` +
      `Without them it is ${figure(rest).replace(' | ', ', ')}.`,
  ];
}

/** @param {Space} space */
function section({ space, rows }) {
  const there = rows.filter((row) => row.there).map(({ name }) => code(name));
  return `## ${space}

${absent(rows)}

<details><summary>${there.length} present</summary>

${there.join(', ') || 'none'}

</details>
`;
}

/**
 * @param {string} torch version of PyTorch
 * @param {Space[]} spaces
 */
export function render(torch, spaces) {
  const head = "| namespace | of all names | | of PyTorch's own | |\n|---|---|---|---|---|";
  return `# Which names of PyTorch are here

Made by \`npm run compat\` from Python's torch ${torch} and the compiled package; do not edit.

A *public name* is one of \`dir()\` without a leading underscore, or of \`__all__\`. It is *present* if the package has it at run
time and in its types, and it does more than throw. *All names* leaves nothing out. *PyTorch's own* leaves out what is not
PyTorch's: Python modules, typing helpers and texts that were merely imported there. Everything absent has its reason below.

${head}
${spaces.slice(0, COUNTED).map(countsOf).join('\n')}

${spaces.slice(0, COUNTED).flatMap(shortfall).join('\n')}

For information, namespaces that other releases are about:

${head}
${spaces.slice(COUNTED).map(countsOf).join('\n')}

${spaces.map(section).join('\n')}`;
}
