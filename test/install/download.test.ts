// A download counts when it is whole and right, goes on where it stopped, and says what is wrong otherwise.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadOptions, download, type Wanted } from '../../dist/install/download.js';
import { type Answering, cutWhen, type FileServer, give, serve } from '../support/file_server';

const bytes = randomBytes(300_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let folder = '';
let server: FileServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'file');
const part = () => join(folder, 'file.part');
/** Whether so many bytes are in the part. */
const has = (size: number) => () => statSync(part(), { throwIfNoEntry: false })?.size === size;

async function fetched(
  answer: Answering,
  wanted: Partial<Wanted> = {},
  options: DownloadOptions = {},
): Promise<FileServer> {
  server ??= await serve(answer);
  await download({ url: `${server.url}file`, ...wanted }, file(), { pause: 1, silence: 300, ...options });
  return server;
}

/** The message of a download that fails. */
async function refusal(
  answer: Answering,
  wanted: Partial<Wanted> = {},
  options: DownloadOptions = {},
): Promise<string> {
  const error = await fetched(answer, wanted, options).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(existsSync(file())).toBe(false);
  expect(error?.name).toBe('InstallFailure');
  return error!.message;
}

const whole = () => expect(readFileSync(file()).equals(bytes)).toBe(true);

describe('a file', () => {
  it('arrives, and nothing else stays', async () => {
    const seen: [number, number | undefined][] = [];
    await fetched(
      (request, response) => give(request, response, bytes),
      { sha256, size: bytes.length },
      {
        progress: (done, total) => seen.push([done, total]),
      },
    );
    whole();
    expect(readdirSync(folder)).toEqual(['file']);
    expect(seen.at(-1)).toEqual([bytes.length, bytes.length]);
  });

  it('that is there already, as a whole, is not fetched again; another one is', async () => {
    writeFileSync(file(), bytes);
    const { requests } = await fetched((request, response) => give(request, response, bytes), { sha256 });
    expect(requests).toHaveLength(0);
    writeFileSync(file(), 'other');
    await fetched(() => {}, { sha256 });
    whole();
    expect(requests).toHaveLength(1);
  });

  it('arrives without a length, where only the server knows it', async () => {
    await fetched((_, response) => {
      response.writeHead(200, { etag: '"1"' });
      response.end(bytes);
    });
    whole();
  });

  it('comes from where the server sends one to', async () => {
    const { requests } = await fetched((request, response) => {
      if (request.url === '/file') response.writeHead(302, { location: '/elsewhere' }).end('moved');
      else give(request, response, bytes);
    });
    whole();
    expect(requests).toHaveLength(2);
  });
});

describe('what was cut off', () => {
  it('goes on where it stopped', async () => {
    const { requests } = await fetched(
      (request, response, number) =>
        give(request, response, bytes, number < 3 ? { cut: 50_000, arrived: has(50_000 * (number + 1)) } : {}),
      { sha256 },
    );
    whole();
    expect(requests.map(({ range }) => range)).toEqual([undefined, 'bytes=50000-', 'bytes=100000-', 'bytes=150000-']);
    expect(requests[1]?.['if-range']).toBe('"1"');
  });

  it('goes on after a silence', async () => {
    const { requests } = await fetched((request, response, number) =>
      give(request, response, bytes, number === 0 ? { stall: 70_000 } : {}),
    );
    whole();
    expect(requests[1]?.range).toBe('bytes=70000-');
  });

  it('goes on in the next process', async () => {
    const message = await refusal(
      (request, response, number) => {
        if (number === 0) give(request, response, bytes, { cut: 120_000, arrived: has(120_000) });
        else if (number < 3) response.writeHead(503).end();
        else give(request, response, bytes);
      },
      { sha256 },
      { attempts: 2 },
    );
    expect(message).toMatch(/the server answers 503 \(120000 of 300000 bytes have come\)\. Run the command again/);
    const { requests } = await fetched(() => {}, { sha256 });
    whole();
    expect(requests.at(-1)?.range).toBe('bytes=120000-');
  });

  it('begins anew where the server knows no parts', async () => {
    const { requests } = await fetched((request, response, number) =>
      give(request, response, bytes, { ranges: false, ...(number === 0 ? { cut: 90_000, arrived: has(90_000) } : {}) }),
    );
    whole();
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['says so', true],
    ['gives a part of the other one all the same', false],
  ])('begins anew where the server has another version, and %s', async (_, honest) => {
    const older = randomBytes(bytes.length);
    await fetched((request, response, number) => {
      if (number === 0) give(request, response, older, { cut: 90_000, arrived: has(90_000), etag: '"old"' });
      else {
        if (!honest) delete request.headers['if-range'];
        give(request, response, bytes, { etag: '"new"' });
      }
    });
    whole();
  });

  it('begins anew where nothing tells whether the rest belongs to it', async () => {
    writeFileSync(part(), bytes.subarray(0, 1000));
    writeFileSync(`${part()}.json`, JSON.stringify({ url: 'another address', version: '"1"' }));
    const { requests } = await fetched((request, response) => give(request, response, bytes));
    whole();
    expect(requests.map(({ range }) => range)).toEqual([undefined]);
  });

  it('begins anew once where the whole is wrong', async () => {
    const torn = Buffer.concat([randomBytes(1000), bytes.subarray(1000, 5000)]);
    server = await serve((request, response) => give(request, response, bytes, { etag: '' }));
    writeFileSync(part(), torn);
    writeFileSync(`${part()}.json`, JSON.stringify({ url: `${server.url}file`, version: '' }));
    await fetched(() => {}, { sha256 });
    whole();
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=5000-', undefined]);
  });

  it('is whole already, and only lacked its name', async () => {
    server = await serve((request, response) => give(request, response, bytes));
    writeFileSync(part(), bytes);
    writeFileSync(`${part()}.json`, JSON.stringify({ url: `${server.url}file`, version: '"1"' }));
    await fetched(() => {}, { sha256 });
    whole();
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=300000-']);
  });
});

