/** `torch.load`: files of PyTorch, read without running anything that they say. */
import { Device, isMap, typeName } from '../../core';
import { pythonFunction } from '../../call';
import { scope } from '../../memory';
import { NotImplementedError, TorchError, ValueError } from '../../native';
import { load_file } from '../safetensors';
import { fault, reading, type Source } from '../source';
import { isTar, loadTar } from './tar';
import { loadLegacy, namedInLegacy } from './legacy';
import { type MapLocation, restoreOf } from './location';
import { isZip, loadZip, namedInZip } from './archive';
import type { LoadPlan } from './plan';

/** What `map_location` makes of the device of a tensor that is none of its storage's. */
function placeBy(map_location: MapLocation | null): (device: string) => string {
  if (map_location === null) return (device) => device;
  if (typeof map_location === 'string' || map_location instanceof Device) return () => String(map_location);
  if (typeof map_location === 'function') {
    throw new TorchError('Callable map_location not supported with _rebuild_device_tensor_from_cpu_tensor');
  }
  const places = isMap(map_location) ? map_location : new Map(Object.entries(map_location));
  return (device) => (places.get(device) as string | undefined) ?? device;
}

function loadAny(source: Source, plan: LoadPlan): unknown {
  if (isZip(source)) return loadZip(source, plan);
  if (plan.mmap) {
    throw new TorchError(
      'mmap can only be used with files saved with `torch.save(_use_new_zipfile_serialization=True)`, please torch.save your ' +
        'checkpoint with this option in order to use mmap.',
    );
  }
  if (source.size === 0) throw fault('it is empty');
  return isTar(source) ? loadTar(source, plan) : loadLegacy(source, plan);
}

/**
 * Reads what `torch.save` wrote, here or in Python: the zip format, and those from before PyTorch 1.6.
 *
 * The result is plain data and tensors. Nothing of the file is run: a class or function that is not on the list of what may be
 * named is refused, with its name and what else the file names. A list is an array, a tuple a frozen array, a dict an object where
 * that can tell its keys and their order, else a Map.
 *
 * @param map_location Where storages go. Default: where they were.
 * @param weights_only Only true: files are never run here.
 * @param mmap Maps the file instead of reading it: tensors are read from the disk when they are used.
 * @throws UnpicklingError for a file that names what may not be loaded
 * @throws ValueError naming the file and the fault, for one that is damaged
 * @see https://docs.pytorch.org/docs/stable/generated/torch.load.html
 * @example
 * net.load_state_dict(torch.load('net.pt', { map_location: 'cpu' }));
 */
export const load = pythonFunction(
  'load',
  ['f', 'map_location{}', 'pickle_module', '*', 'weights_only', 'mmap'],
  (
    f: string | Uint8Array,
    map_location: MapLocation | null = null,
    pickle_module: null = null,
    weights_only: boolean | null = true,
    mmap: boolean | null = false,
  ): unknown => {
    if (weights_only === false) {
      throw new NotImplementedError(
        'torch.load(): weights_only=False would run what the file says, which is Python; files are read with weights_only=True',
      );
    }
    if (pickle_module !== null) {
      throw new TorchError('Can not safely load weights when explicit pickle_module is specified');
    }
    const restore = restoreOf(map_location);
    if (mmap === true && typeof f !== 'string') {
      throw new ValueError('f must be a file path in order to use the mmap argument');
    }
    if (typeof f === 'string' && f.endsWith('.safetensors')) return loadSafetensors(f, map_location);
    const plan: LoadPlan = { restore, place: (device) => placeBy(map_location)(device), mmap: mmap === true };
    return reading('torch.load()', f, (source) => scope(() => loadAny(source, plan)));
  },
);

function loadSafetensors(path: string, map_location: MapLocation | null): unknown {
  if (map_location === null || typeof map_location === 'string' || map_location instanceof Device) {
    return load_file(path, map_location ?? 'cpu');
  }
  throw new TorchError(
    `Loading safetensors file with ${typeName(map_location)} map_location is not supported. Use a device string or torch.device instead.`,
  );
}

/**
 * Names of the classes and functions in a file that `torch.load` refuses.
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html#torch.serialization.get_unsafe_globals_in_checkpoint
 */
export const get_unsafe_globals_in_checkpoint = pythonFunction(
  'get_unsafe_globals_in_checkpoint',
  ['f'],
  (f: string | Uint8Array): string[] =>
    reading('get_unsafe_globals_in_checkpoint()', f, (source) => {
      if (isZip(source)) return namedInZip(source).unsafe;
      return namedInLegacy(source).unsafe;
    }),
);
