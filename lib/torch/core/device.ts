/** Devices (`torch.device`): where a tensor lives. */
import { nameType } from './python_name';
import { TorchError } from '../native';
import { ours, refuseUsers } from './ours';

/** libtorch's device types, in the order its error message lists them. */
const TYPES = [
  'cpu',
  'cuda',
  'ipu',
  'xpu',
  'mkldnn',
  'opengl',
  'opencl',
  'ideep',
  'hip',
  've',
  'fpga',
  'maia',
  'xla',
  'lazy',
  'vulkan',
  'mps',
  'meta',
  'hpu',
  'mtia',
  'privateuseone',
];

/** A kind of device and, where there are several of the kind, which one. */
export class Device {
  static {
    nameType(this.prototype, 'torch.device');
  }

  /** @internal Made by `device()`. */
  constructor(
    /** Kind of device: `cpu`, `cuda`, `meta`, … */
    readonly type: string,
    /** Number among its kind; null for the current one. */
    readonly index: number | null,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.Device', "torch.device('cuda:0') makes them");
  }

  /** `cuda:0`, as Python's `str(device)`. */
  toString(): string {
    return this.index === null ? this.type : `${this.type}:${this.index}`;
  }

  /** What `console.log` shows: `device(type='cuda', index=0)`, as Python's `repr(device)`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `device(type='${this.type}'${this.index === null ? '' : `, index=${this.index}`})`;
  }

  /** Whether both name the same device, as Python's `==`. */
  equals(other: DeviceLike): boolean {
    return this.toString() === String(other);
  }
}

/** Any `device` argument: a Device or its name, for example `'cpu'` or `'cuda:1'`. */
export type DeviceLike = Device | string;

/**
 * A device from its name (`'cuda:1'`), or from a kind and an index (`'cuda', 1`).
 *
 * Whether the device exists is found out when it is used, as in Python. A name that names no kind of device
 * is a TorchError.
 */
export function device(spec: DeviceLike, index?: number): Device {
  if (spec instanceof Device) return spec;
  if (typeof spec !== 'string') {
    throw new TypeError(`device(): argument 'device' must be a string or a Device, not ${typeof spec}`);
  }
  if (spec === '') throw new TorchError('Device string must not be empty');
  const match = /^([a-zA-Z_]+)(?::(0|[1-9][0-9]*))?$/.exec(spec);
  const type = match?.[1];
  if (type === undefined) throw new TorchError(`Invalid device string: '${spec}'`);
  if (!TYPES.includes(type)) {
    throw new TorchError(`Expected one of ${TYPES.join(', ')} device type at start of device string: ${type}`);
  }
  const suffix = match?.[2];
  if (index === undefined) return new Device(type, suffix === undefined ? null : Number(suffix), ours);
  if (suffix !== undefined) {
    throw new TorchError(`type (string) must not include an index because index was passed explicitly: ${spec}`);
  }
  if (!Number.isInteger(index) || index < 0) {
    throw new TorchError(`Device index must be an integer that is not negative, not ${index}`);
  }
  return new Device(type, index, ours);
}
