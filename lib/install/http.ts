/** One request over HTTP or HTTPS: redirects and proxies are followed, nothing is decoded. */
import type { Readable } from 'node:stream';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { InstallFailure } from './failure';

/** An answer's head, and its bytes as they come. */
export interface Answer {
  status: number;
  header: (name: string) => string | undefined;
  body: Readable;
}

const redirects = 8;

let dispatcher: Dispatcher | undefined;

/** Sends through what HTTP_PROXY, HTTPS_PROXY and NO_PROXY (or their small letters) say. */
function proxied(): Dispatcher {
  if (dispatcher !== undefined) return dispatcher;
  const { emitWarning } = process;
  // In this major version the class says that it is experimental; in the next, which needs a newer Node, it does not.
  process.emitWarning = () => {};
  try {
    // How long silence may last is the download's matter.
    dispatcher = new EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0 });
  } finally {
    process.emitWarning = emitWarning;
  }
  return dispatcher;
}

/**
 * Asks for a file.
 *
 * @param url Begins with `https:` or `http:`; a redirect from the one to the other is refused.
 * @param signal Ends the request and the body.
 */
export async function get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
  let place = new URL(url);
  for (let hop = 0; hop <= redirects; hop++) {
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(place, {
      dispatcher: proxied(),
      headers: { 'user-agent': 'isotorch', 'accept-encoding': 'identity', ...headers },
      signal,
    });
    const header = (name: string): string | undefined => {
      const value = answered[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const location = header('location');
    if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) {
      return { status: statusCode, header, body };
    }
    await body.dump();
    const next = new URL(location, place);
    if (!/^https?:$/.test(next.protocol) || (place.protocol === 'https:' && next.protocol !== 'https:')) {
      throw new InstallFailure(`${url} redirects to ${next.href}, which is not safe to follow`);
    }
    place = next;
  }
  throw new InstallFailure(`${url} redirects more than ${redirects} times`);
}
