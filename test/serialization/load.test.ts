// What torch.load refuses, and how it says so. What it reads, byte for byte: npm run parity:nn, part files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'isotorch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const { UnpicklingError } = torch.serialization;

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Has Python write a file. */
async function python(code: string): Promise<void> {
  const answer = await ask({ code });
  expect(answer.error).toBeUndefined();
}

describe('misuse', () => {
  it('names what is no file, and what is no value', () => {
    expect(() => torch.load(3 as never)).toThrow('torch.load(): expected the path of a file or a Uint8Array, not int');
    expect(() => torch.load(at('none.pt'))).toThrow(/cannot read .*none\.pt: ENOENT/);
    expect(() => torch.load(folder)).toThrow(/torch.load\(\): .*: it is no regular file/);
    expect(() => torch.save({ a: [1, { b: () => 1 }] }, at('x.pt'))).toThrow(
      'torch.save(): obj["a"][1]["b"] is function, which is code, and files hold data alone',
    );
    expect(() => torch.save({ net: new torch.nn.Linear(1, 1) }, at('x.pt'))).toThrow('save its state_dict()');
    expect(() => torch.save([undefined], at('x.pt'))).toThrow('obj[0] is undefined');
    expect(() => torch.save([new Date()], at('x.pt'))).toThrow('toISOString()');
    expect(() => torch.save(new Map([[{}, 1]]), at('x.pt'))).toThrow('a key of type dict, which Python cannot hash');
    expect(() => torch.load(new Uint8Array(3), { weights_only: false })).toThrow('weights_only=True');
    expect(() => torch.load(new Uint8Array(3), { mmap: true })).toThrow('f must be a file path');
    expect(() => torch.load(new Uint8Array(0))).toThrow('torch.load(): the given bytes: it is empty');
  });

  it('leaves the old file where a value cannot be written', () => {
    writeFileSync(at('kept.pt'), 'old');
    expect(() => torch.save([1, Symbol('x') as never], at('kept.pt'))).toThrow(TypeError);
    expect(readFileSync(at('kept.pt'), 'utf8')).toBe('old');
  });
});

