/** What a folder is, found out by reading: nothing of it is loaded. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST } from './cache';
import { libraryProblem } from './elf';

const SUFFIX = process.platform === 'darwin' ? 'dylib' : 'so';

/** Path of a library of libtorch: `lib/libtorch_cpu.so` for 'torch_cpu'. */
export function libraryFile(folder: string, name: string): string {
  return join(folder, 'lib', `lib${name}.${SUFFIX}`);
}

/** A libtorch: a folder with `lib/`. */
export interface Libtorch {
  readonly folder: string;
  /** Full version, such as '2.13.0+cu130'; a header knows '2.13.0' only. */
  readonly version: string;
  /** CUDA version of the build; '' where it has CUDA but does not say which, undefined for a CPU build. */
  readonly cuda: string | undefined;
  /** Part of a Python's packages, an unpacked archive of libtorch, or an entry of the cache. */
  readonly kind: 'python' | 'archive' | 'cache';
}

/** What a look at a folder found: a libtorch, or why it is none; its version where that much is known. */
export type Inspection = { readonly libtorch: Libtorch } | { readonly problem: string; readonly version?: string };

const VERSIONS: readonly { readonly file: string; readonly pattern: RegExp }[] = [
  { file: MANIFEST, pattern: /"version": *"([^"]+)"/ },
  { file: 'version.py', pattern: /^__version__ = '([^']+)'/m },
  { file: 'build-version', pattern: /^(\S+)/ },
  { file: 'include/torch/headeronly/version.h', pattern: /#define TORCH_VERSION\s*\\?\s*"([^"]+)"/ },
  { file: 'include/torch/csrc/api/include/torch/version.h', pattern: /#define TORCH_VERSION\s*\\?\s*"([^"]+)"/ },
];

/** The first text that says the version, and the version; undefined where none does. */
function readVersion(folder: string): { file: string; text: string; version: string } | undefined {
  for (const { file, pattern } of VERSIONS) {
    let text: string;
    try {
      text = readFileSync(join(folder, file), 'utf8');
    } catch {
      continue;
    }
    const version = pattern.exec(text)?.[1];
    if (version !== undefined) return { file, text, version };
  }
  return undefined;
}

/** '13.0' of '+cu130'. */
function cudaOfTag(version: string): string | undefined {
  const digits = /\+cu(\d+)(\d)$/.exec(version);
  return digits ? `${digits[1]}.${digits[2]}` : undefined;
}

function cudaOf(text: string, version: string): string | undefined {
  return /^cuda\b.* = '([^']+)'/m.exec(text)?.[1] ?? /"cuda": *"([^"]+)"/.exec(text)?.[1] ?? cudaOfTag(version);
}

/** Libraries without which nothing runs; those of CUDA count only where the first of them is there. */
const NEEDED = ['c10', 'torch_cpu'];
const NEEDED_FOR_CUDA = ['torch_cuda', 'c10_cuda'];

/** The libraries of a libtorch in the order in which they are loaded: what needs another comes after it. */
export function librariesOf(folder: string): string[] {
  const cuda = existsSync(libraryFile(folder, 'torch_cuda')) ? ['c10_cuda', 'torch_cuda'] : [];
  return [...NEEDED, ...cuda].map((name) => libraryFile(folder, name));
}

/**
 * Looks at a folder that should hold libtorch. The folder above is understood, too: that of a Python's packages, of an unpacked
 * archive, of an entry of the cache.
 */
export function inspect(folder: string): Inspection {
  if (!existsSync(folder)) return { problem: 'does not exist' };
  const places = [folder, join(folder, 'torch'), join(folder, 'libtorch')];
  const root = places.find((place) => existsSync(libraryFile(place, 'torch_cpu')));
  const found = readVersion(folder) ?? (root === undefined ? undefined : readVersion(root));
  if (root === undefined) {
    if (found === undefined) return { problem: `is no libtorch: it has no lib/libtorch_cpu.${SUFFIX}` };
    return { problem: `is incomplete: lib/libtorch_cpu.${SUFFIX} is missing`, version: found.version };
  }
  if (found === undefined) return { problem: 'does not say its version: version.py and build-version are missing' };
  const { version } = found;
  const hasCuda = existsSync(libraryFile(root, 'torch_cuda'));
  for (const name of [...NEEDED, ...(hasCuda ? NEEDED_FOR_CUDA : [])]) {
    const problem = libraryProblem(libraryFile(root, name));
    if (problem) return { problem: `is incomplete: lib/lib${name}.${SUFFIX} ${problem}`, version };
  }
  const kind = found.file === MANIFEST ? 'cache' : found.file === 'version.py' ? 'python' : 'archive';
  return { libtorch: { folder: root, version, cuda: hasCuda ? (cudaOf(found.text, version) ?? '') : undefined, kind } };
}
