/** Which libtorch runs, and which addon. Depends on Node alone: the loader is here before anything of torch is. */
export { type Addon, addonFor, cudaAddonBeside, findAddons, prebuildsFolder } from './addons';
export {
  cacheEntries,
  cacheFolder,
  DEFAULT_FILE,
  entryFolder,
  MANIFEST,
  type Manifest,
  PART,
  readManifest,
} from './cache';
export type { Candidate, Source } from './candidates';
export { type Choice, type Survey, survey } from './choice';
export { libraryProblem } from './elf';
export { type Inspection, inspect, type Libtorch, librariesOf, libraryFile } from './inspect';
export { choose, openLibraries, openLibtorch, refusal } from './load';
export { type Machine, machineProblem, type Served, servedBy, thisMachine } from './platform';
export { type Decoy, decoys, isSameFolder, loadedFolders } from './present';
export { type PythonTorch, pythonTorches } from './python';
export { DEFAULT_VERSION, isSupported, MINORS, type Minor, minorOf, RANGE } from './table';
export { candidateLine, decoyLines } from './words';
