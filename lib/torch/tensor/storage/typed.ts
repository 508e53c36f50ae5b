/** `torch.TypedStorage` and its old names `torch.FloatStorage`, …: a storage whose elements have a dtype. */
import { TorchError } from '../../native';
import {
  type Device,
  type DeviceLike,
  type Dtype,
  dtypes,
  type Element,
  floatRepr,
  isScalar,
  oldName,
  type Scalar,
  typeName,
  valueText,
} from '../../core';
import { tensor } from '../creation/tensor';
import { get_default_dtype, isKeywords, pythonMethods, readOptions } from '../../call';
import { handleOf, type Tensor } from '../../memory';
import {
  bytesOfStorage,
  type CudaArguments,
  noConversion,
  position,
  type TypeArguments,
  UntypedStorage,
  viewOfStorage,
  storagesStayInTheirThread,
} from './untyped';

/** Dtypes that quantized elements are read and written as. */
const PLAIN = new Map<Dtype, Dtype>([
  [dtypes.quint8, dtypes.uint8],
  [dtypes.quint4x2, dtypes.uint8],
  [dtypes.quint2x4, dtypes.uint8],
  [dtypes.qint8, dtypes.int8],
  [dtypes.qint32, dtypes.int32],
]);

/** Options of `new torch.TypedStorage()`. */
export interface TypedStorageOptions {
  /** Element type; the default dtype if left out. */
  dtype?: Dtype;
  device?: DeviceLike;
  /** The bytes, instead of new ones. */
  wrap_storage?: UntypedStorage;
}

/** Names of `TypedStorageOptions`. */
export const OPTIONS = ['dtype', 'device', 'wrap_storage'];

/** Ways to make one, as Python lists them. */
const FORMS = [
  '(*, torch.device device, torch.dtype dtype)',
  '(int size, *, torch.device device, torch.dtype dtype)',
  '(Sequence data, *, torch.device device, torch.dtype dtype)',
  '(*, UntypedStorage wrap_storage, torch.dtype dtype)',
];

/** What Python says where no form fits, and why. */
export function wrong(caller: string, forms: readonly string[], why: string): TorchError {
  const lines = forms.map((form) => ` * ${form}\n`).join('');
  return new TorchError(`${caller} received an invalid combination of arguments. Expected one of:\n${lines}${why}`);
}

/** An element as Python's `str` writes it. */
function elementText(item: Element, dtype: Dtype): string {
  return typeof item === 'number' && dtype.is_floating_point ? floatRepr(item) : valueText(item);
}

function make(source: number | readonly Scalar[], dtype: Dtype, device: DeviceLike | undefined): UntypedStorage {
  if (typeof source === 'number' && Number.isInteger(source)) {
    return new UntypedStorage(source * dtype.itemsize, device === undefined ? {} : { device });
  }
  if (!Array.isArray(source)) {
    throw new TorchError(`TypedStorage(): expected a size or a list of elements, not ${typeName(source)}`);
  }
  const where = device === undefined ? {} : { device };
  using data = tensor(source as Element[], { dtype: PLAIN.get(dtype) ?? dtype, ...where });
  return new UntypedStorage(data);
}

/**
 * A storage with a dtype. Python calls it deprecated; `torch.UntypedStorage` is what stays.
 * @see https://docs.pytorch.org/docs/stable/storage.html
 */
export class TypedStorage {
  static {
    pythonMethods(this.prototype, 'TypedStorage', {
      fill_: ['value'],
      copy_: ['source', 'non_blocking'],
      resize_: ['size'],
      to: ['*', 'device', 'non_blocking'],
      cuda: ['device', 'non_blocking'],
      type: ['dtype', 'non_blocking'],
      ...Object.fromEntries(
        [
          ...[
            'size',
            'nbytes',
            'element_size',
            'get_device',
            'data_ptr',
            'is_shared',
            'resizable',
            'tolist',
            'clone',
            'cpu',
          ],
          ...[
            'untyped',
            'bfloat16',
            'bool',
            'byte',
            'char',
            'complex_double',
            'complex_float',
            'double',
            'float',
            'half',
          ],
          ...['int', 'long', 'short'],
        ].map((name) => [name, []]),
      ),
    });
  }