describe('is refused, and nothing of it is used', () => {
  it('with other bytes', async () => {
    const other = randomBytes(bytes.length);
    const message = await refusal((request, response) => give(request, response, other), { sha256 });
    expect(message).toMatch(/the bytes are not those of the file \(SHA-256 [0-9a-f]{64}, it should be [0-9a-f]{64}\)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('with another length than the file has', async () => {
    const message = await refusal((request, response) => give(request, response, bytes), { size: 7 });
    expect(message).toMatch(/the server has a file of 300000 bytes, and it should have 7\. A proxy or a sign-in page/);
  });

  it('with fewer bytes than announced', async () => {
    const message = await refusal(
      (_, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 1000), () => cutWhen(has(1000), response));
      },
      { sha256 },
      { attempts: 1 },
    );
    expect(message).toMatch(/other side closed \(\d+ of 300000 bytes have come\)/);
  });

  it('with more bytes than it should have', async () => {
    const message = await refusal(
      (_, response) => {
        response.writeHead(200);
        response.end(bytes);
      },
      { size: 1000 },
    );
    expect(message).toMatch(/the server sends more than the 1000 bytes/);
  });

  it('when it was packed on the way', async () => {
    const message = await refusal((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bytes);
    });
    expect(message).toMatch(/compressed, though it was asked not to/);
  });

  it('where there is none', async () => {
    expect(await refusal((_, response) => response.writeHead(404).end())).toMatch(/file: the server answers 404$/);
    expect(server?.requests).toHaveLength(1);
  });

  it('where the way goes in a circle', async () => {
    const message = await refusal((_, response) => response.writeHead(302, { location: '/file' }).end());
    expect(message).toMatch(/redirects more than 8 times/);
  });

  it('where the way leads to a file of this machine', async () => {
    const message = await refusal((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());
    expect(message).toMatch(/redirects to file:\/\/\/etc\/passwd, which is not safe to follow/);
  });

  it('where nobody listens', async () => {
    server = await serve(() => {});
    await server.close();
    const message = await refusal(() => {}, {}, { attempts: 2 });
    expect(message).toMatch(
      /ECONNREFUSED.*\(0 of an unknown number of bytes have come\).*Behind a proxy, set HTTPS_PROXY/,
    );
  });
});

describe('a proxy', () => {
  /** Runs a download in a process with these variables, through a proxy that counts what it lets through. */
  async function through(variables: (proxy: string) => NodeJS.ProcessEnv): Promise<number> {
    let tunnels = 0;
    server = await serve((request, response) => give(request, response, bytes));
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels++;
      const [host, port] = request.url!.split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { spawn } = await import('node:child_process');
    const code = `require('./dist/install/download.js').download({ url: '${server.url}file' }, ${JSON.stringify(file())})`;
    const child = spawn(process.execPath, ['-e', code], {
      env: { PATH: process.env.PATH, ...variables(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`) },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await new Promise((resolve) => child.on('close', resolve));
    proxy.close();
    proxy.closeAllConnections();
    expect(said).toBe('');
    whole();
    return tunnels;
  }

  it('is used where the variables name one', async () => {
    expect(await through((proxy) => ({ HTTP_PROXY: proxy }))).toBe(1);
    expect(await through((proxy) => ({ http_proxy: proxy }))).toBe(1);
  });

  it('is left aside for hosts that NO_PROXY names', async () => {
    expect(await through((proxy) => ({ HTTP_PROXY: proxy, NO_PROXY: 'example.org,127.0.0.1' }))).toBe(0);
  });
});

it('a disk that is full is named, and what was written is removed', async () => {
  // Of another process, because the limit holds for all files of one.
  server = await serve((request, response) => give(request, response, bytes));
  const { spawn } = await import('node:child_process');
  const code = `process.on('SIGXFSZ', () => {});
    require('./dist/install/download.js').download({ url: '${server.url}file' }, ${JSON.stringify(file())})
      .catch((error) => console.log(error.message));`;
  const child = spawn('bash', ['-c', 'ulimit -f 100; exec "$0" -e "$1"', process.execPath, code]);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(said).toMatch(/^the disk is full: the download of file stopped, and what was written is removed again\. Free/);
  expect(readdirSync(folder)).toEqual([]);
});
