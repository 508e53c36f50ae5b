import { type Arguments, bind, pythonMethods, signature } from '../../../call';
import { Container } from './container';
import type { Module } from '../../module/module';
import { indented } from '../../module/text';

const parameters = signature('ModuleList.__init__', ['self', 'modules'], 1);

/**
 * Modules in a list, so that they are found as submodules; it has no `forward` of its own.
 * They are named '0', '1', ….
 */
export class ModuleList<T extends Module | null = Module> extends Container<T> {
  static {
    pythonMethods(this.prototype, 'ModuleList', {
      append: ['module'],
      extend: ['modules'],
      insert: ['index', 'module'],
      pop: ['key'],
    });
  }

  constructor(...args: Arguments<['modules'], [modules?: Iterable<T> | null]>) {
    const [, modules] = bind(parameters, [null, ...args]);
    super();
    if (modules !== undefined && modules !== null) this.extend(modules as Iterable<T>);
  }

  /** Like Python, shows equal neighbours once: `(0-1): 2 x Linear(…)`. */
  override toString(): string {
    const blocks: { first: number; last: number; text: string }[] = [];
    for (const [position, module] of [...this].entries()) {
      const text = module === null ? 'None' : String(module);
      const block = blocks.at(-1);
      if (block?.text === text) block.last = position;
      else blocks.push({ first: position, last: position, text });
    }
    const { name } = this.constructor;
    if (blocks.length === 0) return `${name}()`;
    const lines = blocks.map(({ first, last, text }) =>
      first === last ? `(${first}): ${indented(text)}` : `(${first}-${last}): ${last - first + 1} x ${indented(text)}`,
    );
    return `${name}(\n  ${lines.join('\n  ')}\n)`;
  }
}
