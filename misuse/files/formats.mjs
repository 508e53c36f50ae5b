// Files of each format, as seeds of mutations: small ones, since most mistakes lie in headers.
import { torch } from '../../parity/ops/isotorch.mjs';

const { io, nn } = torch;

/** Bytes that a function writes into a file-like object. */
function written(write) {
  const parts = [];
  write({ write: (bytes) => parts.push(bytes) });
  return Buffer.concat(parts);
}

const values = () => ({
  state: new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)).state_dict(),
  plain: [1, 2.5, 'text', null, true, 2n ** 70n, Object.freeze([1, [2]]), new Map([[1, 'a']]), new Set([3])],
  bytes: new Uint8Array([1, 2, 3]),
  parameter: new nn.Parameter(torch.ones(2)),
  sparse: torch.eye(3).to_sparse(),
  half: torch.ones(3, { dtype: torch.bfloat16 }),
});

const arrays = () => ({ a: torch.arange(6).view(2, 3), b: torch.ones(3, { dtype: torch.float64 }) });

/**
 * A format: seeds, and how its bytes are read. Its readers may refuse bytes with a ValueError, which names `the given bytes`,
 * or give what `whole` says is whole.
 */
export const FORMATS = {
  pt: {
    seeds: () => [written((f) => torch.save(values(), f))],
    read: (bytes) => torch.load(bytes),
  },
  legacy: {
    // Written by Python; this one holds a dict of two tensors that share a storage, and plain data.
    seeds: (python) => [python('legacy')],
    read: (bytes) => torch.load(bytes),
  },
  safetensors: {
    seeds: () => [
      Buffer.from(io.serialize({ ...arrays(), c: torch.ones(2, { dtype: torch.bfloat16 }) }, { note: 'x' })),
    ],
    read: (bytes) => io.deserialize(bytes),
  },
  npy: {
    seeds: () => [
      written((f) => io.save_npy(f, torch.arange(6).view(2, 3))),
      written((f) => io.save_npy(f, torch.ones(4, 2).t())),
    ],
    read: (bytes) => io.load_npy(bytes),
  },
  npz: {
    seeds: () => [
      written((f) => io.save_npz(f, arrays())),
      written((f) => io.save_npz(f, arrays(), { compressed: true })),
    ],
    read: (bytes) => io.load_npz(bytes),
  },
};
