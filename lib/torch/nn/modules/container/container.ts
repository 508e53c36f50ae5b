import { isKeywords } from '../../../call';
import { warn } from '../../../core';
import { Module } from '../../module/module';

/**
 * Modules by name, in one object; every `Module` does what it did.
 *
 * @deprecated as in Python
 */
export class Container extends Module {
  constructor(...args: [modules?: Readonly<Record<string, Module>>]) {
    super();
    warn(
      '`nn.Container` is deprecated. All of its functionality is now implemented in `nn.Module`. Subclass that instead.',
      'FutureWarning',
    );
    const [modules = {}] = args;
    if (args.length > 1 || !isKeywords(modules)) {
      throw new TypeError(`Container.__init__() takes 1 positional argument but ${args.length + 1} were given`);
    }
    for (const [name, module] of Object.entries(modules)) this.add_module(name, module);
  }
}
