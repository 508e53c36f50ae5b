/** A server of one file, on this machine, that misbehaves as it is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running server. */
export interface FileServer {
  /** `http://127.0.0.1:…/`. */
  url: string;
  /** Headers of the requests so far. */
  requests: IncomingMessage['headers'][];
  close: () => Promise<void>;
}

/** Answers the request of this number, beginning at 0. */
export type Answering = (request: IncomingMessage, response: ServerResponse, number: number) => void;

/** Starts a server. */
export async function serve(answer: Answering): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server: Server = createServer((request, response) => {
    response.on('error', () => {});
    requests.push(request.headers);
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** How a well-behaved answer is changed. */
export interface Behaviour {
  etag?: string;
  /** Bytes after which the connection is cut. */
  cut?: number;
  /** Whether they have arrived: a client drops what it has not looked at when the connection goes. */
  arrived?: () => boolean;
  /** Bytes after which nothing more comes. */
  stall?: number;
  /** Whether parts are given. */
  ranges?: boolean;
}

/** Cuts a connection as soon as something is so. */
export function cutWhen(arrived: () => boolean, response: ServerResponse): void {
  const timer = setInterval(() => {
    if (!arrived()) return;
    clearInterval(timer);
    response.destroy();
  }, 2);
}

/** Gives a file, or the part that is asked for, as servers do. */
export function give(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  { etag = '"1"', cut, arrived = () => true, stall, ranges = true }: Behaviour = {},
): void {
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
  const condition = request.headers['if-range'];
  const start = condition === undefined || condition === etag ? from : 0;
  if (start > 0 && start >= file.length) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
    return;
  }
  const body = file.subarray(start);
  const head = { 'content-length': body.length, ...(etag === '' ? {} : { etag }) };
  if (start === 0) response.writeHead(200, head);
  else response.writeHead(206, { ...head, 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` });
  const some = cut ?? stall;
  if (some === undefined || some >= body.length) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, some), () => {
    if (cut !== undefined) cutWhen(arrived, response);
  });
}
