/** Arrays of NumPy in files: `.npy`, and `.npz` for several by name. */
import { pythonFunction } from '../../call';
import { entriesOf, numelOf, strided, typeName } from '../../core';
import { empty } from '../../generated/functions';
import { handleOf, isTensor, scope, type Tensor, wrap } from '../../memory';
import { native, ValueError } from '../../native';
import { eachWindow, fillStorage } from '../lending';
import { fault, reading, type Source, sourceOfBytes } from '../source';
import { type Target, type Write, writing } from '../sink';
import { ZipReader } from '../zip/reader';
import { ZipWriter } from '../zip/writer';
import { inOrder, shapeInMemory } from './array';
import { descrOf, swap } from './descr';
import { headerOf, readHeader } from './header';

function readArray(source: Source): Tensor {
  const layout = readHeader(source);
  const size = numelOf(layout.shape) * layout.dtype.itemsize;
  const tensor = empty(shapeInMemory(layout), { dtype: layout.dtype, device: 'cpu' });
  fillStorage(tensor, size, source, layout.start);
  if (layout.swapped > 0) eachWindow(tensor, size, (window) => swap(window, layout.swapped));
  return inOrder(tensor, layout);
}

/** An array that is written: its header, and a tensor whose storage has its bytes. */
interface Plan {
  header: Uint8Array;
  bytes: Tensor;
  size: number;
}

/** Whether the elements lie in memory with the first index changing fastest, and not also with the last one. */
function isFortran(tensor: Tensor): boolean {
  const axes = [...tensor.shape.keys()].reverse();
  return tensor.ndim > 1 && !tensor.is_contiguous() && tensor.permute(axes).is_contiguous();
}

function planOf(caller: string, label: string, given: unknown): Plan {
  if (!isTensor(given)) throw new TypeError(`${caller}: ${label} must be a Tensor, not ${typeName(given)}`);
  const tensor = wrap(native.alias(handleOf(given as Tensor)));
  if (tensor.is_nested || tensor.layout !== strided) {
    throw new TypeError(`${caller}: ${label} is not strided, which NumPy does not have; save x.to_dense()`);
  }
  if (tensor.is_meta) throw new ValueError(`${caller}: ${label} is on device meta: it has no data`);
  const descr = descrOf(tensor.dtype);
  if (descr === undefined)
    throw new TypeError(`${caller}: ${label} is ${tensor.dtype}, which NumPy does not have; save x.float()`);
  const plain = tensor.cpu().resolve_conj().resolve_neg();
  const fortran = isFortran(plain);
  const inMemory = fortran ? plain.permute([...plain.shape.keys()].reverse()) : plain;
  // A storage of its own, in the elements' order.
  const bytes =
    inMemory.is_contiguous() && inMemory.nbytes === native.storage_nbytes(handleOf(inMemory))
      ? inMemory
      : inMemory.clone().contiguous();
  return { header: headerOf(descr, { fortran, shape: tensor.shape }), bytes, size: tensor.nbytes };
}

function writeArray(write: Write, { header, bytes, size }: Plan): void {
  write(header);
  eachWindow(bytes, size, write);
}

/**
 * Reads a .npy file as `torch.from_numpy(numpy.load(f))` does: elements of every width, in either order of bytes and of indices.
 *
 * @throws ValueError naming the file and the fault
 */
export const load_npy = pythonFunction(
  'load_npy',
  ['f'],
  (f: string | Uint8Array): Tensor => reading('load_npy()', f, (source) => scope(() => readArray(source))),
);

/**
 * Writes a tensor as `numpy.save(f, x.numpy())` does, byte for byte.
 *
 * @throws TypeError for a tensor that NumPy does not have, such as one of bfloat16
 */
export const save_npy = pythonFunction('save_npy', ['f{}', 'arr'], (f: Target, arr: Tensor): void =>
  scope(() => {
    const plan = planOf('save_npy()', 'arr', arr);
    writing('save_npy()', f, (write) => writeArray(write, plan));
  }),
);

/**
 * Reads the arrays of a .npz file, by name.
 *
 * @throws ValueError naming the file, the array and the fault
 */
export const load_npz = pythonFunction(
  'load_npz',
  ['f'],
  (f: string | Uint8Array): Record<string, Tensor> =>
    reading('load_npz()', f, (source) =>
      scope(() => {
        const zip = new ZipReader(source);
        const tensors = Object.create(null) as Record<string, Tensor>;
        for (const entry of zip.entries.values()) {
          if (!entry.name.endsWith('.npy')) throw fault(`its entry '${entry.name}' is no array`);
          const name = entry.name.slice(0, -'.npy'.length);
          try {
            tensors[name] = readArray(sourceOfBytes(zip.read(entry)));
          } catch (error) {
            if (error instanceof ValueError && !error.message.includes('entry '))
              error.message = `array '${name}': ${error.message}`;
            throw error;
          }
        }
        return tensors;
      }),
    ),
);

/**
 * Writes tensors by name as `numpy.savez(f, **tensors)` does, or, with `compressed`, as `numpy.savez_compressed`.
 *
 * @throws TypeError naming the tensor that NumPy does not have
 */
export const save_npz = pythonFunction(
  'save_npz',
  ['f{}', 'tensors{}', '*', 'compressed'],
  (
    f: Target,
    tensors: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
    compressed: boolean = false,
  ): void =>
    scope(() => {
      const entries = entriesOf(tensors);
      if (entries === undefined) throw new TypeError(`save_npz(): expected tensors by name, not ${typeName(tensors)}`);
      const plans = entries.map(([name, tensor]): [string, Plan] => [name, planOf('save_npz()', `'${name}'`, tensor)]);
      writing('save_npz()', f, (write) => {
        const zip = new ZipWriter(write);
        for (const [name, plan] of plans) addArray(zip, `${name}.npy`, plan, compressed);
        zip.end();
      });
    }),
);

function addArray(zip: ZipWriter, name: string, plan: Plan, compressed: boolean): void {
  if (!compressed) {
    zip.addStream(name, plan.header.length + plan.size, (write) => writeArray(write, plan));
    return;
  }
  const parts: Uint8Array[] = [];
  writeArray((bytes) => parts.push(bytes.slice()), plan);
  zip.add(name, Buffer.concat(parts), true);
}