describe('in memory', () => {
  const bytesOf = (value: unknown): Buffer => {
    const parts: Uint8Array[] = [];
    torch.save(value, { write: (bytes) => parts.push(bytes) });
    return Buffer.concat(parts);
  };

  it('writes into an object with a method, and reads bytes', () => {
    const loaded = torch.load(bytesOf({ x: torch.arange(3) })) as { x: torch.Tensor };
    expect(loaded.x.tolist()).toEqual([0n, 1n, 2n].map(Number));
  });

  it('hands an object pieces, not a copy of everything', () => {
    const sizes: number[] = [];
    const x = torch.arange(2 ** 22 + 5);
    const parts: Uint8Array[] = [];
    torch.save(
      { x },
      {
        write(bytes) {
          sizes.push(bytes.length);
          parts.push(bytes);
        },
      },
    );
    expect(Math.max(...sizes)).toBe(2 ** 24);
    expect(torch.equal((torch.load(Buffer.concat(parts)) as { x: torch.Tensor }).x, x)).toBe(true);
  });

  it('moves storages, by device, by place and by function', () => {
    const bytes = bytesOf(torch.ones(3));
    expect(String((torch.load(bytes, 'meta') as torch.Tensor).device)).toBe('meta');
    expect(String((torch.load(bytes, { map_location: { cpu: 'meta' } }) as torch.Tensor).device)).toBe('meta');
    const seen: string[] = [];
    const loaded = torch.load(bytes, (storage: torch.UntypedStorage, location: string) => {
      seen.push(`${location} ${storage.nbytes()}`);
      return new torch.UntypedStorage(12).fill_(0);
    }) as torch.Tensor;
    expect(seen).toEqual(['cpu 12']);
    expect(loaded.tolist()).toEqual([0, 0, 0]);
    expect(() => torch.load(bytes, 3 as never)).toThrow('map_location must be a device');
  });

  it('finds every flipped bit of a small file, or reads what was written', () => {
    const whole = bytesOf({ x: torch.arange(4), y: 'text' });
    const expected = torch.load(whole);
    let refused = 0;
    for (let place = 0; place < whole.length; place += 7) {
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 1 << (place % 8);
      try {
        expect(torch.load(flipped)).toEqual(expected);
      } catch (error) {
        if (!(error instanceof torch.ValueError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});

describe.skipIf(!live)(`Python's files${skipReason}`, () => {
  it('refuses a class, with its name and what else the file names', async () => {
    await python(`
      import argparse, pathlib
      torch.save({'opt': argparse.Namespace(a=1), 'p': pathlib.PurePosixPath('/x'), 'w': torch.ones(2)}, '${at('opt.pt')}')`);
    expect(() => torch.load(at('opt.pt'))).toThrow(UnpicklingError);
    expect(() => torch.load(at('opt.pt'))).toThrow(
      /opt\.pt: Weights only load failed\. Unsupported global: GLOBAL argparse\.Namespace.*refused: argparse\.Namespace, pathlib.*PurePosixPath\. Others: collections\.OrderedDict, torch\.FloatStorage, torch\._utils\._rebuild_tensor_v2\. The file holds 1 storage\b\./,
    );
    expect(torch.serialization.get_unsafe_globals_in_checkpoint(at('opt.pt'))).toContain('argparse.Namespace');
  });

  it('runs nothing of a hostile pickle', async () => {
    await python(`
      import os
      class Evil:
          def __reduce__(self):
              return os.system, ('touch ${at('ran')}',)
      torch.save(Evil(), '${at('evil.pt')}')
      class Sly:
          def __reduce__(self):
              return eval, ("open('${at('ran')}', 'w')",)
      torch.save(Sly(), '${at('sly.pt')}', _use_new_zipfile_serialization=False)`);
    expect(() => torch.load(at('evil.pt'))).toThrow(/GLOBAL posix\.system whose module posix is blocked/);
    expect(() => torch.load(at('sly.pt'))).toThrow(/Unsupported global: GLOBAL builtins\.eval/);
    expect(() => readFileSync(at('ran'))).toThrow('ENOENT');
  });

  it('makes what the program allows', async () => {
    await python(`
      from fractions import Fraction
      torch.save([Fraction(3, 4)], '${at('fraction.pt')}')`);
    const half = (text: number) => ({ text });
    const { safe_globals, get_safe_globals } = torch.serialization;
    const loaded = safe_globals([[half, 'fractions.Fraction']], () => torch.load(at('fraction.pt')));
    expect(loaded).toEqual([{ text: 3 }]);
    expect(get_safe_globals()).toEqual([]);
    expect(() => torch.load(at('fraction.pt'))).toThrow('fractions.Fraction');
    class Held {
      declare text: number;
      constructor(text: number) {
        this.text = text;
      }
    }
    torch.serialization.add_safe_globals([[Held, 'fractions.Fraction']]);
    expect(torch.load(at('fraction.pt'))).toEqual([new Held(3)]);
    torch.serialization.clear_safe_globals();
  });

  it("names the prefix of DistributedDataParallel's keys", async () => {
    await python(`
      net = torch.nn.DataParallel(torch.nn.Linear(2, 1))
      torch.save(net.state_dict(), '${at('ddp.pt')}')`);
    const net = new torch.nn.Linear(2, 1);
    const state = torch.load(at('ddp.pt')) as Record<string, torch.Tensor>;
    expect(() => net.load_state_dict(state)).toThrow(
      /The keys begin with 'module\.', .*DistributedDataParallel: load the state/,
    );
    net.load_state_dict(Object.fromEntries(Object.entries(state).map(([key, tensor]) => [key.slice(7), tensor])));
    expect(net.weight.tolist()).toEqual(state['module.weight']!.tolist());
  });

  it('names the device that is not there', async () => {
    await python(`
      import io, zipfile
      torch.save(torch.ones(2), '${at('cpu.pt')}')
      source = zipfile.ZipFile('${at('cpu.pt')}')
      with zipfile.ZipFile('${at('cuda.pt')}', 'w') as target:
          for name in source.namelist():
              target.writestr(name, source.read(name).replace(b'X\\x03\\x00\\x00\\x00cpu', b'X\\x06\\x00\\x00\\x00cuda:7'))`);
    expect(() => torch.load(at('cuda.pt'))).toThrow(/cuda\.pt: Attempting to deserialize object on .*CUDA device/);
    expect((torch.load(at('cuda.pt'), { map_location: 'cpu' }) as torch.Tensor).tolist()).toEqual([1, 1]);
  });

  it('maps a file, whose tensors stay when it is replaced', async () => {
    await python(`torch.save([torch.arange(1000), torch.ones(3)], '${at('mapped.pt')}')`);
    const [numbers, ones] = torch.load(at('mapped.pt'), { mmap: true }) as [torch.Tensor, torch.Tensor];
    torch.save([torch.zeros(1)], at('mapped.pt'));
    expect(numbers.sum().item()).toBe(499500);
    ones.add_(1);
    expect(ones.tolist()).toEqual([2, 2, 2]);
    expect(numbers.untyped_storage().nbytes()).toBe(8000);
  });
});
