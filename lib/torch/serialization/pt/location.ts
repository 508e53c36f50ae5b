/** Where storages of a file go: `map_location`. */
import { device, Device, type DeviceLike, isMap, isPlainObject, typeName, uint8 } from '../../core';
import { handleOf, type Tensor, wrap } from '../../memory';
import { aten, pythonFunction } from '../../call';
import { native, TorchError } from '../../native';
import { bytesOfStorage, UntypedStorage } from '../../tensor';

/**
 * Where storages go: a device for all, devices by the place where they were (`{ 'cuda:1': 'cuda:0' }`), or a function of a storage on
 * the CPU and of its place, which gives the storage to take, or null for the default.
 */
export type MapLocation =
  | DeviceLike
  | Readonly<Record<string, string>>
  | ReadonlyMap<string, string>
  | ((storage: UntypedStorage, location: string) => UntypedStorage | null | undefined);

/** Moves the bytes of a storage, which are on the CPU, to where they belong. */
export type Restore = (bytes: Tensor, location: string) => Tensor;

/** The device that a file names, which has to be there. @throws TorchError in Python's words */
function existing(location: string): Device {
  const wanted = device(location);
  if (wanted.type === 'cpu' || wanted.type === 'meta') return wanted;
  const kind = wanted.type;
  const count = native.device_count(kind);
  if (count === 0) {
    throw new TorchError(
      `Attempting to deserialize object on a ${kind.toUpperCase()} device but torch.${kind}.is_available() is False. If you are ` +
        "running on a CPU-only machine, please use torch.load with map_location=torch.device('cpu') to map your storages to the CPU.",
    );
  }
  if ((wanted.index ?? 0) >= count) {
    throw new TorchError(
      `Attempting to deserialize object on ${kind.toUpperCase()} device ${wanted.index} but torch.${kind}.device_count() is ` +
        `${count}. Please use torch.load with map_location to map your storages to an existing device.`,
    );
  }
  return wanted;
}

/** Bytes at the device of this name (Python: `torch.serialization.default_restore_location`). */
function restoreDefault(bytes: Tensor, location: string): Tensor {
  const { type } = existing(location);
  if (type === 'cpu') return bytes;
  if (type === 'meta') return wrap(aten('empty.memory_format')([bytes.numel()], uint8.code, null, 'meta'));
  return bytes.to(location);
}

/** `torch.serialization.default_restore_location`. @throws TorchError where there is no such device */
export const default_restore_location = pythonFunction(
  'default_restore_location',
  ['storage', 'location'],
  (storage: UntypedStorage, location: string): UntypedStorage => {
    if (device(location).equals(storage.device)) return storage;
    return new UntypedStorage(restoreDefault(bytesOfStorage(storage), location));
  },
);

/** `torch.serialization.location_tag`: the place that `torch.save` notes for a storage, for example `cuda:0`. */
export const location_tag = pythonFunction('location_tag', ['storage'], (storage: UntypedStorage): string => {
  const { device: place } = storage;
  if (place instanceof Device) return String(place);
  // Python's AttributeError.
  throw new TypeError(`'${typeName(storage)}' object has no attribute 'device'`);
});

function restoreBy(choose: Extract<MapLocation, (...args: never[]) => unknown>): Restore {
  return (bytes, location) => {
    const chosen = choose(new UntypedStorage(bytes), location);
    if (chosen === null || chosen === undefined) return restoreDefault(bytes, location);
    if (!(chosen instanceof UntypedStorage)) {
      throw new TypeError(`map_location gave ${typeName(chosen)}, and should give a storage or null`);
    }
    const there = wrap(native.alias(handleOf(bytesOfStorage(chosen))));
    if (there.numel() === bytes.numel()) return there;
    throw new TypeError(`map_location gave a storage of ${there.numel()} bytes for one of ${bytes.numel()}`);
  };
}

/** Reads `map_location`. @throws TypeError for what is none */
export function restoreOf(map_location: MapLocation | null): Restore {
  if (map_location === null) return restoreDefault;
  if (typeof map_location === 'string' || map_location instanceof Device) {
    const wanted = String(device(map_location));
    return (bytes) => restoreDefault(bytes, wanted);
  }
  if (typeof map_location === 'function') return restoreBy(map_location);
  const places = isMap(map_location)
    ? map_location
    : isPlainObject(map_location)
      ? new Map(Object.entries(map_location))
      : undefined;
  if (places === undefined) {
    throw new TypeError(
      `torch.load(): map_location must be a device, devices by place, or a function, not ${typeName(map_location)}`,
    );
  }
  return (bytes, location) => restoreDefault(bytes, String(places.get(location) ?? location));
}