  /** Element type. */
  readonly dtype: Dtype;
  readonly #untyped: UntypedStorage;
  /** Makes posting a storage to another thread an error. */
  protected readonly stays = storagesStayInTheirThread;

  constructor(source: number | readonly Scalar[], options?: TypedStorageOptions);
  constructor(options?: TypedStorageOptions);
  constructor(...args: unknown[]) {
    const last = args[args.length - 1];
    const options = readOptions('TypedStorage.__new__', (isKeywords(last) ? last : {}) as TypedStorageOptions, OPTIONS);
    const [source = 0, ...more] = (isKeywords(last) ? args.slice(0, -1) : args) as [number | readonly Scalar[]];
    if (more.length > 0) throw wrong('TypedStorage.__init__', FORMS, 'Too many positional arguments');
    this.dtype = options.dtype ?? get_default_dtype();
    this.#untyped = options.wrap_storage ?? make(source, this.dtype, options.device);
  }

  #view(): Tensor {
    return viewOfStorage(
      handleOf(bytesOfStorage(this.#untyped)),
      (PLAIN.get(this.dtype) ?? this.dtype).code,
      this.length,
    );
  }

  /** The value in one line, which those who compare objects look at. */
  get [Symbol.toStringTag](): string {
    return #untyped in this ? `TypedStorage ${this.dtype.name} ${this.#untyped[Symbol.toStringTag]}` : 'TypedStorage';
  }

  /** @throws TypeError in the words of Python's `json.dumps` */
  toJSON(): never {
    throw new TypeError('Object of type TypedStorage is not JSON serializable: write storage.tolist()');
  }

  /** Number of elements. */
  get length(): number {
    return Math.floor(this.#untyped.length / this.dtype.itemsize);
  }

  /** Number of elements. */
  size(): number {
    return this.length;
  }

  /** Number of bytes. */
  nbytes(): number {
    return this.#untyped.nbytes();
  }

  /** Bytes of one element. */
  element_size(): number {
    return this.dtype.itemsize;
  }

  /** Device of the elements. */
  get device(): Device {
    return this.#untyped.device;
  }

  /** Number of the device; -1 on the CPU. */
  get_device(): number {
    return this.#untyped.get_device();
  }

  /** Whether the elements are on a CUDA device. */
  get is_cuda(): boolean {
    return this.#untyped.is_cuda;
  }

  /** False: the layouts of sparse tensors have no single storage. */
  get is_sparse(): boolean {
    return false;
  }

  /** Address of the first element. */
  data_ptr(): bigint {
    return this.#untyped.data_ptr();
  }

  /** Whether other processes see the memory: not from here. */
  is_shared(): boolean {
    return this.#untyped.is_shared();
  }

  /** Whether `resize_` works. */
  resizable(): boolean {
    return this.#untyped.resizable();
  }

  /** One element. Python: `storage[index]`. */
  get(index: number): Element {
    const at = position(index, this.length);
    using view = this.#view();
    using item = view.narrow(0, at, 1);
    return item.item();
  }

  /** Sets one element. Python: `storage[index] = value`. */
  set(index: number, value: Scalar): void {
    const at = position(index, this.length);
    this.#checkElement(value);
    using view = this.#view();
    using item = view.narrow(0, at, 1);
    item.fill_(value);
  }

  #checkElement(value: unknown): void {
    if (isScalar(value)) return;
    throw new TypeError(`can't assign a ${typeName(value)} to a ${oldName(this.dtype, 'Tensor')}`);
  }

  /** All elements. */
  tolist(): Element[] {
    using view = this.#view();
    return view.tolist() as Element[];
  }

  /** Iterates over the elements. */
  [Symbol.iterator](): IterableIterator<Element> {
    return this.tolist().values();
  }

  /** Sets every element. */
  fill_(value: Scalar): this {
    this.#checkElement(value);
    using view = this.#view();
    view.fill_(value);
    return this;
  }

  /** Copies the other storage's bytes, of which there must be as many, whatever its dtype. */
  copy_(source: TypedStorage | UntypedStorage, non_blocking: boolean | null = null): this {
    this.#untyped.copy_(source instanceof TypedStorage ? source.untyped() : source, non_blocking);
    return this;
  }

  /** Makes the storage longer; see `UntypedStorage.resize_`. Returns nothing, as in Python. */
  resize_(size: number): void {
    this.#untyped.resize_(size * this.dtype.itemsize);
  }

  /** A new storage with a copy of the elements. */
  clone(): TypedStorage {
    return new TypedStorage(0, { dtype: this.dtype, wrap_storage: this.#untyped.clone() });
  }

  /** The elements on a device: this storage if they are there, else a copy. */
  to(...args: Parameters<UntypedStorage['to']>): TypedStorage;
  to(device: unknown, non_blocking: unknown = false): TypedStorage {
    const there = this.#untyped.to({ device: device as DeviceLike, non_blocking: non_blocking === true });
    return there === this.#untyped ? this : new TypedStorage(0, { dtype: this.dtype, wrap_storage: there });
  }

  /** The elements on the CPU. */
  cpu(): TypedStorage {
    return this.to({ device: 'cpu' });
  }

  /** The elements on the CUDA device. */
  cuda(...args: CudaArguments): TypedStorage;
  cuda(device: DeviceLike | null = null, non_blocking = false): TypedStorage {
    return this.to({ device: device ?? 'cuda', non_blocking });
  }

  /** The same memory, as bytes. */
  untyped(): UntypedStorage {
    return this.#untyped;
  }

  /** For example `torch.FloatStorage`. */
  type(...args: TypeArguments): string;
  type(dtype: unknown = null, _non_blocking: unknown = false): string {
    if (dtype !== null) throw noConversion(dtype);
    return oldName(this.dtype, 'Storage', this.device);
  }

  /** The elements converted to another dtype, in a new storage. */
  #converted(dtype: Dtype): TypedStorage {
    using view = this.#view();
    using converted = view.to(dtype, { copy: true });
    return new TypedStorage(0, { dtype, wrap_storage: new UntypedStorage(converted) });
  }

  bfloat16(): TypedStorage {
    return this.#converted(dtypes.bfloat16);
  }

  bool(): TypedStorage {
    return this.#converted(dtypes.bool);
  }

  byte(): TypedStorage {
    return this.#converted(dtypes.uint8);
  }

  char(): TypedStorage {
    return this.#converted(dtypes.int8);
  }

  complex_double(): TypedStorage {
    return this.#converted(dtypes.complex128);
  }

  complex_float(): TypedStorage {
    return this.#converted(dtypes.complex64);
  }

  double(): TypedStorage {
    return this.#converted(dtypes.float64);
  }

  float(): TypedStorage {
    return this.#converted(dtypes.float32);
  }

  half(): TypedStorage {
    return this.#converted(dtypes.float16);
  }

  int(): TypedStorage {
    return this.#converted(dtypes.int32);
  }

  long(): TypedStorage {
    return this.#converted(dtypes.int64);
  }

  short(): TypedStorage {
    return this.#converted(dtypes.int16);
  }

  /** Elements and size, as Python prints them. */
  toString(): string {
    const title = `[torch.storage.TypedStorage(dtype=${this.dtype}, device=${this.device}) of size ${this.length}]`;
    if (this.device.type === 'meta') return `...\n${title}`;
    return `${
      this.tolist()
        .map((item) => ` ${elementText(item, this.dtype)}`)
        .join('\n') || ' '
    }\n${title}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
