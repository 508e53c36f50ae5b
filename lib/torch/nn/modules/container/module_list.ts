import { type Arguments, bind, pythonMethods, signature } from '../../../call';
import { typeName } from '../../../core';
import type { Module } from '../../module/module';
import { ListOfModules } from './list';

const parameters = signature('ModuleList.__init__', ['self', 'modules'], 1);

/** Text with what follows its first line indented. Blank lines are, too, unlike those of other modules. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/**
 * Modules in a list, so that they are found as submodules; it has no `forward` of its own.
 * They are named '0', '1', ….
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 */
export class ModuleList<T extends Module | null = Module> extends ListOfModules<T> {
  static {
    pythonMethods(this.prototype, 'ModuleList', {
      append: ['module'],
      extend: ['modules'],
      insert: ['index', 'module'],
      pop: ['key'],
      __getitem__: ['idx'],
      __setitem__: ['idx', 'module'],
      __delitem__: ['idx'],
      __len__: [],
      __add__: ['other'],
      __iadd__: ['modules'],
    });
  }

  constructor(...args: Arguments<['modules'], [modules?: Iterable<T> | null]>) {
    const [, modules] = bind(parameters, [null, ...args]);
    super();
    if (modules !== undefined && modules !== null) this.extend(modules as Iterable<T>);
  }

  /**
   * Adds modules at the end.
   *
   * @throws TypeError for what cannot be iterated
   */
  override extend(modules: Iterable<T>): this {
    if (typeof modules?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`ModuleList.extend should be called with an iterable, but got ${typeName(modules)}`);
    }
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** A new list of the modules of both. */
  __add__(other: Iterable<T>): ModuleList<T> {
    return new ModuleList<T>([...this, ...other]);
  }

  /** The same as `extend`. */
  __iadd__(modules: Iterable<T>): this {
    return this.extend(modules);
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

  protected override sliced(positions: readonly number[]): this {
    const { constructor: made } = this as unknown as { constructor: new (modules: T[]) => ModuleList<T> };
    return new made(positions.map((position) => this.get(position))) as this;
  }
}
