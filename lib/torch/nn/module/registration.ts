/** Registering parameters, buffers and submodules by name. */
import { pythonFunction } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import { typename } from '../../tensor';
import { Parameter } from '../parameter/parameter';
import { checkLeaf, isModule, membersOf } from './members';
import type { Module } from './module';
import { seenByHooks } from './registration_hooks';

/** `Module.register_buffer`. */
export const registerBuffer = pythonFunction(
  'Module.register_buffer',
  ['self', 'name', 'tensor', 'persistent'],
  (self: object, name: string, tensor: Tensor | null, persistent: boolean = true): void => {
    const members = membersOf(self);
    members.checkName('buffer', name);
    if (tensor !== null && !isTensor(tensor)) {
      throw new TypeError(
        `cannot assign '${typename(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      );
    }
    members.register(name, persistent ? 'buffer' : 'unsaved buffer', seenByHooks('buffer', self, name, tensor));
  },
);

/** `Module.register_parameter`. */
export const registerParameter = pythonFunction(
  'Module.register_parameter',
  ['self', 'name', 'param'],
  (self: object, name: string, param: Parameter | null): void => {
    const members = membersOf(self);
    members.checkName('parameter', name);
    if (param !== null && !(param instanceof Parameter)) {
      throw new TypeError(
        `cannot assign '${typename(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    if (param !== null) checkLeaf(name, param);
    members.register(name, 'parameter', param === null ? null : seenByHooks('parameter', self, name, param));
  },
);

/** `Module.add_module`. */
export const addModule = pythonFunction(
  'Module.add_module',
  ['self', 'name', 'module'],
  (self: object, name: string, module: Module | null): void => {
    if (module !== null && !isModule(module)) throw new TypeError(`${typename(module)} is not a Module subclass`);
    const members = membersOf(self);
    members.checkName('module', name);
    members.register(name, 'module', seenByHooks('module', self, name, module));
  },
);
