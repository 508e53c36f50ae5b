/** Files of Python's module `pickle`. */
import { isUint8Array } from '../../core';
import { scope } from '../../memory';
import { runPickle } from '../pickle/machine';
import { toPlain } from '../pickle/plain';
import { PickleReader } from '../pickle/reader';
import type { Global } from '../pickle/values';
import { fault, reading, type Source, sourceOfBytes } from '../source';
import { type Find, globalsOf } from './globals';
import { pickledInLegacy } from './legacy';
import { LoadedStorages } from './loaded_storages';
import { explaining, type LoadPlan, namesIn } from './plan';
import { type SafeGlobal, safe_globals } from './safe_globals';

/** A pickle by itself has no storages beside it. */
function persistent(): never {
  throw fault(
    'its pickle refers to a storage, which a file of pickle.dump does not have: torch.load() reads files of torch.save',
  );
}

/** Storages go where they were saved from: to the CPU. */
const PLAN: LoadPlan = { restore: (bytes) => bytes, place: () => 'cpu', mmap: false };

/** A storage by itself, which a pickle has inside of it as a file of torch.save. */
const STORAGE: Global = {
  path: 'torch.storage._load_from_bytes',
  call([bytes]) {
    if (!isUint8Array(bytes)) throw fault('a storage has no bytes');
    return pickledInLegacy(sourceOfBytes(bytes), PLAN);
  },
};

function valueIn(source: Source): unknown {
  const names = globalsOf(new LoadedStorages(PLAN.restore, PLAN.place));
  const find: Find = (module, name) => (`${module}.${name}` === STORAGE.path ? STORAGE : names(module, name));
  return toPlain(runPickle(new PickleReader(source), { find, persistent }));
}

/**
 * Reads what Python's `pickle.dump` wrote: plain data and tensors as `torch.load` has them, NumPy's arrays as tensors. Nothing of the
 * file is run: a class or function that is not on the list of what may be named is refused, with its name and what else the file names.
 *
 * @param globals What stands for classes and functions of Python's, as for `add_safe_globals`
 * @throws UnpicklingError for a file that names what may not be loaded
 * @throws ValueError naming the file and the fault, for one that is damaged
 * @example
 * readPickle('points.pkl', [[(x: number, y: number) => ({ x, y }), 'geometry.Point']]);
 */
export function readPickle(file: string | Uint8Array, globals: readonly SafeGlobal[] = []): unknown {
  return reading('readPickle()', file, (source) =>
    safe_globals(globals, () =>
      explaining(
        () => namesIn(new PickleReader(source)),
        `The file has ${source.size} bytes.`,
        () => scope(() => valueIn(source)),
      ),
    ),
  );
}
