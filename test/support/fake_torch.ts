/** Made-up packages of libtorch, small and loadable: each library is a copy of one that the system has. */
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A library that any Linux with glibc has, and that needs nothing but the C library. */
export function systemLibrary(): Buffer {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  return readFileSync(sharedObjects.find((name) => /\/libdl\.so|\/libm\.so|\/libc\.so/.test(name))!);
}

const versionPy = (version: string): string => {
  const [, major, minor] = /\+cu(\d+)(\d)$/.exec(version) ?? [];
  const cuda = major === undefined ? 'None' : `'${major}.${minor}'`;
  return `from typing import Optional\n\n__version__ = '${version}'\ncuda: Optional[str] = ${cuda}\n`;
};

/** Files of a torch wheel, what isotorch leaves out included. */
export function torchFiles(version: string, metadata = ''): Record<string, Buffer> {
  const library = systemLibrary();
  const cuda = version.includes('+cu');
  const libraries = ['c10', 'torch_cpu', 'torch', 'torch_python', 'shm', 'torchbind_test'];
  const forCuda = cuda ? ['c10_cuda', 'torch_cuda'] : [];
  const info = `torch-${version}.dist-info`;
  return {
    ...Object.fromEntries([...libraries, ...forCuda].map((name) => [`torch/lib/lib${name}.so`, library])),
    'torch/lib/libgomp.so.1': library,
    'torch/__init__.py': Buffer.from('raise ImportError'),
    'torch/version.py': Buffer.from(versionPy(version)),
    'torch/include/torch/torch.h': Buffer.from('#pragma once\n'),
    'torch/share/cmake/Torch/TorchConfig.cmake': Buffer.from('# cmake\n'),
    'torch/bin/test_api': library,
    [`${info}/licenses/LICENSE`]: Buffer.from('a licence'),
    [`${info}/METADATA`]: Buffer.from(`Name: torch\nVersion: ${version}\n${metadata}`),
  };
}

/** Files of a wheel of NVIDIA's. */
export function nvidiaFiles(name: string, library: string): Record<string, Buffer> {
  return {
    [`nvidia/cu13/lib/${library}`]: systemLibrary(),
    [`nvidia/cu13/lib/${library.replace('.so', '.alt.so')}`]: systemLibrary(),
    'nvidia/cu13/include/header.h': Buffer.from('// none'),
    [`${name}-1.0.dist-info/License.txt`]: Buffer.from('another licence'),
  };
}

/** RECORD of the files of a wheel. */
export function recordOf(files: Record<string, Buffer>, info: string): string {
  const lines = Object.entries(files).map(([name, bytes]) => {
    const digest = createHash('sha256').update(bytes).digest('base64url');
    return `${name.includes(',') ? `"${name}"` : name},sha256=${digest},${bytes.length}`;
  });
  return `${[...lines, `${info}/RECORD,,`].join('\n')}\n`;
}

/** The same files with their RECORD. */
export function recorded(files: Record<string, Buffer>): Record<string, Buffer> {
  const info = Object.keys(files)
    .find((name) => name.includes('.dist-info/'))!
    .split('/')[0]!;
  return { ...files, [`${info}/RECORD`]: Buffer.from(recordOf(files, info)) };
}

/** How a zip file is written. */
export interface ZipWriting {
  /** With 64-bit sizes, as files above 4 GB have. */
  zip64?: boolean;
}

/** Writes a zip file. */
export async function writeZip(
  file: string,
  files: Record<string, Buffer>,
  { zip64 = false }: ZipWriting = {},
): Promise<string> {
  mkdirSync(dirname(file), { recursive: true });
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(bytes, name, { forceZip64Format: zip64 });
  zip.end({ forceZip64Format: zip64, comment: '' });
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

/** Writes a wheel of torch; `metadata` are more lines of its METADATA. */
export function torchWheel(
  folder: string,
  version: string,
  { metadata, ...writing }: ZipWriting & { metadata?: string } = {},
): Promise<string> {
  const file = join(folder, `torch-${version}-cp312-cp312-linux_x86_64.whl`);
  return writeZip(file, recorded(torchFiles(version, metadata)), writing);
}

/** PyTorch's archive for C++. */
export function libtorchZip(folder: string, version: string): Promise<string> {
  const library = systemLibrary();
  const names = [
    'c10',
    'torch_cpu',
    'torch',
    'torch_python',
    ...(version.includes('+cu') ? ['c10_cuda', 'torch_cuda'] : []),
  ];
  return writeZip(join(folder, `libtorch-${version}.zip`), {
    ...Object.fromEntries(names.map((name) => [`libtorch/lib/lib${name}.so`, library])),
    ...(version.includes('+cu') ? { 'libtorch/lib/libcudart-0123.so.13': library } : {}),
    'libtorch/build-version': Buffer.from(`${version}\n`),
    'libtorch/build-hash': Buffer.from('0123\n'),
    'libtorch/include/torch/torch.h': Buffer.from('#pragma once\n'),
  });
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Record<string, Buffer>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}
