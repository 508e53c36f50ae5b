// The command `isotorch` as a process: what it says, what it ends with, and that two of it, or a killed one, do no harm.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, ended } from '../support/command';
import { root } from '../../reference/index.mjs';
import { programs } from '../scripts/fakes';
import { nvidiaFiles, recorded, torchWheel, writeZip } from '../support/fake_torch';
import { type FileServer, give, serve } from '../support/file_server';

let folder = '';
let server: FileServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isotorch-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Starts the command on a machine without Python, with a cache of its own. */
function isotorch(args: string[], env: NodeJS.ProcessEnv = {}, watch?: (child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/isotorch.js'), ...args], {
    cwd: folder,
    env: { PATH: '/nowhere', HOME: folder, ISOTORCH_CACHE: cache(), ...env },
  });
  watch?.(child);
  return ended(child);
}

const cache = () => join(folder, 'cache');
const entry = () => join(cache(), 'libtorch-2.13.0+cpu');
const whole = () => existsSync(join(entry(), 'isotorch-libtorch.json'));

/** Waits until something is so. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('the command line', () => {
  it('shows all commands, and all options of each', async () => {
    const { code, stdout } = await isotorch(['--help']);
    expect(code).toBe(0);
    for (const name of ['install', 'doctor', 'bundle']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      const help = await isotorch([name, '--help']);
      expect([help.code, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toMatch(new RegExp(`^Usage: isotorch ${name} \\[options\\]`));
    }
    expect((await isotorch(['install', '--help'])).stdout).toMatch(
      /--cpu.*--cuda.*--libtorch.*--from.*--dir.*--headers.*--force/s,
    );
    expect((await isotorch(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['instal'], /unknown command 'instal'\n\(Did you mean install\?\)/],
    [['install', '--gpu'], /unknown option '--gpu'/],
    [['install', '--cuda', '11'], /argument '11' is invalid\. Allowed choices are 12, 13\./],
    [['install', '--cpu', '--cuda', '12'], /'--cpu' cannot be used with option '--cuda <major>'/],
    [['install', '--from', 'x', '--libtorch', '2.13'], /cannot be used with/],
    [['doctor', 'me'], /too many arguments/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await isotorch(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('says in one line what went wrong, and ends with 1', async () => {
    const { code, stdout, stderr } = await isotorch(['install', '--from', 'nothing.whl']);
    expect([code, stdout, stderr]).toEqual([1, '', `isotorch: ${join(folder, 'nothing.whl')} does not exist.\n`]);
  });
});

describe('install', () => {
  it('says where libtorch is', async () => {
    const { code, stdout, stderr } = await isotorch(['install', '--from', await torchWheel(folder, '2.13.0+cpu')]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^libtorch 2\.13\.0\+cpu is in .*\/cache\/libtorch-2\.13\.0\+cpu \(\d+ kB, took \d+\.\d s\)\n$/,
    );
    expect(whole()).toBe(true);
  });

  it('without Python or network lists what was tried, and what else there is', async () => {
    const { code, stderr } = await isotorch(['install', '--cuda', '12']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^libtorch 2\.13\.0, the build for CUDA 12 \(asked for\)\nnote: CUDA 12 needs an NVIDIA driver, and none was found; .*\nisotorch: libtorch 2\.13\.0 for CUDA 12 cannot be fetched:\n {2}pip: no Python with pip was found\n {2}the list of known files: has no such build\nGive it the file with --from/,
    );
  });

  it('that was killed while it fetched goes on where it stopped', async () => {
    const bytes = readFileSync(await torchWheel(join(folder, 'wheels'), '2.13.0+cpu'));
    server = await serve((request, response, number) =>
      give(request, response, bytes, number === 0 ? { stall: 6000 } : {}),
    );
    const from = `${server.url}torch.whl`;
    const part = join(cache(), 'downloads', 'torch.whl.part');
    const killed = await isotorch(['install', '--from', from], {}, async (child) => {
      await until(() => existsSync(part) && readFileSync(part).length === 6000);
      child.kill('SIGKILL');
    });
    expect(killed.signal).toBe('SIGKILL');
    expect(whole()).toBe(false);
    expect((await isotorch(['install', '--from', from])).code).toBe(0);
    expect(server.requests[1]?.range).toBe('bytes=6000-');
    expect(readdirSync(cache())).toEqual(['default', 'libtorch-2.13.0+cpu']);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'that %s ended while it unpacked leaves no entry',
    async (signal) => {
      const from = await torchWheel(folder, '2.13.0+cpu');
      const filling = () =>
        existsSync(cache()) && readdirSync(cache()).some((name) => name.startsWith('.part-libtorch'));
      const ended = await isotorch(['install', '--from', from], {}, async (child) => {
        await until(filling);
        child.kill(signal);
      });
      expect([ended.code, ended.signal]).toEqual(
        signal === 'SIGKILL' ? [null, signal] : [signal === 'SIGTERM' ? 143 : 130, null],
      );
      expect(whole()).toBe(false);
      if (signal !== 'SIGKILL') expect(readdirSync(cache())).toEqual([]);
      expect((await isotorch(['install', '--from', from])).code).toBe(0);
      expect(readdirSync(cache())).toEqual(['default', 'libtorch-2.13.0+cpu']);
    },
  );
});

describe('pip', () => {
  /** A Python whose pip copies wheels of a folder by name, and notes what it was asked. */
  function python(wheels: string): string {
    return programs({
      python3: `
        const fs = require('node:fs'), path = require('node:path');
        if (args.includes('--version')) process.exit(0);
        fs.appendFileSync(${JSON.stringify(join(folder, 'asked'))}, args.filter((one) => !one.startsWith('/')).join(' ') + '\\n');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        const dest = args[args.indexOf('--dest') + 1];
        const wanted = args.filter((one) => /===?/.test(one) && !one.startsWith('--'));
        for (const one of wanted) {
          const [name, version] = one.split(/===?|;/);
          const file = fs.readdirSync(${JSON.stringify(wheels)}).find((file) => file.startsWith(name.replaceAll('-', '_') + '-' + version.trim() + '-'));
          if (file === undefined) { console.error('ERROR: No matching distribution found for ' + one); process.exit(1); }
          fs.mkdirSync(dest, { recursive: true });
          fs.copyFileSync(path.join(${JSON.stringify(wheels)}, file), path.join(dest, file));
        }`,
    });
  }

  const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  const wheels = () => join(folder, 'wheels');

  it('fetches the build for the CPU; two at once fetch once', async () => {
    await torchWheel(wheels(), '2.13.0+cpu');
    const env = { PATH: python(wheels()) };
    const both = await Promise.all([isotorch(['install'], env), isotorch(['install'], env)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ stderr }) => /another installation is at work \(process \d+ on /.test(stderr)).sort()).toEqual([
      false,
      true,
    ]);
    expect(both.map(({ stdout }) => /was there already/.test(stdout)).sort()).toEqual([false, true]);
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatch(/^-m pip download --only-binary=:all: .*--no-deps torch===2\.13\.0\+cpu$/);
    expect(readdirSync(cache())).toEqual(['default', 'libtorch-2.13.0+cpu']);
  });

  it('ends with the command that started it', async () => {
    const noted = join(folder, 'pid');
    const PATH = programs({
      python3: `
        if (args.includes('--version')) process.exit(0);
        require('node:fs').writeFileSync(${JSON.stringify(noted)}, String(process.pid));
        setInterval(() => {}, 1000);`,
    });
    const written = () => existsSync(noted) && readFileSync(noted, 'utf8') !== '';
    const ended = await isotorch(['install'], { PATH }, async (child) => {
      await until(written);
      child.kill('SIGTERM');
    });
    expect(ended.code).toBe(143);
    const pid = Number(readFileSync(noted, 'utf8'));
    await until(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
    expect(readdirSync(cache())).toEqual([]);
  });

  it('is asked for the index of PyTorch where its own has no such build', async () => {
    mkdirSync(wheels());
    const { code, stderr } = await isotorch(['install', '--cpu', '--libtorch', '2.14'], { PATH: python(wheels()) });
    expect(code).toBe(1);
    // Of PyTorch's index, and then the same for a Python that every release has wheels for.
    expect(asked()).toHaveLength(4);
    expect(asked()[1]).toMatch(/--index-url https:\/\/download\.pytorch\.org\/whl\/cpu torch===2\.14\.1\+cpu$/);
    expect(asked()[2]).toMatch(/--python-version 3\.12 .*--platform manylinux_2_28_\w+ .*torch===2\.14\.1\+cpu$/);
    expect(stderr).toMatch(/ {2}pip: No matching distribution found for torch===2\.14\.1\+cpu\n/);
    expect(readdirSync(cache())).toEqual([]);
  });

  it('fetches what a build for CUDA asks of NVIDIA', async () => {
    const built = await torchWheel(folder, '2.12.0+cu130', {
      metadata: 'Requires-Dist: filelock\nRequires-Dist: nvidia-cuda-runtime==1.0; platform_system == "Linux"\n',
    });
    mkdirSync(wheels());
    // The registry's wheels do not have the CUDA in their names.
    copyFileSync(built, join(wheels(), basename(built).replace('+cu130', '')));
    await writeZip(
      join(wheels(), 'nvidia_cuda_runtime-1.0-py3-none-any.whl'),
      recorded(nvidiaFiles('nvidia_cuda_runtime', 'libcudart.so.13')),
    );
    const { code, stderr, stdout } = await isotorch(['install', '--cuda', '13', '--libtorch', '2.12.0'], {
      PATH: python(wheels()),
    });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/fetching by pip of python3\n$/)]);
    expect(stdout).toMatch(/^libtorch 2\.12\.0\+cu130 is in /);
    expect(readdirSync(join(cache(), 'libtorch-2.12.0+cu130', 'lib'))).toContain('libcudart.so.13');
    expect(asked()).toEqual([
      expect.stringMatching(/--no-deps torch===2\.12\.0$/),
      expect.stringMatching(/ nvidia-cuda-runtime==1\.0; platform_system == "Linux"$/),
    ]);
  });
});
