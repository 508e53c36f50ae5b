/** What a file of tensors is: a snapshot of ours, PyTorch's, safetensors, NumPy's. Nothing of it is run. */
import { readSync, closeSync, openSync, statSync } from 'node:fs';
import {
  get_unsafe_globals_in_checkpoint,
  load,
  load_npy,
  load_npz,
  readSafetensors,
  type SafeGlobal,
  safe_globals,
  UnpicklingError,
} from 'isotorch/serialization';
import { RunFailure } from '../../train';
import { UserError } from '../user_error';
import { type Contents, contentsOf, PythonObject } from './contents';

/** A file. */
export interface FileInfo extends Contents {
  file: string;
  bytes: number;
  kind: string;
  /** Of a snapshot of ours. */
  snapshot?: SnapshotInfo;
  /** Texts of a safetensors file. */
  metadata?: Record<string, string>;
}

/** A snapshot of ours. */
export interface SnapshotInfo {
  /** Undefined where it is no session's, but of a program. */
  recipe: string | undefined;
  counters: Record<string, unknown>;
  /** Names of what has a state. */
  objects: string[];
  /** Random streams, by name. */
  random: string[];
}

const ZIP = 'PK';

function firstBytes(file: string): Buffer {
  const bytes = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(handle, bytes));
  } finally {
    closeSync(handle);
  }
}

/** Reads a file of PyTorch. Classes that only Python knows become their names. */
function loadNaming(file: string): unknown {
  const named = get_unsafe_globals_in_checkpoint(file);
  const stand = named.map((path): SafeGlobal => [(...args: unknown[]) => new PythonObject(path, args), path]);
  return safe_globals(stand, () => load(file, { map_location: 'cpu' }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a value as a snapshot of ours; undefined where it is none. */
function snapshotOf(value: unknown): SnapshotInfo | undefined {
  if (!isRecord(value) || value.isotorch_checkpoint === undefined) return undefined;
  const { objects, counters, random } = value;
  if (!isRecord(objects) || !isRecord(counters) || !isRecord(random)) return undefined;
  const { belongs } = objects;
  const torch = isRecord(random.torch) ? Object.keys(random.torch).map((device) => `torch (${device})`) : [];
  return {
    recipe: isRecord(belongs) && typeof belongs.recipe === 'string' ? belongs.recipe : undefined,
    counters,
    objects: Object.keys(objects).filter((name) => name !== 'belongs'),
    random: [...torch, ...Object.keys(random).filter((name) => name !== 'torch')],
  };
}

function pytorchInfo(file: string, isZip: boolean): Omit<FileInfo, 'file' | 'bytes'> {
  const value = loadNaming(file);
  const snapshot = snapshotOf(value);
  if (snapshot === undefined) {
    return { kind: isZip ? 'file of torch.save' : 'file of torch.save from before PyTorch 1.6', ...contentsOf(value) };
  }
  const kind = snapshot.recipe === undefined ? 'training checkpoint' : `snapshot of the recipe ${snapshot.recipe}`;
  return { kind, snapshot, ...contentsOf((value as { objects: unknown }).objects) };
}

function read(file: string): Omit<FileInfo, 'file' | 'bytes'> {
  const start = firstBytes(file).toString('latin1');
  if (start.startsWith('\x93NUMPY')) return { kind: 'array of NumPy', ...contentsOf({ array: load_npy(file) }) };
  if (file.endsWith('.npz')) return { kind: 'arrays of NumPy', ...contentsOf(load_npz(file)) };
  if (file.endsWith('.safetensors') || start[8] === '{') {
    const { tensors, metadata } = readSafetensors(file);
    return { kind: 'safetensors', ...contentsOf(tensors), metadata };
  }
  return pytorchInfo(file, start.startsWith(ZIP));
}

/**
 * Reads what a file is.
 *
 * @throws UserError where there is no file
 * @throws RunFailure where it is damaged, or of another kind
 */
export function fileInfo(file: string): FileInfo {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`${file} does not exist.`);
  if (!found.isFile()) throw new UserError(`${file} is neither a file nor a run folder.`);
  try {
    return { file, bytes: found.size, ...read(file) };
  } catch (cause) {
    // Which function it was does not matter here.
    const message = (cause as Error).message.replace(/^(safetensors|[\w.]+\(\)): /, '');
    if (/TorchScript archive/.test(message)) {
      return {
        file,
        bytes: found.size,
        kind: 'TorchScript program: torch.jit.load reads it',
        ...contentsOf(undefined),
      };
    }
    const reason = cause instanceof UnpicklingError ? `${message} Nothing of it was run.` : message;
    throw new RunFailure(reason.includes(file) ? reason : `${file}: ${reason}`, { cause });
  }
}
