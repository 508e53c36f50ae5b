// Bytes that are gone, too few or too many.
import * as torch from 'isotorch';
import { native } from '../../../../dist/torch/inside.js';
import { handleOf } from '../../../../dist/torch/inside.js';
import { detached, t } from './given.mjs';

/** @type {import('./index.mjs').Row[]} */
export const buffers = [
  ['a detached typed array as data', () => torch.tensor(detached(new Float32Array(4))), 'TypeError', /detached/],
  [
    'a detached buffer in frombuffer',
    () => torch.frombuffer(detached(new Uint8Array(8)), { dtype: torch.float32 }),
    'TypeError',
    /detached/,
  ],
  [
    'frombuffer of an odd length',
    () => torch.frombuffer(new Uint8Array(7), { dtype: torch.float32 }),
    'ValueError|TorchError',
    /./,
  ],
  [
    'native: a detached array',
    () => native.from_bytes(detached(new Float32Array(4)), [4], 6),
    'TypeError',
    /not detached/,
  ],
  [
    'native: too few bytes',
    () => native.from_bytes(new Uint8Array(8), [4], 6),
    'TorchError',
    /expected 16 bytes .* got 8/,
  ],
  [
    'native: too many bytes',
    () => native.from_bytes(new Uint8Array(80), [4], 6),
    'TorchError',
    /expected 16 bytes .* got 80/,
  ],
  ['native: bytes for a huge shape', () => native.from_bytes(new Uint8Array(8), [2 ** 50], 6), 'OutOfMemoryError', /./],
  ['native: bytes that are no bytes', () => native.from_bytes([1, 2], [2], 6), 'TypeError', /typed array/],
  [
    'native: bytes of a dtype that does not exist',
    () => native.from_bytes(new Uint8Array(4), [1], 1000),
    'TypeError',
    /dtype/,
  ],
  [
    'native: copy_bytes_ of the wrong size',
    () => native.copy_bytes_(handleOf(t()), new Uint8Array(3)),
    'TorchError',
    /expected 24 bytes/,
  ],
  [
    'native: copy_bytes_ of a detached array',
    () => native.copy_bytes_(handleOf(torch.ones([1])), detached(new Float32Array(1))),
    'TypeError',
    /detached/,
  ],
  [
    'a shared array buffer',
    () => {
      const shared = new Float32Array(new SharedArrayBuffer(8));
      shared.fill(3);
      if (torch.tensor(shared).tolist().join() !== '3,3') throw new Error('wrong values');
    },
    null,
  ],
  ['a zero-length view at the end of its buffer', () => torch.tensor(new Float32Array(new ArrayBuffer(8), 8, 0)), null],
];
