/** A module's structure as Python prints it. */
import { membersOf } from './members';

const beingPrinted = new Set<object>();

/** Text with what follows its first line indented, as below a parent. */
export function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** `Net(` and a line for each submodule; `Net(...)` for one inside itself. */
export function moduleText(module: { extra_repr(): string }): string {
  const { name } = module.constructor;
  if (beingPrinted.has(module)) return `${name}(...)`;
  beingPrinted.add(module);
  try {
    const extra = module.extra_repr();
    const children = membersOf(module)
      .entries('module')
      .map(([key, child]) => `(${key}): ${child === null ? 'None' : indented(String(child))}`);
    const lines = [...(extra === '' ? [] : extra.split('\n')), ...children];
    if (children.length === 0 && lines.length < 2) return `${name}(${extra})`;
    return `${name}(\n  ${lines.join('\n  ')}\n)`;
  } finally {
    beingPrinted.delete(module);
  }
}
