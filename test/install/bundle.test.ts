// The archive for a machine without network: there and back, whole and damaged.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, makeBundle } from '../../dist/install/index.js';
import { add } from '../scripts/fakes';
import { torchWheel } from '../support/fake_torch';

let folder = '';
let bundle = '';
const said: string[] = [];
const cache = (name: string) => join(folder, name);
const from = (file: string, name: string) => install({ from: file, dir: cache(name) }, () => {});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bundle '));
  const described = {
    name: 'isotorch',
    version: '0.1.0',
    bin: { isotorch: 'dist/hello.js' },
    files: ['dist'],
    dependencies: { one: '*', two: '*' },
    optionalDependencies: { never: '*' },
  };
  add(folder, {
    'app/node_modules/isotorch/package.json': JSON.stringify(described),
    'app/node_modules/isotorch/dist/hello.js': "#!/usr/bin/env node\nconsole.log(require('one'), require('two'));\n",
    'app/node_modules/isotorch/left_out.js': '',
    'app/node_modules/one/package.json': '{"name":"one","version":"1.0.0","main":"i.js","dependencies":{"two":"1"}}',
    'app/node_modules/one/i.js': "module.exports = 'one and its ' + require('two');",
    'app/node_modules/one/node_modules/two/package.json': '{"name":"two","version":"1.0.0","main":"i.js"}',
    'app/node_modules/one/node_modules/two/i.js': "module.exports = 'two 1';",
    'app/node_modules/two/package.json': '{"name":"two","version":"2.0.0","main":"i.js"}',
    'app/node_modules/two/i.js': "module.exports = 'two 2';",
  });
  await from(await torchWheel(folder, '2.13.0+cpu'), 'cache');
  const made = await makeBundle(
    join(folder, 'app/node_modules/isotorch'),
    { out: join(folder, 'bundle.tar.gz'), dir: cache('cache') },
    (line) => said.push(line),
  );
  bundle = made.file;
});
afterAll(() => rmSync(folder, { recursive: true }));

const listed = () => spawnSync('tar', ['tzf', bundle], { encoding: 'utf8' }).stdout.trim().split('\n');
const NAME = `isotorch-0.1.0-libtorch-2.13.0+cpu-${process.platform}-${process.arch}`;

describe('a bundle', () => {
  it('begins with how it is used, and leaves nothing else behind', () => {
    expect(listed().slice(0, 2)).toEqual([`${NAME}/README.txt`, `${NAME}/isotorch.tgz`]);
    const { stdout } = spawnSync('tar', ['xzOf', bundle, `${NAME}/README.txt`], { encoding: 'utf8' });
    expect(stdout).toContain('npx isotorch install --from bundle.tar.gz');
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
    expect(said).toEqual([expect.stringMatching(/^note: the package in .* has no prebuilt addon for libtorch 2\.13$/)]);
  });

  it('becomes the same entry elsewhere', async () => {
    const { entry, version } = await from(bundle, 'elsewhere');
    expect(version).toBe('2.13.0+cpu');
    const files = (at: string) => readdirSync(at, { recursive: true, encoding: 'utf8' }).sort();
    expect(files(entry)).toEqual(files(join(cache('cache'), 'libtorch-2.13.0+cpu')));
    expect(readdirSync(cache('elsewhere'))).toEqual(['default', 'libtorch-2.13.0+cpu']);
  });

  it('has the package with all that it needs, so that npm asks no registry', () => {
    add(folder, { 'offline/package.json': '{"name":"offline","private":true}' });
    const at = join(folder, 'offline');
    spawnSync('tar', ['xzf', bundle, '--strip-components=1', `${NAME}/isotorch.tgz`], { cwd: at });
    const registry = ['--registry=http://127.0.0.1:9', '--fetch-retries=0', '--no-audit', '--no-fund'];
    const npm = spawnSync('npm', ['install', ...registry, './isotorch.tgz'], { cwd: at, encoding: 'utf8' });
    expect(npm.status, npm.stderr).toBe(0);
    const { stdout } = spawnSync('node_modules/.bin/isotorch', { cwd: at, encoding: 'utf8' });
    expect(stdout).toBe('one and its two 1 two 2\n');
    expect(existsSync(join(at, 'node_modules/isotorch/left_out.js'))).toBe(false);
  });
});

describe('is refused, and nothing of it is used:', () => {
  async function refusal(change: (bytes: Buffer) => Buffer): Promise<string> {
    const file = join(folder, 'damaged.tar.gz');
    writeFileSync(file, change(readFileSync(bundle)));
    const error = await from(file, 'unused').then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(readdirSync(cache('unused'))).toEqual([]);
    expect(error?.name, error?.stack).toBe('InstallFailure');
    return error!.message;
  }

  it('a bundle whose end is missing', async () => {
    expect(await refusal((bytes) => bytes.subarray(0, bytes.length - 1000))).toMatch(
      /damaged\.tar\.gz is damaged \(.*end of file/,
    );
  });

  it('one with another byte in a library', async () => {
    const message = await refusal((bytes) => {
      const tar = gunzipSync(bytes);
      const library = tar.indexOf('/lib/libtorch_cpu.so');
      tar[library + 3000]! ^= 1;
      return gzipSync(tar);
    });
    expect(message).toMatch(/is damaged at lib\/libtorch_cpu\.so\. Nothing of it is used; copy it once more\.$/);
  });

  it('another archive', async () => {
    expect(await refusal(() => gzipSync(Buffer.alloc(1024)))).toMatch(/is no bundle of "isotorch bundle"/);
    expect(await refusal(() => gzipSync(Buffer.from('text')))).toMatch(/damaged\.tar\.gz/);
  });
});

it('without an installed libtorch there is none to make', async () => {
  const none = makeBundle(join(folder, 'app/node_modules/isotorch'), { dir: cache('empty') }, () => {});
  await expect(none).rejects.toThrow(/empty has no libtorch: run "npx isotorch install" first/);
  const other = makeBundle(
    join(folder, 'app/node_modules/isotorch'),
    { dir: cache('cache'), libtorch: '2.14' },
    () => {},
  );
  await expect(other).rejects.toThrow(/cache has no libtorch 2\.14: run/);
});
