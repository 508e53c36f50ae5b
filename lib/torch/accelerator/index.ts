/** Accelerators, for other rooms. */
export { device_count, is_available, set_stream, synchronize } from './accelerator';
export { deviceIndex, type DeviceModule, deviceModule, type DeviceOfKind, requireDevice } from './device_module';
export { modules } from './devices';
export { capturing } from './graph';
export { empty_cache, empty_host_cache, figuresOf, memory_stats } from './memory';
export { Event, Stream } from './stream';
