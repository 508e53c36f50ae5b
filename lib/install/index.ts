/** Filling the cache with libtorch: `isotorch install` and `isotorch bundle`. */
export { type Bundle, type BundleOptions, makeBundle } from './bundle';
export { shownBytes } from './disk';
export { adviceFor, type Driver, driverProblem, findDriver, type Gpu } from './driver';
export { removeParts } from './entry';
export { InstallFailure } from './failure';
export { type Installed, type InstallOptions, install } from './install';
export { entryProblem } from './manifest';
