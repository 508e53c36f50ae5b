/** `torch.jit.load` and `torch.jit.save`. */
import { pythonFunction } from '../call';
import { device, type DeviceLike, typeName } from '../core';
import { native, NotImplementedError, ValueError } from '../native';
import { writeAtomically } from '../serialization';
import { reading, type Source, ZipReader } from '../serialization/inside';
import { makeModule, RecursiveScriptModule } from './script_module';

/** A file's path, or its bytes. */
export type FileLike = string | Uint8Array;

/** Entries that other archives have, and who reads those. */
const OTHERS = [
  ['models/', 'it is a program of torch.export: torch.export.load reads those'],
  ['data.pkl', 'it is an archive of torch.save: torch.load reads those'],
] as const;

/** Looks at a whole archive before libtorch does, which takes what it holds on trust. */
function check(source: Source): void {
  const zip = new ZipReader(source);
  const names = [...zip.entries.keys()];
  const below = (name: string): string => name.slice(name.indexOf('/') + 1);
  if (!names.some((name) => below(name) === 'constants.pkl')) {
    const other = OTHERS.find(([begin]) => names.some((name) => below(name).startsWith(begin)));
    throw new ValueError(other?.[1] ?? "it is a zip archive, but none of TorchScript: it has no entry 'constants.pkl'");
  }
  for (const entry of zip.entries.values()) zip.read(entry);
}

/**
 * Reads a module that Python's `torch.jit.save` wrote. Its methods run in libtorch's own interpreter, which knows tensors,
 * numbers, texts, lists and dictionaries, and neither files nor Python.
 *
 * `map_location` is the device of the tensors. `_extra_files` names texts saved beside the module, and gets them.
 *
 * @throws ValueError that names the file and what is wrong with it
 * @see https://docs.pytorch.org/docs/stable/generated/torch.jit.load.html
 */
export const load = pythonFunction(
  'load',
  ['f', 'map_location', '_extra_files{}', '_restore_shapes'],
  (
    f: FileLike,
    map_location: DeviceLike | null = null,
    _extra_files: Record<string, string> | null = null,
    _restore_shapes: boolean = false,
  ): RecursiveScriptModule => {
    if (_restore_shapes) {
      throw new NotImplementedError('torch.jit.load(): _restore_shapes=True is for compilers, and there is none here');
    }
    const where = map_location === null ? null : String(device(map_location));
    return reading('torch.jit.load', f, (source) => {
      check(source);
      const [external, extra] = native.jit_load(f, where, Object.keys(_extra_files ?? {}));
      for (const [file, text] of extra) if (_extra_files !== null) _extra_files[file] = text;
      return makeModule(external);
    });
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
