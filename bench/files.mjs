// Files of a state dict of 1 GiB: 64 tensors of 16 MiB. Each process has a folder of its own, which goes when it ends.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as torch from 'isotorch';

const TENSORS = 64;
const ELEMENTS = 2 ** 22;

const { io } = torch;

let folder;
function fileOf(name) {
  if (folder === undefined) {
    folder = mkdtempSync(path.join(os.tmpdir(), 'bench-files-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return path.join(folder, name);
}

const state = () => Object.fromEntries(Array.from({ length: TENSORS }, (_, i) => [`w${i}`, torch.ones(ELEMENTS)]));

const repeat = (call) => (calls) => {
  for (let i = 0; i < calls; i++) torch.scope(call);
};

/** Writes the file that is read afterwards. */
function written(name, save) {
  const file = fileOf(name);
  torch.scope(() => save(state(), file));
  return file;
}

const sum = (tensors) => {
  for (const tensor of Object.values(tensors)) tensor.sum().item();
};

export const files = {
  save_state() {
    const tensors = state();
    const file = fileOf('state.pt');
    return repeat(() => torch.save(tensors, file));
  },
  load_state() {
    const file = written('state.pt', torch.save);
    return repeat(() => {
      torch.load(file);
    });
  },
  load_safetensors() {
    const file = written('state.safetensors', io.save_file);
    return repeat(() => sum(io.load_file(file, { mmap: true })));
  },
  save_and_load() {
    return (calls) => {
      for (let i = 0; i < calls; i++) {
        const file = written('state.pt', torch.save);
        torch.scope(() => torch.load(file));
      }
    };
  },
};
