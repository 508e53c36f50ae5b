/** `torch.jit.load` and `torch.jit.save`. */
import { pythonFunction } from '../call';
import { device, type DeviceLike, typeName } from '../core';
import { native, TorchError } from '../native';
import { writeAtomically } from '../serialization';
import { makeModule, RecursiveScriptModule } from './script_module';

/** A file's path, or its bytes. */
export type FileLike = string | Uint8Array;

/**
 * Reads a module that Python's `torch.jit.save` wrote. Its methods run in libtorch's own interpreter, which knows tensors,
 * numbers, texts, lists and dictionaries, and neither files nor Python.
 *
 * `map_location` is the device of the tensors. `_extra_files` names texts saved beside the module, and gets them.
 *
 * @throws TorchError that names the file, for what is no TorchScript
 * @see https://docs.pytorch.org/docs/stable/generated/torch.jit.load.html
 */
export const load = pythonFunction(
  'load',
  ['f', 'map_location', '_extra_files{}'],
  (
    f: FileLike,
    map_location: DeviceLike | null = null,
    _extra_files: Record<string, string> | null = null,
  ): RecursiveScriptModule => {
    if (typeof f !== 'string' && !(f instanceof Uint8Array)) {
      throw new TypeError(`torch.jit.load(): argument 'f' must be a path or bytes, not ${typeName(f)}`);
    }
    const name = typeof f === 'string' ? f : 'the given bytes';
    const where = map_location === null ? null : String(device(map_location));
    try {
      const [external, extra] = native.jit_load(f, where, Object.keys(_extra_files ?? {}));
      for (const [file, text] of extra) if (_extra_files !== null) _extra_files[file] = text;
      return makeModule(external);
    } catch (error) {
      if (!(error instanceof TorchError)) throw error;
      throw new TorchError(`torch.jit.load: ${name}: ${error.message}`, { cause: error });
    }
  },
);

/**
 * Writes a module of TorchScript to a file, whole or not at all; Python's `torch.jit.load` reads it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.jit.save.html
 */
export const save = pythonFunction(
  'save',
  ['m', 'f', '_extra_files{}'],
  (m: RecursiveScriptModule, f: string, _extra_files: Record<string, string> | null = null): void => {
    if (!(m instanceof RecursiveScriptModule)) {
      throw new TypeError(
        `torch.jit.save(): argument 'm' must be a module that torch.jit.load gave, not ${typeName(m)}`,
      );
    }
    writeAtomically(f, [m.bytes(Object.entries(_extra_files ?? {}))]);
  },
);
